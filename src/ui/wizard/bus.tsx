/** Second step: devices on the bus. Nothing is polled before a person confirms that there is no other master. */
import { useState } from 'preact/hooks';
import type { ScanResult } from '../../page/api/api-setup.ts';
import type { CommissioningChoices } from '../../page/api/api-wizard.ts';
import { wizardText } from '../../text/page/ui-wizard.ts';
import { makerName, parityName } from '../../text/page/wizard/first.made.ts';
import { plain } from '../../text/text.ts';
import { InputField, Tick, Ticks } from '../inputs.tsx';
import { JobProgress, useAdopted } from '../job.tsx';
import { say } from '../language.ts';
import { Badge, Button, Card, Field, Note, ProblemBox } from '../parts.tsx';
import { duration } from '../time.tsx';

export interface Picked {
  readonly unit: number;
  readonly baudRate: number;
  readonly parity: string;
  readonly profile: string;
}

interface BusProps {
  readonly choices: CommissioningChoices;
  readonly port: string;
  readonly lane?: string | undefined;
  readonly onPick: (picked: Picked) => void;
}

export const RATES = [4_800, 9_600, 19_200, 38_400, 57_600, 115_200];
const RATE_NAMES = RATES.map((rate) => [rate, plain(String(rate))] as const);
const PARITIES = Object.entries(parityName);
/** Time for one unit without an answer: two requests, each with its timeout and silence. */
const SILENT_MS = 520;

/** A socket has no speed. */
export const isSerial = (port: string): boolean => !/^\w+(-\w+)?:/.test(port);
/** As the search takes it. */
export const isPort = (port: string): boolean => /^(\/dev\/|tcp:\/\/|modbus-tcp:\/\/)[\w.:/+@[\]-]+$/.test(port);

export function BusStep({ choices, port, lane, onPick }: BusProps) {
  const work = useAdopted('scan');
  const [rates, setRates] = useState<readonly number[]>([9_600, 38_400, 115_200]);
  const [parities, setParities] = useState<readonly string[]>(['none']);
  const [from, setFrom] = useState(1);
  const [to, setTo] = useState(16);
  // Each is said of one bus: of another address it is asked again.
  const [aloneAt, setAloneAt] = useState<string | undefined>();
  const [releaseAt, setReleaseAt] = useState<string | undefined>();
  const line = choices.lines.find((each) => each.port === port);
  // A line that the box asks already has no other master.
  const alone = line !== undefined || aloneAt === port;
  const release = releaseAt === port;
  const hasSpeed = isSerial(port);
  const speeds = hasSpeed ? rates.length * parities.length : 1;
  const mostMs = Math.max(0, to - from + 1) * speeds * SILENT_MS;
  const start = (): Promise<void> =>
    work.start({
      port,
      baudRates: rates,
      parities,
      units: [from, to],
      confirmedAlone: alone,
      release,
      ...(lane && { lane }),
    });
  const { job } = work;
  // The port is free at once for the lane that will use it.
  const take = (picked: Picked): void => {
    if (job?.state === 'running') void work.cancel();
    onPick(picked);
  };
  const result = job?.result as ScanResult | undefined;
  const over = job !== undefined && job.state !== 'running';

  return (
    <Card title={<code>{port || '—'}</code>}>
      <p class="quiet">{say(wizardText.busHint)}</p>
      {hasSpeed && <Ticks legend={wizardText.baudRate} all={RATE_NAMES} on={rates} onPick={setRates} />}
      {hasSpeed && <Ticks legend={wizardText.parity} all={PARITIES} on={parities} onPick={setParities} />}
      <div class="row">
        <InputField
          number
          label={wizardText.unitsFrom}
          value={String(from)}
          onValue={(value) => setFrom(Number(value))}
        />
        <InputField number label={wizardText.unitsTo} value={String(to)} onValue={(value) => setTo(Number(value))} />
      </div>
      {line?.listenOnly ? (
        <Note level="warn">{say(wizardText.listenOnly(line.id))}</Note>
      ) : (
        <>
          <Tick
            text={line ? wizardText.release(line.id) : wizardText.alone}
            on={line ? release : alone}
            onValue={(on) => (line ? setReleaseAt : setAloneAt)(on ? port : undefined)}
          />
          <div class="row">
            <Button
              look="main"
              busy={work.busy}
              disabled={!alone || !isPort(port) || (line !== undefined && !release) || speeds === 0}
              onClick={start}
            >
              {say(wizardText.scan)}
            </Button>
            <span class="quiet">{say(wizardText.takes(duration(mostMs)))}</span>
          </div>
        </>
      )}
      <ProblemBox problem={work.problem} />
      {job && <JobProgress job={job} onCancel={work.cancel} />}
      {result !== undefined && <Results {...{ result, over, choices, hasSpeed }} onPick={take} />}
    </Card>
  );
}

