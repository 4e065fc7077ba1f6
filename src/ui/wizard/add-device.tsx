/** Adds a found device to its line, or to a new one. */
import { useEffect, useState } from 'preact/hooks';
import type { CommissioningChoices } from '../../page/api/api-wizard.ts';
import { wizardText } from '../../text/page/ui-wizard.ts';
import { say } from '../language.ts';
import { Card } from '../parts.tsx';
import { useApply } from './apply.tsx';
import { type Picked, profileKind } from './bus.tsx';
import { SettingFields, SettingsForm } from './settings.tsx';

interface AddDeviceProps {
  readonly picked: Picked;
  readonly port: string;
  readonly choices: CommissioningChoices;
  readonly atOnce?: boolean;
  readonly onChange: () => void;
}

export function AddDevice({ picked, port, choices, atOnce, onChange }: AddDeviceProps) {
  const names = choices.lines.flatMap(({ devices }) => devices);
  const { profile, unit, baudRate, parity } = picked;
  const kind = profileKind(choices, profile);
  const [device, setDevice] = useState(() => ({
    id: freeName('io', names),
    kind,
    profile,
    ...(kind === 'modbus' && { unit }),
  }));
  const apply = useApply(onChange);
  const add = (): Promise<void> => {
    const at = choices.lines.findIndex((line) => line.port === port);
    const line = choices.lines[at];
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
      <SettingsForm send={wizardText.write} action={apply} onSend={add}>
        <SettingFields of={['lines', 0, 'devices', 0]} fields={[{ path: ['id'] }]} value={device} onValue={setDevice} />
      </SettingsForm>
    </Card>
  );
}

function freeName(stem: string, taken: readonly string[]): string {
  let number = 1;
  while (taken.includes(`${stem}${number}`)) number += 1;
  return `${stem}${number}`;
}
