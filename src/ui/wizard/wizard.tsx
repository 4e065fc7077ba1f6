/** Commissioning of a lane, step by step. The step is in the address, the results are on the box. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { AcceptanceSheet, CommissioningChoices } from '../../page/api/api-wizard.ts';
import { overviewPageText } from '../../text/page/ui-overview.ts';
import { type StepName, stepName, wizardText } from '../../text/page/ui-wizard.ts';
import { acceptText, alongText } from '../../text/page/wizard/steps.made.ts';
import type { Schema } from '../config/schema.ts';
import { useLoad } from '../fetch.ts';
import { HelpLink } from '../help.tsx';
import { Icon } from '../icons.tsx';
import { SelectField } from '../inputs.tsx';
import { language, say } from '../language.ts';
import { useOverview } from '../live.ts';
import type { PageProps } from '../page-contract.ts';
import { LoadState, ProblemBox } from '../parts.tsx';
import { go, place } from '../route.ts';
import { AddDevice } from './add-device.tsx';
import { BusStep, type Picked } from './bus.tsx';
import { CameraStep } from './camera.tsx';
import { Cloud, sendRecord } from './cloud.tsx';
import { isEarned } from './earning.tsx';
import { First } from './first.tsx';
import { NewLane } from './new-lane.tsx';
import { Paid } from './paid.tsx';
import { PhoneClock } from './phone-clock.tsx';
import { Ports } from './ports.tsx';
import { ConfigSchema } from './settings.tsx';
import { Sheet } from './sheet.tsx';
import { StepLine, type StepProps } from './step.tsx';
import { Wiring } from './wiring.tsx';

const STEPS = Object.keys(stepName) as StepName[];

export function Wizard(page: PageProps) {
  const schema = useLoad<Schema>(`config/schema?lang=${language()}`);
  return (
    <ConfigSchema.Provider value={schema.value}>
      <Lane {...page} />
    </ConfigSchema.Provider>
  );
}

function Lane({ route }: PageProps) {
  const choices = useLoad<CommissioningChoices>('commissioning');
  const [, named] = route.path;
  const inForce = useRef(choices.value);
  // While a configuration starts there are no lanes: what is on the page stays.
  if (choices.value?.lanes.length !== 0) inForce.current = choices.value;
  const found = inForce.current ?? choices.value;
  const lanes = found?.lanes ?? [];
  const lane = lanes.find(({ id }) => id === named) ?? lanes[0];
  const isDead = useDead();
  const sheet = useLoad<AcceptanceSheet>(lane && `commissioning/${encodeURIComponent(lane.id)}`);
  if (found === undefined) return <LoadState of={choices} />;
  const look = (): void => {
    choices.reload();
    sheet.reload();
  };
  if (lane === undefined) return <First route={route} choices={found} onRefresh={look} />;
  if (named === 'new') return <NewLane choices={found} onChange={look} />;
  const isReady = sheet.value?.lane === lane.id;
  // Without a step in the address: where the work goes on. A line that does not answer yet, as after a start, does not lead back.
  const step =
    STEPS.find((each) => each === route.path[2]) ??
    (isReady ? STEPS.find((each) => !isDone(each, sheet.value, found, false)) : undefined) ??
    'ports';
  return (
    <>
      {isReady && route.path[2] !== step && <Stay at={place(`wizard/${encodeURIComponent(lane.id)}/${step}`)} />}
      {lanes.length > 1 && (
        <SelectField
          label={wizardText.lane}
          value={lane.id}
          all={lanes.map(({ id }) => id)}
          name={(id) => lanes.find((each) => each.id === id)?.name ?? id}
          onValue={(id) => go(place(`wizard/${encodeURIComponent(id)}/${step}`))}
        />
      )}
      <p class="no-print">
        <a href={place('wizard/new')}>{say(overviewPageText.newLane)}</a>
      </p>
      <StepLine
        steps={stepName}
        at={step}
        to={(each) => place(`wizard/${encodeURIComponent(lane.id)}/${each}`)}
        isDone={(each) => isDone(each, sheet.value, found, isDead)}
      />
      <PhoneClock />
      {isReady && sheet.value?.maintenance && step !== 'sheet' && (
        <p class="hint">
          {say(wizardText.inTest)}{' '}
          <a href={place(`wizard/${encodeURIComponent(lane.id)}/sheet`)}>{say(acceptText.toSheet)}</a>
        </p>
      )}
      <ProblemBox problem={sheet.problem} />
      {isReady && sheet.value && (
        <Step key={`${lane.id} ${step}`} step={step} choices={found} sheet={sheet.value} onChange={look} />
      )}
      <HelpLink name={step} />
      <Next lane={lane.id} at={step} back={STEPS.find((each) => each === route.query.back)} />
    </>
  );
}

/** A step that is chosen here stands in the address: it does not change under the reader as soon as it is done. */
function Stay({ at }: { readonly at: string }) {
  useEffect(() => go(at, true), [at]);
  return null;
}

