/** One car teaches the wiring: what is asked, what moved as waveforms with proposed names, and a person's confirmation. */
import { useEffect, useState } from 'preact/hooks';
import type { TeachResult } from '../../page/api/api-setup.ts';
import type { AcceptanceSheet, CommissioningChoices, SheetPoint } from '../../page/api/api-wizard.ts';
import { nameOfSignal } from '../../text/page/ui-lane.ts';
import { teachAsk, wizardText } from '../../text/page/ui-wizard.ts';
import { box, useAction } from '../fetch.ts';
import { SelectField, WorkProgress } from '../inputs.tsx';
import { useAdopted } from '../job.tsx';
import { say } from '../language.ts';
import { Badge, Button, Card, Note, ProblemBox } from '../parts.tsx';
import { Waveform } from '../waveform/waveform.tsx';

type Confirmed = Omit<SheetPoint, 'testedWallMs'>;

interface TeachProps {
  readonly choices: CommissioningChoices;
  readonly sheet: AcceptanceSheet;
  readonly onChange: () => void;
  readonly write: (taught: readonly Confirmed[]) => Promise<void>;
  readonly isWriting: boolean;
}

const MEANS = ['button', 'remote', 'auto'] as const;

export function Teach({ choices, sheet, onChange, write, isWriting }: TeachProps) {
  const work = useAdopted('teach');
  const [by, setBy] = useState<string>('button');
  const { job } = work;
  const isRunning = job?.state === 'running';
  const result = job?.state === 'done' ? (job.result as TeachResult) : undefined;
  const start = (act: 'car' | 'empty'): Promise<void> => work.start({ lane: sheet.lane, act, by });
  // A test puts the lane into maintenance.
  useEffect(() => {
    if (isRunning) onChange();
  }, [isRunning]);
  return (
    <Card title={say(wizardText.teach)}>
      <p class="quiet">{say(wizardText.teachHint)}</p>
      <div class="row above">
        <SelectField
          label={wizardText.teachBy}
          value={by}
          all={MEANS}
          name={(each) => say(wizardText.teachMeans(each))}
          onValue={setBy}
        />
        <Button look={result === undefined ? 'main' : 'plain'} busy={work.busy} onClick={() => start('car')}>
          {say(wizardText.teachStart)}
        </Button>
      </div>
      {(isRunning || job?.error || work.problem) && (
        <div class="ask above" role="status">
          {isRunning && <p class="ask-says">{say(job.now)}</p>}
          <WorkProgress work={work} />
        </div>
      )}
      {sheet.maintenance && <p class="hint above">{say(wizardText.inTest)}</p>}
      {result?.lane === sheet.lane && (
        <Taught
          key={job?.id}
          {...{ result, sheet, choices, write }}
          busy={work.busy || isWriting}
          onEmpty={() => start('empty')}
        />
      )}
    </Card>
  );
}

interface TaughtProps extends Omit<TeachProps, 'onChange' | 'isWriting'> {
  readonly result: TeachResult;
  readonly busy: boolean;
  readonly onEmpty: () => void;
}

function Taught({ result, sheet, choices, write, busy, onEmpty }: TaughtProps) {
  const { waves, roles, asks, chattering, fromMs, toMs } = result;
  const proposed = (at: string) => roles.find(({ device, point }) => `${device}.${point}` === at);
  const [names, setNames] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(waves.map(({ at }) => [at, proposed(at)?.role ?? ''])),
  );
  const action = useAction();
  const confirmed = waves.flatMap(({ at, before }): readonly Confirmed[] => {
    const role = names[at] ?? '';
    if (role === '') return [];
    const dot = at.indexOf('.');
    return [{ role, device: at.slice(0, dot), point: at.slice(dot + 1), activeLow: before === (role !== 'down') }];
  });
  const confirm = async (): Promise<void> => {
    const path = `commissioning/${encodeURIComponent(sheet.lane)}`;
    const answer = await action.run(() => box.put(path, { taught: confirmed }));
    if (answer.ok) await write(confirmed);
  };
  if (waves.length === 0) return <Note level="warn">{say(wizardText.teachNothing)}</Note>;
  return (
    <div class="above">
      <p>
        <strong>{say(wizardText.teachTaught)}</strong>
      </p>
      <Waveform
        label={say(wizardText.teach)}
        fromMs={fromMs}
        toMs={toMs}
        zeroMs={fromMs}
        traces={waves.map(({ at, before, edges }) => ({
          key: at,
          name: names[at] ? nameOf(names[at]) : at,
          before,
          edges,
        }))}
      />
      <ul class="choices">
        {waves.map(({ at }) => (
          <TaughtRow
            key={at}
            at={at}
            proposed={proposed(at)}
            name={names[at] ?? ''}
            all={choices.roles}
            isInverted={confirmed.some((each) => `${each.device}.${each.point}` === at && each.activeLow)}
            onName={(name) => setNames({ ...names, [at]: name })}
          />
        ))}
      </ul>
      {asks.map((ask) => (
        <Note key={ask} level="warn">
          <p>{say(teachAsk[ask])}</p>
          {ask === 'empty' && (
            <p class="above">
              <Button busy={busy} onClick={onEmpty}>
                {say(wizardText.teachEmpty)}
              </Button>
            </p>
          )}
        </Note>
      ))}
      {chattering.length > 0 && <Note level="warn">{say(wizardText.teachChatter(chattering.join(' ')))}</Note>}
      <p class="above">
        <Button look="main" busy={busy || action.busy} disabled={confirmed.length === 0} onClick={confirm}>
          {say(wizardText.teachConfirm)}
        </Button>
      </p>
      <ProblemBox problem={action.problem} />
    </div>
  );
}

const nameOf = (role: string): string => say(role === '' ? wizardText.teachUnused : nameOfSignal(role));

interface TaughtRowProps {
  /** `device.point`. */
  readonly at: string;
  readonly proposed: TeachResult['roles'][number] | undefined;
  /** As chosen; '': not used. */
  readonly name: string;
  readonly all: readonly string[];
  readonly isInverted: boolean;
  readonly onName: (name: string) => void;
}

function TaughtRow({ at, proposed, name, all, isInverted, onName }: TaughtRowProps) {
  const isSure = proposed?.confidence === 'sure' && proposed.role === name;
  return (
    <li class="signal-row">
      <SelectField label={{ zh: at, en: at }} value={name} all={['', ...all]} name={nameOf} onValue={onName} />
      <span class="badges">
        {name !== '' && (
          <Badge tone={isSure ? 'ok' : 'warn'}>{say(isSure ? wizardText.teachSure : wizardText.teachLikely)}</Badge>
        )}
        {isInverted && <span>{say(wizardText.inverted)}</span>}
        {proposed !== undefined && proposed.others.length > 0 && (
          <span class="quiet">{say(wizardText.teachOthers(proposed.others.join(' ')))}</span>
        )}
      </span>
    </li>
  );
}
