/** A box without a configuration: port, device, and the few things without which no lane runs. */
import { useState } from 'preact/hooks';
import type { CommissioningChoices } from '../../page/api-wizard.ts';
import { directionName } from '../../text/page/ui-lane.ts';
import { wizardText } from '../../text/page/ui-wizard.ts';
import { Form, InputField, SelectField } from '../inputs.tsx';
import { say } from '../language.ts';
import { Card, Field, Note } from '../parts.tsx';
import { useApply } from './apply.tsx';
import { Bus, type Picked, ProfileSelect } from './bus.tsx';
import { Ports } from './ports.tsx';

interface FirstProps {
  readonly choices: CommissioningChoices;
  readonly onLook: () => void;
}

const RATES = ['4800', '9600', '19200', '38400', '57600', '115200'];
const UUID = '[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';

export function First({ choices, onLook }: FirstProps) {
  const [port, setPort] = useState(() => choices.ports[0]?.port ?? '');
  const [device, setDevice] = useState<Picked>({ unit: 1, baudRate: 9_600, parity: 'none', profile: '' });
  const [form, setForm] = useState({
    uuid: '',
    secret: '',
    url: '',
    lane: '1001',
    name: '通道A',
    direction: 'exit',
  });
  const apply = useApply(onLook);
  const set = (name: keyof typeof form) => (value: string) => setForm({ ...form, [name]: value });
  const save = (): Promise<void> => apply.run([], { 'cloud.appSecret': form.secret }, firstYaml(form, port, device));
  return (
    <>
      <Note level="warn">
        <strong>{say(wizardText.first)}</strong>
        <p>{say(wizardText.firstHint)}</p>
      </Note>
      <Ports ports={choices.ports} port={port} onPort={setPort} onLook={onLook} />
      <Bus choices={choices} port={port} onPick={setDevice} />
      <Card title={say(wizardText.basics)}>
        <Form send={wizardText.write} busy={apply.busy} off={port === ''} onSend={save}>
          <Field label={say(wizardText.profile)}>
            {(bound) => (
              <ProfileSelect
                bound={{ ...bound, required: true }}
                choices={choices}
                first={[]}
                value={device.profile}
                onValue={(profile) => setDevice({ ...device, profile })}
              />
            )}
          </Field>
          <InputField
            label={wizardText.unit}
            value={String(device.unit)}
            onValue={(unit) => setDevice({ ...device, unit: Number(unit) })}
            number
            required
          />
          <SelectField
            label={wizardText.baudRate}
            value={String(device.baudRate)}
            all={RATES}
            onValue={(rate) => setDevice({ ...device, baudRate: Number(rate) })}
          />
          <SelectField
            label={wizardText.parity}
            value={device.parity}
            all={['none', 'even', 'odd']}
            onValue={(parity) => setDevice({ ...device, parity })}
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
          <InputField
            label={wizardText.parkUuid}
            hint={wizardText.parkUuidHint}
            value={form.uuid}
            onValue={set('uuid')}
            pattern={UUID}
            required
          />
          <InputField label={wizardText.url} value={form.url} onValue={set('url')} placeholder="api.4pyun.com" />
          <InputField
            label={wizardText.secret}
            hint={wizardText.secretHint}
            value={form.secret}
            onValue={set('secret')}
            secret
            required
          />
        </Form>
        {apply.state}
      </Card>
    </>
  );
}

/**
 * The first input of the board stands for the arm's lower limit until the wiring test says which it is: a lane needs one. JSON is YAML, so what a
 * person typed can break nothing.
 */
function firstYaml(
  form: { uuid: string; url: string; lane: string; name: string; direction: string },
  port: string,
  device: Picked,
): string {
  const text = JSON.stringify;
  const first = /moxa|icp|brainboxes|advantech/.test(device.profile) ? 'di0' : 'di1';
  const io = { id: 'io1', kind: 'modbus', profile: device.profile, unit: device.unit };
  return [
    'version: 1',
    `park: { uuid: ${text(form.uuid)} }`,
    'cloud:',
    ...(form.url === '' ? [] : [`  url: ${text(form.url)}`]),
    '  appSecret: { secret: cloud.appSecret }',
    'lines:',
    '  - id: bus1',
    `    port: ${text(port)}`,
    `    baudRate: ${device.baudRate}`,
    `    parity: ${device.parity}`,
    '    devices:',
    `      - ${text(io)}`,
    'lanes:',
    `  - id: ${text(form.lane)}`,
    `    name: ${text(form.name)}`,
    `    direction: ${form.direction}`,
    '    points:',
    `      down: io1.${first}`,
    '',
  ].join('\n');
}
