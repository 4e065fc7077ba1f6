/** Third screen of a first use: the lane. All that the search has found stands here to be checked. */
import type { CommissioningChoices } from '../../page/api/api-wizard.ts';
import { directionName } from '../../text/page/ui-lane.ts';
import { keptForName, wizardText } from '../../text/page/ui-wizard.ts';
import { firstText, parityName } from '../../text/page/wizard/first.made.ts';
import type { Text } from '../../text/text.ts';
import { InputField, SelectField } from '../inputs.tsx';
import { say } from '../language.ts';
import { Field } from '../parts.tsx';
import { isSerial, type Picked, ProfileSelect } from './bus.tsx';
import type { FirstForm } from './first-form.ts';

const RATES = ['4800', '9600', '19200', '38400', '57600', '115200'];

interface LaneFieldsProps {
  readonly form: FirstForm;
  readonly choices: CommissioningChoices;
  readonly onForm: (form: FirstForm) => void;
}

export function LaneFields({ form, choices, onForm }: LaneFieldsProps) {
  const set = (name: keyof FirstForm) => (value: string) => onForm({ ...form, [name]: value });
  return (
    <>
      <WhichLane
        lane={{ ...form, id: form.lane }}
        onLane={({ id, name, direction }) => onForm({ ...form, lane: id, name, direction })}
      />
      <SelectField
        label={wizardText.keep}
        hint={wizardText.keepHint}
        value={form.keep}
        all={['short', 'month', 'year']}
        onValue={set('keep')}
        name={(each) => say(keptForName[each] ?? { zh: each, en: each })}
      />
      <DeviceFields
        choices={choices}
        port={form.port}
        device={form.device}
        onDevice={(device) => onForm({ ...form, device })}
      />
    </>
  );
}

export type LaneEntry = Readonly<Record<'id' | 'name' | 'direction', string>>;

interface WhichLaneProps {
  readonly lane: LaneEntry;
  readonly fault?: Text | undefined;
  readonly onLane: (lane: LaneEntry) => void;
}

export const WhichLane = ({ lane, fault, onLane }: WhichLaneProps) => (
  <>
    <InputField
      label={wizardText.laneId}
      value={lane.id}
      onValue={(id) => onLane({ ...lane, id })}
      fault={fault}
      required
    />
    <InputField label={wizardText.laneName} value={lane.name} onValue={(name) => onLane({ ...lane, name })} required />
    <SelectField
      label={wizardText.direction}
      value={lane.direction}
      all={['exit', 'entry', 'both']}
      onValue={(direction) => onLane({ ...lane, direction })}
      name={(each) => say(directionName[each as 'exit'])}
    />
  </>
);

interface DeviceFieldsProps {
  readonly choices: CommissioningChoices;
  readonly port: string;
  readonly device: Picked;
  readonly onDevice: (device: Picked) => void;
}

function DeviceFields({ choices, port, device, onDevice }: DeviceFieldsProps) {
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
        {...(!isSerial(port) && { hint: firstText.speedElsewhere })}
        value={String(device.baudRate)}
        all={RATES}
        onValue={(rate) => onDevice({ ...device, baudRate: Number(rate) })}
      />
      <SelectField
        label={wizardText.parity}
        value={device.parity}
        all={Object.keys(parityName)}
        name={(each) => say(parityName[each] ?? { zh: each, en: each })}
        onValue={(parity) => onDevice({ ...device, parity })}
      />
    </>
  );
}
