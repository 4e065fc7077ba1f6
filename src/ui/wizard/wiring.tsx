/** Third step: assigns inputs to signals by observing one action each. A person writes the result into the configuration. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { LearnResult } from '../../page/api/api-setup.ts';
import type { AcceptanceSheet, CommissioningChoices, SheetPoint } from '../../page/api/api-wizard.ts';
import { nameOfSignal } from '../../text/page/ui-lane.ts';
import { wizardText } from '../../text/page/ui-wizard.ts';
import { wiringText } from '../../text/page/wizard/wiring.made.ts';
import type { Text } from '../../text/text.ts';
import type { Change } from '../config/schema.ts';
import { box } from '../fetch.ts';
import { WorkProgress } from '../inputs.tsx';
import { useAdopted } from '../job.tsx';
import { say } from '../language.ts';
import { Badge, Button, Card, Note } from '../parts.tsx';
import { useApply } from './apply.tsx';
import type { StepProps } from './step.tsx';
import { Teach } from './teach.tsx';

interface WiringProps extends StepProps {
  /** All that one car taught is confirmed, and in force. */
  readonly onTaught: () => void;
}

type Learned = AcceptanceSheet['learned'][number];

const ACTIONS: Readonly<Record<string, string>> = {
  down: 'open',
  up: 'open',
  approach: 'occupy',
  barrier: 'occupy',
  exit: 'occupy',
};
const isSame = (a: Learned, b: AcceptanceSheet['points'][number]): boolean =>
  a.device === b.device && a.point === b.point && a.activeLow === b.activeLow;

export function Wiring({ choices, sheet, onChange, onTaught }: WiringProps) {
  const confirmed = useApply(() => {
    onChange();
    onTaught();
  });
  return (
    <>
      <Teach
        choices={choices}
        sheet={sheet}
        onChange={onChange}
        write={(taught) => confirmed.run(changesOf(choices, sheet, taught))}
        isWriting={confirmed.busy}
      />
      {confirmed.state}
      <p class="quiet below">{say(wizardText.wiringHint)}</p>
      <SingleTests choices={choices} sheet={sheet} onChange={onChange} />
    </>
  );
}

function SingleTests({ choices, sheet, onChange }: StepProps) {
  const work = useAdopted('learn');
  const [role, setRole] = useState<string | undefined>();
  const apply = useApply(onChange);
  const { job } = work;
  const running = job?.state === 'running';
  const result = job?.state === 'done' && !work.busy ? (job.result as LearnResult | undefined) : undefined;
  useEffect(() => {
    if (result !== undefined) onChange();
  }, [job?.id, job?.state]);
  const pending = sheet.learned.filter(
    (learned) => !sheet.points.some((point) => point.role === learned.role && isSame(learned, point)),
  );
  const write = (): Promise<void> => apply.run(changesOf(choices, sheet, pending));
  const forget = async (each: string): Promise<void> => {
    await box.put(`commissioning/${encodeURIComponent(sheet.lane)}`, { forget: each });
    onChange();
  };
  const progress = (running || job?.error || work.problem) && (
    <div class="ask above" role="status">
      {running && <p class="ask-says">{say(job.now)}</p>}
      <WorkProgress work={work} />
    </div>
  );
  const writing = (
    <p class="above">
      <Button text={wizardText.write} look="main" busy={apply.busy} disabled={running} onClick={write} />
    </p>
  );
  return (
    <Card title={sheet.laneName}>
      {/* Of a test from before this page was opened the row is not known. */}
      {role === undefined && progress}
      <ul class="lined choices">
        {choices.roles.map((each) => (
          <SignalRow
            key={each}
            role={each}
            point={sheet.points.find((one) => one.role === each)}
            learned={pending.find((one) => one.role === each)}
            busy={work.busy}
            onForget={() => forget(each)}
            onTest={() => {
              setRole(each);
              void work.start({ lane: sheet.lane, role: each, action: ACTIONS[each] ?? 'press' });
            }}
          >
            {each === role && (
              <>
                {progress}
                {result !== undefined && <Result result={result} role={role} />}
                {pending.some((one) => one.role === role) && writing}
                {apply.state}
              </>
            )}
          </SignalRow>
        ))}
      </ul>
      {pending.length > 0 && (
        <Note level="warn">
          <p>{say(wiringText.notWritten(pending.length))}</p>
          {pending.some((one) => one.role !== role) && writing}
        </Note>
      )}
      {role === undefined && apply.state}
    </Card>
  );
}

