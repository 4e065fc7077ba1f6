/** Third screen of a first use: the lane. All that the search has found stands here to be checked. */
import type { CommissioningChoices } from '../../page/api/api-wizard.ts';
import { directionName } from '../../text/page/ui-lane.ts';
import { keptForName, wizardText } from '../../text/page/ui-wizard.ts';
import { firstText, parityName } from '../../text/page/wizard/first.made.ts';
import { plain, type Text } from '../../text/text.ts';
import { boundTo, InputField, SelectField } from '../inputs.tsx';
import { say } from '../language.ts';
import { Field } from '../parts.tsx';
import { isSerial, type Picked, ProfileSelect, RATES } from './bus.tsx';
import type { FirstForm } from './first-form.ts';

interface LaneFieldsProps {
  readonly form: FirstForm;
  readonly choices: CommissioningChoices;
  readonly onForm: (form: FirstForm) => void;
}

export function LaneFields({ form, choices, onForm }: LaneFieldsProps) {
  const field = boundTo(form, onForm);
  return (
    <>
      <WhichLane
        lane={{ ...form, id: form.lane }}
        onLane={({ id, name, direction }) => onForm({ ...form, lane: id, name, direction })}
      />
      <SelectField
        label={wizardText.keep}
        hint={wizardText.keepHint}
        all={Object.keys(keptForName)}
        name={(each) => say(keptForName[each] ?? plain(each))}
        {...field('keep')}
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

export function WhichLane({ lane, fault, onLane }: WhichLaneProps) {
  const field = boundTo(lane, onLane);
  return (
    <>
      <InputField label={wizardText.laneId} fault={fault} required {...field('id')} />
      <InputField label={wizardText.laneName} required {...field('name')} />
      <SelectField
        label={wizardText.direction}
        all={['exit', 'entry', 'both']}
        name={(each) => say(directionName[each as 'exit'])}
        {...field('direction')}
      />
    </>
  );
}

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
        all={RATES.map(String)}
        onValue={(rate) => onDevice({ ...device, baudRate: Number(rate) })}
      />
      <SelectField
        label={wizardText.parity}
        all={Object.keys(parityName)}
        name={(each) => say(parityName[each] ?? plain(each))}
        {...boundTo(device, onDevice)('parity')}
      />
    </>
  );
}
