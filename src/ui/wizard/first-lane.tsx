/** Third screen of a first use: the lane. All that the search has found stands here to be checked. */
import type { CommissioningChoices } from '../../page/api/api-wizard.ts';
import { wizardText } from '../../text/page/ui-wizard.ts';
import { firstText } from '../../text/page/wizard/first.made.ts';
import type { Text } from '../../text/text.ts';
import { say } from '../language.ts';
import { Field } from '../parts.tsx';
import { isSerial, type Picked, ProfileSelect, profileKind } from './bus.tsx';
import type { FirstForm, LaneEntry } from './first-form.ts';
import { SettingFields } from './settings.tsx';

interface LaneFieldsProps {
  readonly form: FirstForm;
  readonly choices: CommissioningChoices;
  readonly onForm: (form: FirstForm) => void;
}

export function LaneFields({ form, choices, onForm }: LaneFieldsProps) {
  const { lane, device, port } = form;
  const onDevice = (next: Picked): void => onForm({ ...form, device: next });
  const speed = [
    { path: ['baudRate'], ...(!isSerial(port) && { hint: firstText.speedElsewhere }) },
    { path: ['parity'] },
  ];
  return (
    <>
      <WhichLane lane={lane} onLane={(next) => onForm({ ...form, lane: next })} />
      <SettingFields
        of={['store']}
        fields={[{ path: ['keep'], hint: wizardText.keepHint, required: true }]}
        value={form}
        onValue={onForm}
      />
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
      <SettingFields
        of={['lines', 0, 'devices', 0]}
        fields={[{ path: ['unit'], required: true }]}
        value={{ ...device, kind: profileKind(choices, device.profile) }}
        onValue={({ kind: _, ...next }) => onDevice(next)}
      />
      <SettingFields
        of={['lines', 0]}
        fields={speed.map((field) => ({ ...field, required: true }))}
        value={device}
        onValue={onDevice}
      />
    </>
  );
}

interface WhichLaneProps {
  readonly lane: LaneEntry;
  readonly fault?: Text | undefined;
  readonly onLane: (lane: LaneEntry) => void;
}

export const WhichLane = ({ lane, fault, onLane }: WhichLaneProps) => (
  <SettingFields
    of={['lanes', 0]}
    fields={[{ path: ['id'], fault }, { path: ['name'] }, { path: ['direction'] }]}
    value={lane}
    onValue={onLane}
  />
);