interface SignalRowProps {
  readonly role: string;
  readonly point: AcceptanceSheet['points'][number] | undefined;
  /** Found by the test, and different from the configuration. */
  readonly learned: Learned | undefined;
  readonly busy: boolean;
  readonly onTest: () => void;
  readonly onForget: () => void;
  /** The test that runs, and its result. */
  readonly children: ComponentChildren;
}

function SignalRow({ role, point, learned, busy, onTest, onForget, children }: SignalRowProps) {
  const name = say(nameOfSignal(role));
  const row = useRef<HTMLLIElement>(null);
  // What to do now is said where the finger is, and stays in sight on a phone.
  const isHere = Boolean(children);
  useEffect(() => {
    if (isHere) row.current?.scrollIntoView({ block: 'center' });
  }, [isHere]);
  return (
    <li ref={row}>
      <div class="signal-row">
        <div>
          <strong>{name}</strong>{' '}
          <span class="mono">{point === undefined ? say(wizardText.notWired) : `${point.device}.${point.point}`}</span>
          {point?.activeLow && ` ${say(wizardText.inverted)}`}
          <span class="badges">
            {point && <Tested point={point} />}
            {learned && (
              <>
                <Badge tone="warn">
                  {say(wizardText.learned(`${learned.device}.${learned.point}`, learned.activeLow))}
                </Badge>
                <Button text={wizardText.forget} look="link" onClick={onForget} />
              </>
            )}
          </span>
        </div>
        <Button text={wizardText.test} disabled={busy} label={`${say(wizardText.test)} ${name}`} onClick={onTest} />
      </div>
      {children}
    </li>
  );
}

function Tested({ point: { role, testedWallMs, confirmed } }: { readonly point: SheetPoint }) {
  if (testedWallMs !== undefined) return <Badge tone="ok">{say(wizardText.tested)}</Badge>;
  if (confirmed === undefined) return <Badge tone="idle">{say(wizardText.untested)}</Badge>;
  return (
    <>
      <Badge tone="warn">{say(wiringText.confirmed)}</Badge>
      <span class="quiet">{say(seenAs(role, confirmed))}</span>
    </>
  );
}

/** What the test showed of an input that a person named. */
export const seenAs = (role: string, { seenAs: seen }: NonNullable<SheetPoint['confirmed']>): Text =>
  wiringText.seenAs(seen === undefined ? undefined : nameOfSignal(seen), seen === role);

function Result({ result, role }: { readonly result: LearnResult; readonly role: string }) {
  const { device, point, activeLow, others, taken, pulsesOnly } = result;
  const isInvertedPress = activeLow && ACTIONS[role] === undefined;
  return (
    <Note level={taken === undefined && !isInvertedPress ? 'ok' : 'warn'}>
      <p>
        <strong>{say(nameOfSignal(role))}</strong> {say(wizardText.learned(`${device}.${point}`, activeLow))}
      </p>
      {others.length > 0 && <p>{say(wizardText.alsoMoved(others.join(' ')))}</p>}
      {taken !== undefined && <p>{say(wizardText.takenBy(nameOfSignal(taken)))}</p>}
      {pulsesOnly && <p>{say(wizardText.pulsesOnly)}</p>}
      {isInvertedPress && <p>{say(wiringText.invertedPress)}</p>}
    </Note>
  );
}

/** The found inputs, and the removal of roles that had one of them and were not found elsewhere. */
function changesOf(
  choices: CommissioningChoices,
  sheet: AcceptanceSheet,
  pending: readonly Omit<Learned, 'atWallMs'>[],
): readonly Change[] {
  const at = ['lanes', choices.lanes.findIndex(({ id }) => id === sheet.lane), 'points'] as const;
  const displaced = sheet.points.filter(
    (point) =>
      !pending.some(({ role }) => role === point.role) &&
      pending.some((learned) => learned.device === point.device && learned.point === point.point),
  );
  return [
    ...displaced.map(({ role }) => ({ path: [...at, role] })),
    ...pending.map(({ role, device, point, activeLow }) => {
      const reference = `${device}.${point}`;
      return { path: [...at, role], value: activeLow ? { point: reference, activeLow } : reference };
    }),
  ];
}
