/** CameraMake, address, login and way of the plates of a camera: for a lane without one, and to correct what a picture failed of. */
import { useContext, useState } from 'preact/hooks';
import { makeText } from '../../text/page/pushes.made.ts';
import { wizardText } from '../../text/page/ui-wizard.ts';
import { plain } from '../../text/text.ts';
import { schemaAt } from '../config/schema.ts';
import { SelectField } from '../inputs.tsx';
import { say } from '../language.ts';
import { Card, Note } from '../parts.tsx';
import { useApply } from './apply.tsx';
import {
  askedOf,
  CAMERA_MAKES,
  type CameraEntry,
  type ConfiguredCamera,
  cameraEdits,
  cameraOf,
  entryOf,
  makeOf,
  NEW_ENTRY,
  remade,
  typedSecret,
} from './camera-makes.ts';
import { ConfigSchema, SettingFields, SettingsForm } from './settings.tsx';
import type { StepProps } from './step.tsx';

interface FieldsProps {
  readonly entry: CameraEntry;
  /** As configured, where it is none of ours. */
  readonly now?: ConfiguredCamera;
  /** Without an address there is no camera. */
  readonly optional?: boolean;
  readonly onEntry: (entry: CameraEntry) => void;
}

export function CameraFields({ entry, now, optional, onEntry }: FieldsProps) {
  const makes = Object.keys(CAMERA_MAKES);
  const byHand = now?.kind !== undefined && makeOf(now) === undefined ? [now.kind] : [];
  return (
    <>
      <SelectField
        label={wizardText.maker}
        all={[...byHand, ...makes]}
        name={(each) => say(makeText[each] ?? plain(each))}
        value={makeOf(entry) ?? String(entry.kind)}
        onValue={(make) => onEntry(remade(entry, make, now))}
      />
      <SettingFields
        of={['cameras', 0]}
        fields={askedOf(entry).map((field) => ({
          ...field,
          ...(optional && !('choices' in field) && { required: false }),
        }))}
        value={entry}
        onValue={onEntry}
      />
    </>
  );
}

/** The schema of the kind of a camera. */
export function useVariant() {
  const schema = useContext(ConfigSchema);
  return (entry: CameraEntry) => schemaAt(schema, ['cameras', 0], entry) ?? {};
}

export function NewCamera({ choices, sheet, onChange }: StepProps) {
  const [entry, setEntry] = useState(NEW_ENTRY);
  const variant = useVariant();
  const apply = useApply(onChange);
  const id = `cam${choices.cameras.length + 1}`;
  const secret = `cameras.${id}`;
  const add = (): Promise<void> => {
    const value = { ...cameraOf(variant(entry), entry, secret), id };
    const lane = choices.lanes.findIndex((each) => each.id === sheet.lane);
    return apply.run(
      [
        { path: ['cameras', choices.cameras.length], value },
        { path: ['lanes', lane, 'camera'], value: id },
      ],
      typedSecret(entry, secret),
    );
  };
  return (
    <Card title={say(wizardText.addCamera)}>
      <Note level="warn">{say(wizardText.noCamera)}</Note>
      <SettingsForm send={wizardText.write} action={apply} onSend={add}>
        <CameraFields entry={entry} onEntry={setEntry} />
      </SettingsForm>
    </Card>
  );
}

interface MendProps {
  readonly now: ConfiguredCamera;
  /** Index in the list of cameras. */
  readonly index: number;
  readonly onChange: () => void;
}

/** What is left empty stays as it is. */
export function MendCamera({ now, index, onChange }: MendProps) {
  const [edited, setEdited] = useState<CameraEntry | undefined>();
  const variant = useVariant();
  const apply = useApply(onChange);
  const entry = edited ?? entryOf(now);
  const secret = now.password?.secret ?? `cameras.${now.id}`;
  const mend = (): Promise<void> =>
    apply.run(cameraEdits(variant(entry), now, entry, ['cameras', index], secret), typedSecret(entry, secret));
  return (
    <Card title={say(wizardText.mendCamera)}>
      <p class="quiet">{say(wizardText.mendCameraHint)}</p>
      <SettingsForm send={wizardText.write} action={apply} onSend={mend}>
        <CameraFields entry={entry} now={now} onEntry={setEdited} />
      </SettingsForm>
    </Card>
  );
}
