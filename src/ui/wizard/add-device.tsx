/** Adds a found device to its line, or to a new one. */
import { useEffect, useState } from 'preact/hooks';
import type { CommissioningChoices } from '../../page/api/api-wizard.ts';
import { wizardText } from '../../text/page/ui-wizard.ts';
import { Form, InputField } from '../inputs.tsx';
import { say } from '../language.ts';
import { Card } from '../parts.tsx';
import { useApply } from './apply.tsx';
import { type Picked, profileKind } from './bus.tsx';

interface AddDeviceProps {
  readonly picked: Picked;
  readonly port: string;
  readonly choices: CommissioningChoices;
  readonly atOnce?: boolean;
  readonly onChange: () => void;
}

export function AddDevice({ picked, port, choices, atOnce, onChange }: AddDeviceProps) {
  const names = choices.lines.flatMap(({ devices }) => devices);
  const [id, setId] = useState(() => freeName('io', names));
  const apply = useApply(onChange);
  const add = (): Promise<void> => {
    const { profile, unit } = picked;
    const kind = profileKind(choices, profile);
    const device = { id, kind, profile, ...(kind === 'modbus' && { unit }) };
    const at = choices.lines.findIndex((line) => line.port === port);
    const line = choices.lines[at];
    const { baudRate, parity } = picked;
    const name = freeName(
      'bus',
      choices.lines.map((each) => each.id),
    );
    return apply.run([
      line === undefined
        ? { path: ['lines', choices.lines.length], value: { id: name, port, baudRate, parity, devices: [device] } }
        : { path: ['lines', at, 'devices', line.devices.length], value: device },
    ]);
  };
  useEffect(() => {
    if (atOnce) void add();
  }, []);
  if (atOnce) return apply.state;
  return (
    <Card title={say(wizardText.addDevice)}>
      <Form send={wizardText.write} busy={apply.busy} onSend={add}>
        <InputField label={wizardText.device} value={id} onValue={setId} required />
      </Form>
      {apply.state}
    </Card>
  );
}

function freeName(stem: string, taken: readonly string[]): string {
  let number = 1;
  while (taken.includes(`${stem}${number}`)) number += 1;
  return `${stem}${number}`;
}
