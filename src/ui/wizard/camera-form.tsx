/** CameraMake, address, login and way of the plates of a camera: for a lane without one, and to correct what a picture failed of. */
import { useState } from 'preact/hooks';
import type { AcceptanceSheet, CommissioningChoices } from '../../page/api/api-wizard.ts';
import { cameraPlatesText, makeText, receiveText } from '../../text/page/pushes.made.ts';
import { wizardText } from '../../text/page/ui-wizard.ts';
import { plain } from '../../text/text.ts';
import { boundTo, Form, InputField, SelectField } from '../inputs.tsx';
import { say } from '../language.ts';
import { Card, Note } from '../parts.tsx';
import { useApply } from './apply.tsx';
import {
  CAMERA_MAKES,
  type CameraEntry,
  type ConfiguredCamera,
  cameraEdits,
  cameraOf,
  entryOf,
  hasLogin,
  hasStream,
  makeOf,
  NEW_ENTRY,
} from './camera-makes.ts';

interface FieldsProps {
  readonly entry: CameraEntry;
  /** As configured, where it is none of ours. */
  readonly now?: ConfiguredCamera;
  /** Without an address there is no camera. */
  readonly optional?: boolean;
  readonly onEntry: (entry: CameraEntry) => void;
}

export function CameraFields({ entry, now, optional, onEntry }: FieldsProps) {
  const field = boundTo(entry, onEntry);
  const makes = Object.keys(CAMERA_MAKES);
  const ways = ['push', 'stream'];
  const { receive } = now ?? {};
  return (
    <>
      <SelectField
        label={wizardText.maker}
        all={now?.kind !== undefined && makeOf(now) === undefined ? [now.kind, ...makes] : makes}
        name={(each) => say(makeText[each] ?? plain(each))}
        {...field('make')}
      />
      <InputField
        label={wizardText.cameraUrl}
        placeholder="192.0.2.64"
        required={optional !== true}
        {...field('url')}
      />
      {hasLogin(entry.make) && (
        <>
          <InputField label={wizardText.cameraUser} {...field('user')} />
          <InputField label={wizardText.cameraPassword} secret {...field('password')} />
        </>
      )}
      {hasStream(entry.make) && (
        <SelectField
          label={cameraPlatesText.receive}
          all={receive === undefined || ways.includes(receive) ? ways : [receive, ...ways]}
          name={(each) => say(receiveText[each] ?? plain(each))}
          {...field('receive')}
        />
      )}
      {entry.make === 'json-push' && (
        <InputField
          label={cameraPlatesText.plateAt}
          hint={cameraPlatesText.plateAtHint}
          placeholder="result.plates.0.text"
          required={optional !== true}
          {...field('plateAt')}
        />
      )}
      {entry.make === 'gat1400' && (
        <InputField label={cameraPlatesText.deviceId} hint={cameraPlatesText.deviceIdHint} {...field('deviceId')} />
      )}
    </>
  );
}

interface NewCameraProps {
  readonly choices: CommissioningChoices;
  readonly sheet: AcceptanceSheet;
  readonly onChange: () => void;
}

export function NewCamera({ choices, sheet, onChange }: NewCameraProps) {
  const [entry, setEntry] = useState(NEW_ENTRY);
  const apply = useApply(onChange);
  const id = `cam${choices.cameras.length + 1}`;
  const secret = `cameras.${id}`;
  const add = (): Promise<void> => {
    const value = { id, ...cameraOf(entry, secret) };
    const lane = choices.lanes.findIndex((each) => each.id === sheet.lane);
    return apply.run(
      [
        { path: ['cameras', choices.cameras.length], value },
        { path: ['lanes', lane, 'camera'], value: id },
      ],
      'password' in value ? { [secret]: entry.password } : undefined,
    );
  };
  return (
    <Card title={say(wizardText.addCamera)}>
      <Note level="warn">{say(wizardText.noCamera)}</Note>
      <Form send={wizardText.write} busy={apply.busy} onSend={add}>
        <CameraFields entry={entry} onEntry={setEntry} />
      </Form>
      {apply.state}
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
  const [typed, setTyped] = useState<CameraEntry | undefined>();
  const apply = useApply(onChange);
  const entry = typed ?? entryOf(now);
  const secret = now.password?.secret ?? `cameras.${now.id}`;
  const mend = (): Promise<void> =>
    apply.run(
      cameraEdits(now, entry, ['cameras', index], secret),
      entry.password === '' ? undefined : { [secret]: entry.password },
    );
  return (
    <Card title={say(wizardText.mendCamera)}>
      <p class="quiet">{say(wizardText.mendCameraHint)}</p>
      <Form send={wizardText.write} busy={apply.busy} onSend={mend}>
        <CameraFields entry={entry} now={now} onEntry={setTyped} />
      </Form>
      {apply.state}
    </Card>
  );
}
