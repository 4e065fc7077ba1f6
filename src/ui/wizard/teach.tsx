/** One car teaches the wiring: what is asked, what moved as waveforms with proposed names, and a person's confirmation. */
import { useEffect, useState } from 'preact/hooks';
import type { TeachResult } from '../../page/api/api-setup.ts';
import type { WiredPoint } from '../../page/api/api-wizard.ts';
import { nameOfSignal } from '../../text/page/ui-lane.ts';
import { wizardText } from '../../text/page/ui-wizard.ts';
import { alongText } from '../../text/page/wizard/steps.made.ts';
import { teachAsk, wiringText } from '../../text/page/wizard/wiring.made.ts';
import { plain, type Text } from '../../text/text.ts';
import { box, useAction } from '../fetch.ts';
import { SelectField, WorkProgress } from '../inputs.tsx';
import { useAdopted } from '../job.tsx';
import { say } from '../language.ts';
import { Badge, Button, Card, Note, ProblemBox } from '../parts.tsx';
import { Waveform } from '../waveform/waveform.tsx';
import type { StepProps } from './step.tsx';

interface TeachProps extends StepProps {
  readonly write: (taught: readonly WiredPoint[]) => Promise<void>;
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
    if (job !== undefined) onChange();
  }, [job?.id, job?.state]);
  return (
    <Card title={say(wizardText.teach)}>
      <p class="quiet">{say(wizardText.teachHint)}</p>
      <div class="row fields above">
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
  const confirmed = waves.flatMap(({ at, before }): readonly WiredPoint[] => {
    const role = names[at] ?? '';
    if (role === '') return [];
    const dot = at.indexOf('.');
    return [{ role, device: at.slice(0, dot), point: at.slice(dot + 1), activeLow: before === (role !== 'down') }];
  });
  // Refused where the box saw something else; said a second time, it is taken.
  const confirm = async (anyway: boolean): Promise<void> => {
    const path = `commissioning/${encodeURIComponent(sheet.lane)}`;
    const answer = await action.run(() => box.put(path, { taught: confirmed, ...(anyway && { confirmed: true }) }));
    if (answer.ok) await write(confirmed);
  };
  const rename = (at: string, name: string): void => {
    action.clear();
    setNames({ ...names, [at]: name });
  };
  const missing = choices.roles.filter((role) => !confirmed.some((each) => each.role === role));
  const isOpen = asks.includes('empty');
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
      <ul class="lined choices">
        {waves.map(({ at }) => (
          <TaughtRow
            key={at}
            at={at}
            proposed={proposed(at)}
            name={names[at] ?? ''}
            all={choices.roles}
            isInverted={confirmed.some((each) => `${each.device}.${each.point}` === at && each.activeLow)}
            configured={sheet.points.find(({ device, point }) => `${device}.${point}` === at)?.role}
            onName={(name) => rename(at, name)}
          />
        ))}
      </ul>
      <Asks asks={asks} busy={busy} onEmpty={onEmpty} />
      {missing.length > 0 && <p class="quiet above">{say(alongText.notTaught(listed(missing)))}</p>}
      {chattering.length > 0 && <Note level="warn">{say(wizardText.teachChatter(chattering.join(' ')))}</Note>}
      <p class="above">
        <Button
          look={isOpen ? 'plain' : 'main'}
          busy={busy || action.busy}
          disabled={confirmed.length === 0}
          onClick={() => confirm(false)}
        >
          {say(wizardText.teachConfirm)}
        </Button>
      </p>
      <ProblemBox problem={action.problem}>
        {action.problem?.code === 'conflict' && (
          <Button text={wiringText.anyway} busy={busy} onClick={() => confirm(true)} />
        )}
      </ProblemBox>
    </div>
  );
}

/** What would tell the rest. */
function Asks({ asks, busy, onEmpty }: Pick<TaughtProps, 'busy' | 'onEmpty'> & Pick<TeachResult, 'asks'>) {
  return (
    <>
      {asks.map((ask) => (
        <Note key={ask} level="warn">
          <p>{say(teachAsk[ask])}</p>
          {ask === 'empty' && (
            <p class="above">
              <Button text={wizardText.teachEmpty} look="main" busy={busy} onClick={onEmpty} />
            </p>
          )}
        </Note>
      ))}
    </>
  );
}

const listed = (roles: readonly string[]): Text => {
  const names = roles.map(nameOfSignal);
  return { zh: names.map(({ zh }) => zh).join('、'), en: names.map(({ en }) => en).join(', ') };
};

const nameOf = (role: string): string => say(role === '' ? wizardText.teachUnused : nameOfSignal(role));

interface TaughtRowProps {
  /** `device.point`. */
  readonly at: string;
  readonly proposed: TeachResult['roles'][number] | undefined;
  /** As chosen; '': not used. */
  readonly name: string;
  readonly all: readonly string[];
  readonly isInverted: boolean;
  /** Its role in the configuration in force. */
  readonly configured: string | undefined;
  readonly onName: (name: string) => void;
}

function TaughtRow({ at, proposed, name, all, isInverted, configured, onName }: TaughtRowProps) {
  const isSure = proposed?.confidence === 'sure' && proposed.role === name;
  const { others = [], maybe = [] } = proposed ?? {};
  return (
    <li class="signal-row">
      <SelectField label={plain(at)} value={name} all={['', ...all]} name={nameOf} onValue={onName} />
      <span class="badges">
        {name !== '' && (
          <Badge tone={isSure ? 'ok' : 'warn'}>{say(isSure ? wizardText.teachSure : wizardText.teachLikely)}</Badge>
        )}
        {isInverted && <span>{say(wizardText.inverted)}</span>}
        {others.length > 0 && <span class="quiet">{say(wizardText.teachOthers(others.join(' ')))}</span>}
        {!isSure && maybe.length > 0 && <span class="quiet">{say(wiringText.maybe(listed(maybe)))}</span>}
        {configured !== undefined && configured !== name && (
          <span class="quiet">{say(wiringText.configured(nameOfSignal(configured)))}</span>
        )}
      </span>
    </li>
  );
}
