/** A box without a configuration: port, device, and the required values of a first lane. */
import { useRef, useState } from 'preact/hooks';
import type { ConfigView } from '../../page/api/api-setup.ts';
import type { CommissioningChoices } from '../../page/api/api-wizard.ts';
import { directionName } from '../../text/page/ui-lane.ts';
import { pageTitle } from '../../text/page/ui-shell.ts';
import { keptForName, wizardText } from '../../text/page/ui-wizard.ts';
import { useLoad } from '../fetch.ts';
import { Form, InputField, SelectField } from '../inputs.tsx';
import { say } from '../language.ts';
import { Card, Field, Note } from '../parts.tsx';
import { place } from '../route.ts';
import { type Change, useApply } from './apply.tsx';
import { BusStep, type Picked, ProfileSelect, profileKind } from './bus.tsx';
import { parkId } from './park-id.ts';
import { PhoneClock } from './phone-clock.tsx';
import { Ports } from './ports.tsx';

interface FirstForm {
  readonly uuid: string;
  readonly secret: string;
  readonly url: string;
  readonly lane: string;
  readonly name: string;
  readonly direction: string;
  readonly keep: string;
}
interface FirstProps {
  readonly choices: CommissioningChoices;
  readonly onRefresh: () => void;
}

const RATES = ['4800', '9600', '19200', '38400', '57600', '115200'];
const SECRET = 'cloud.appSecret';
const UUID = '[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';

export function First({ choices, onRefresh }: FirstProps) {
  const [port, setPort] = useState(() => choices.ports[0]?.port ?? '');
  const [device, setDevice] = useState<Picked>({ unit: 1, baudRate: 9_600, parity: 'none', profile: '' });
  const [form, setForm] = useState<FirstForm>({
    uuid: '',
    secret: '',
    url: '',
    lane: '1001',
    name: '通道A',
    direction: 'exit',
    keep: 'month',
  });
  const apply = useApply(onRefresh);
  const basics = useRef<HTMLDivElement>(null);
  const file = useLoad<ConfigView>('config');
  // On to what only a person knows. Within the tap, so that a phone shows its keyboard.
  const take = (picked: Picked): void => {
    setDevice(picked);
    basics.current?.querySelector('input')?.focus();
  };
  const save = (): Promise<void> =>
    apply.run(firstChanges(form, port, device, profileKind(choices, device.profile)), { [SECRET]: form.secret });
  // The file exists and has faults: nothing of it may be lost.
  if (/^lanes:/m.test(file.value?.yaml ?? ''))
    return (
      <Note level="error">
        {say(wizardText.broken)} <a href={place('config')}>{say(pageTitle.config)}</a>
      </Note>
    );
  return (
    <>
      <Note level="warn">
        <strong>{say(wizardText.first)}</strong>
        <p>{say(wizardText.firstHint)}</p>
        <p>
          <a href={place('backup')}>{say(wizardText.firstRestore)}</a>
        </p>
      </Note>
      <PhoneClock />
      <Ports ports={choices.ports} port={port} onPort={setPort} onRefresh={onRefresh} />
      <BusStep choices={choices} port={port} onPick={take} />
      <Card title={say(wizardText.basics)}>
        <div ref={basics}>
          <Form send={wizardText.write} busy={apply.busy} off={port === ''} onSend={save}>
            <LaneFields form={form} onForm={setForm} />
            <DeviceFields choices={choices} device={device} onDevice={setDevice} />
          </Form>
        </div>
        {apply.state}
      </Card>
    </>
  );
}

interface DeviceFieldsProps {
  readonly choices: CommissioningChoices;
  readonly device: Picked;
  readonly onDevice: (device: Picked) => void;
}

function DeviceFields({ choices, device, onDevice }: DeviceFieldsProps) {
  return (
    <>
      <Field label={say(wizardText.profile)}>
        {(bound) => (
          <ProfileSelect
            bound={{ ...bound, required: true }}
            choices={choices}
            first={[]}
            value={device.profile}
            onValue={(profile) => onDevice({ ...device, profile })}
          />
        )}
      </Field>
      <InputField
        label={wizardText.unit}
        value={String(device.unit)}
        onValue={(unit) => onDevice({ ...device, unit: Number(unit) })}
        number
        required
      />
      <SelectField
        label={wizardText.baudRate}
        value={String(device.baudRate)}
        all={RATES}
        onValue={(rate) => onDevice({ ...device, baudRate: Number(rate) })}
      />
      <SelectField
        label={wizardText.parity}
        value={device.parity}
        all={['none', 'even', 'odd']}
        onValue={(parity) => onDevice({ ...device, parity })}
      />
    </>
  );
}

interface LaneFieldsProps {
  readonly form: FirstForm;
  readonly onForm: (form: FirstForm) => void;
}

function LaneFields({ form, onForm }: LaneFieldsProps) {
  const set = (name: keyof FirstForm) => (value: string) => onForm({ ...form, [name]: value });
  return (
    <>
      <InputField
        label={wizardText.parkUuid}
        hint={wizardText.parkUuidHint}
        value={form.uuid}
        onValue={(uuid) => set('uuid')(parkId(uuid))}
        pattern={UUID}
        required
      />
      <InputField
        label={wizardText.secret}
        hint={wizardText.secretHint}
        value={form.secret}
        onValue={(secret) => set('secret')(secret.trim())}
        secret
        required
      />
      <InputField label={wizardText.laneId} value={form.lane} onValue={set('lane')} required />
      <InputField label={wizardText.laneName} value={form.name} onValue={set('name')} required />
      <SelectField
        label={wizardText.direction}
        value={form.direction}
        all={['exit', 'entry', 'both']}
        onValue={set('direction')}
        name={(each) => say(directionName[each as 'exit'])}
      />
      <SelectField
        label={wizardText.keep}
        hint={wizardText.keepHint}
        value={form.keep}
        all={['short', 'month', 'year']}
        onValue={set('keep')}
        name={(each) => say(keptForName[each] ?? { zh: each, en: each })}
      />
      <InputField label={wizardText.url} value={form.url} onValue={set('url')} placeholder="api.4pyun.com" />
    </>
  );
}

/**
 * The first values of a configuration; other values in the file stay. A lane needs an input: until the wiring test, the first input of the board
 * stands for the lower limit of the arm.
 */
function firstChanges(form: FirstForm, port: string, device: Picked, kind: string): readonly Change[] {
  const { profile, unit, baudRate, parity } = device;
  const first = /moxa|icp|brainboxes|advantech/.test(profile) ? 'di0' : 'di1';
  const io1 = { id: 'io1', kind, profile, ...(kind === 'modbus' && { unit }) };
  const { lane: id, name, direction } = form;
  return [
    { path: ['version'], value: 1 },
    { path: ['park', 'uuid'], value: form.uuid },
    ...(form.url === '' ? [] : [{ path: ['cloud', 'url'], value: form.url }]),
    { path: ['store', 'keep'], value: form.keep },
    { path: ['cloud', 'appSecret'], value: { secret: SECRET } },
    { path: ['lines'], value: [{ id: 'bus1', port, baudRate, parity, devices: [io1] }] },
    { path: ['lanes'], value: [{ id, name, direction, points: { down: `io1.${first}` } }] },
  ];
}