interface ResultsProps {
  readonly result: ScanResult;
  readonly over: boolean;
  readonly hasSpeed: boolean;
  readonly choices: CommissioningChoices;
  readonly onPick: (picked: Picked) => void;
}

function Results({ result, over, hasSpeed, choices, onPick }: ResultsProps) {
  return (
    <>
      {over && result.found.length === 0 && <Note level="warn">{say(wizardText.nothing)}</Note>}
      {result.garbled.length > 0 && <Note level="warn">{say(wizardText.garbled(result.garbled.length))}</Note>}
      <ul class="lined choices">
        {result.found.map((found) => (
          <Found
            key={`${found.unit} ${found.baudRate} ${found.parity}`}
            found={found}
            hasSpeed={hasSpeed}
            choices={choices}
            onPick={onPick}
          />
        ))}
      </ul>
    </>
  );
}

interface FoundProps extends Pick<ResultsProps, 'hasSpeed' | 'choices' | 'onPick'> {
  readonly found: ScanResult['found'][number];
}

function Found({ found, hasSpeed, choices, onPick }: FoundProps) {
  const [profile, setProfile] = useState(found.profiles[0] ?? '');
  const { unit, baudRate, parity, answers, device } = found;
  const badge = <Badge tone="ok">{say(wizardText.found(unit, hasSpeed ? { baudRate, parity } : undefined))}</Badge>;
  if (device)
    return (
      <li>
        {badge} {say(wizardText.foundAs(device))}
      </li>
    );
  return (
    <li>
      {badge} {say(answers)}
      <Field label={say(wizardText.fits)}>
        {(bound) => (
          <ProfileSelect bound={bound} choices={choices} first={found.profiles} value={profile} onValue={setProfile} />
        )}
      </Field>
      {found.unproven?.[profile]?.map(({ code, text }) => (
        <Note level="warn" key={code}>
          {say(text)}
        </Note>
      ))}
      <Button look="main" disabled={profile === ''} onClick={() => onPick({ unit, baudRate, parity, profile })}>
        {say(wizardText.take)}
      </Button>
    </li>
  );
}

export const profileKind = ({ profiles }: CommissioningChoices, profile: string): string =>
  profiles.find(({ name }) => name === profile)?.kind ?? 'modbus';

export const profileLabel = ({ maker, model }: CommissioningChoices['profiles'][number]): string =>
  `${say(makerName[maker] ?? plain(maker))} ${model}`;

interface ProfileSelectProps {
  readonly bound: object;
  readonly choices: CommissioningChoices;
  readonly first: readonly string[];
  readonly value: string;
  readonly onValue: (profile: string) => void;
}

/** `first` ones first. */
export function ProfileSelect({ bound, choices, first, value, onValue }: ProfileSelectProps) {
  const others = choices.profiles.filter(({ name }) => !first.includes(name));
  const label = (name: string): string => {
    const known = choices.profiles.find((each) => each.name === name);
    return known === undefined ? name : profileLabel(known);
  };
  return (
    <select {...bound} value={value} onChange={(event) => onValue(event.currentTarget.value)}>
      {value === '' && <option value="">—</option>}
      {first.map((name) => (
        <option key={name} value={name}>
          {label(name)}
        </option>
      ))}
      <optgroup label={say(wizardText.other)}>
        {others.map(({ name }) => (
          <option key={name} value={name}>
            {label(name)}
          </option>
        ))}
      </optgroup>
    </select>
  );
}
