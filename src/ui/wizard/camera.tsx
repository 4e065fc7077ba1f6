/** Fourth step: a picture of the camera, checked by a person. Adds a camera to a lane without one. */
import { useState } from 'preact/hooks';
import type { SnapshotResult, UnconfirmedResult } from '../../page/api/api-setup.ts';
import type { AcceptanceSheet, CommissioningChoices } from '../../page/api/api-wizard.ts';
import { makeText, wizardText } from '../../text/page/ui-wizard.ts';
import { boxAddress } from '../fetch.ts';
import { Form, InputField, SelectField, WorkProgress } from '../inputs.tsx';
import { useAdopted } from '../job.tsx';
import { say } from '../language.ts';
import { Badge, Button, Card, Note } from '../parts.tsx';
import { Time } from '../time.tsx';
import { bytes } from '../units.ts';
import { useApply } from './apply.tsx';
import { ConfirmAddress, TryAddress } from './unknown-address.tsx';

interface CameraProps {
  readonly choices: CommissioningChoices;
  readonly sheet: AcceptanceSheet;
  readonly onChange: () => void;
}

export function CameraStep({ choices, sheet, onChange }: CameraProps) {
  const work = useAdopted('snapshot');
  const { job } = work;
  const camera = choices.lanes.find(({ id }) => id === sheet.lane)?.camera;
  if (camera === undefined) return <NewCamera choices={choices} sheet={sheet} onChange={onChange} />;
  const fresh = job?.state === 'done' ? (job.result as SnapshotResult) : undefined;
  const kept = sheet.snapshot;
  const doubtful = choices.doubtful.find((each) => each.camera === camera);
  // Some choices are known only after the camera has answered.
  const refused = job?.state === 'failed' ? (job.result as UnconfirmedResult | undefined)?.unconfirmed : undefined;
  const address = refused ?? doubtful;
  const picture = fresh ?? kept;
  const source =
    fresh === undefined
      ? `commissioning/${encodeURIComponent(sheet.lane)}/picture?${kept?.atWallMs}`
      : `jobs/${job?.id}/picture`;
  return (
    <Card title={`${say(wizardText.camera)} ${camera}`}>
      <Button look="main" icon="picture" busy={work.busy} onClick={() => work.start({ camera, lane: sheet.lane })}>
        {say(wizardText.takePicture)}
      </Button>
      <WorkProgress work={work} onDone={onChange} />
      {address !== undefined && fresh?.confirmed === undefined && (
        <TryAddress
          {...{ address, camera, work }}
          byUpdate={refused === undefined && doubtful?.why === 'byUpdate'}
          lane={sheet.lane}
        />
      )}
      {picture !== undefined && (
        <figure class="shot">
          <img src={boxAddress(source)} alt={say(wizardText.picture)} width={picture.width} height={picture.height} />
          <figcaption>
            <Badge tone="ok">
              {say(
                wizardText.pictureFacts(picture.width ?? 0, picture.height ?? 0, bytes(picture.bytes), picture.tookMs),
              )}
            </Badge>{' '}
            {fresh === undefined && kept && <Time wallMs={kept.atWallMs} />}
            <p class="quiet">{say(wizardText.pictureAsk)}</p>
          </figcaption>
        </figure>
      )}
      {fresh?.confirmed !== undefined && (
        <ConfirmAddress confirmed={fresh.confirmed} index={choices.cameras.indexOf(camera)} onChange={onChange} />
      )}
    </Card>
  );
}

/** By what the trade calls it: kind, and preset of `camera-http`. */
const MAKES: Readonly<Record<string, { readonly kind: string; readonly preset?: string; readonly hasLogin?: false }>> =
  {
    hikvision: { kind: 'hikvision' },
    dahua: { kind: 'dahua' },
    vzenith: { kind: 'vzenith', hasLogin: false },
    huaxia: { kind: 'huaxia' },
    axis: { kind: 'camera-http', preset: 'axis' },
    uniview: { kind: 'camera-http', preset: 'uniview' },
    onvif: { kind: 'camera-http', preset: 'onvif' },
    'onvif-uri': { kind: 'camera-http', preset: 'onvif-uri' },
    custom: { kind: 'camera-http', preset: 'custom' },
  };

function NewCamera({ choices, sheet, onChange }: CameraProps) {
  const [make, setMake] = useState('hikvision');
  const [url, setUrl] = useState('');
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const apply = useApply(onChange);
  const id = `cam${choices.cameras.length + 1}`;
  const secret = `cameras.${id}`;
  const add = (): Promise<void> => {
    const { hasLogin = true, ...chosen } = MAKES[make] ?? { kind: make };
    const isNamed = hasLogin && user !== '';
    const login = isNamed ? { user, password: { secret } } : {};
    const address = url.includes('://') ? url : `http://${url}`;
    const value = { id, ...chosen, url: address, ...login };
    const lane = choices.lanes.findIndex((each) => each.id === sheet.lane);
    return apply.run(
      [
        { path: ['cameras', choices.cameras.length], value },
        { path: ['lanes', lane, 'camera'], value: id },
      ],
      isNamed ? { [secret]: password } : undefined,
    );
  };
  return (
    <Card title={say(wizardText.addCamera)}>
      <Note level="warn">{say(wizardText.noCamera)}</Note>
      <Form send={wizardText.write} busy={apply.busy} onSend={add}>
        <SelectField
          label={wizardText.maker}
          value={make}
          all={Object.keys(MAKES)}
          name={(each) => say(makeText[each] ?? { zh: each, en: each })}
          onValue={setMake}
        />
        <InputField label={wizardText.cameraUrl} value={url} onValue={setUrl} placeholder="192.0.2.64" required />
        <InputField label={wizardText.cameraUser} value={user} onValue={setUser} />
        <InputField label={wizardText.cameraPassword} value={password} onValue={setPassword} secret />
      </Form>
      {apply.state}
    </Card>
  );
}