/** A line or a board that does not answer: the steps that have found it are not over. */
const useDead = (): boolean =>
  useOverview()?.devices.some(({ kind, state }) => (kind === 'line' || kind === 'device') && state === 'down') ?? false;

/** Completed steps, by the acceptance sheet; of the first two also by a device in the configuration. */
function isDone(
  step: StepName,
  sheet: AcceptanceSheet | undefined,
  { lines }: CommissioningChoices,
  isDead: boolean,
): boolean {
  switch (step) {
    case 'ports':
    case 'bus':
      return !isDead && (sheet?.scan !== undefined || lines.some(({ devices }) => devices.length > 0));
    case 'wiring':
      return sheet?.points.every(({ testedWallMs, confirmed }) => (testedWallMs ?? confirmed) !== undefined) ?? false;
    case 'camera':
      return sheet?.snapshot !== undefined;
    case 'paid':
      return sheet?.told !== undefined || isEarned(sheet?.reporting);
    case 'cloud':
      return sheet?.rehearsal?.ok ?? false;
    case 'sheet':
      return sheet?.acceptedWallMs !== undefined && sheet.maintenance !== true;
  }
}

interface NextProps {
  readonly lane: string;
  readonly at: StepName;
  /** The step that led here. */
  readonly back: StepName | undefined;
}

function Next({ lane, at, back }: NextProps) {
  const next = back ?? STEPS[STEPS.indexOf(at) + 1];
  if (next === undefined) return null;
  return (
    <p class="next no-print">
      <a class="button" href={place(`wizard/${encodeURIComponent(lane)}/${next}`)}>
        {back === undefined ? `${say(wizardText.next)}: ${say(stepName[next])}` : say(alongText.backTo(stepName[back]))}
        <Icon name="next" />
      </a>
    </p>
  );
}

const stepAfter = (step: StepName, lane: string): string =>
  place(`wizard/${encodeURIComponent(lane)}/${STEPS[STEPS.indexOf(step) + 1]}`);

/** The port of the first step, for the second. */
let chosenPort = '';

function Step({ step, choices, sheet, onChange }: StepProps & { readonly step: StepName }) {
  const [port, setPort] = useState(() => chosenPort || (choices.lines[0]?.port ?? choices.ports[0]?.port ?? ''));
  const [picked, setPicked] = useState<Picked | undefined>();
  chosenPort = port;
  switch (step) {
    case 'ports':
      return <Ports ports={choices.ports} port={port} onPort={setPort} onRefresh={onChange} />;
    case 'bus':
      return (
        <>
          <BusStep choices={choices} port={port} lane={sheet.lane} onPick={setPicked} />
          {picked && (
            <AddDevice key={JSON.stringify(picked)} picked={picked} port={port} choices={choices} onChange={onChange} />
          )}
        </>
      );
    case 'wiring':
      return (
        <Wiring
          choices={choices}
          sheet={sheet}
          onChange={onChange}
          onTaught={() => go(stepAfter('wiring', sheet.lane))}
        />
      );
    case 'camera':
      return (
        <CameraStep
          choices={choices}
          sheet={sheet}
          onChange={onChange}
          onGood={
            choices.cloudMode === 'production'
              ? undefined
              : () => {
                  sendRecord();
                  go(stepAfter('camera', sheet.lane));
                }
          }
        />
      );
    case 'paid':
      return <Paid choices={choices} sheet={sheet} onChange={onChange} />;
    case 'cloud':
      return <Cloud choices={choices} sheet={sheet} onChange={onChange} />;
    case 'sheet':
      return <Sheet sheet={sheet} onChange={onChange} />;
  }
}
