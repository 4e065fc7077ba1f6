/** Fourth step: a picture of the camera, checked by a person. Adds a camera to a lane without one. */
import { useEffect, useState } from 'preact/hooks';
import type { ConfigView, SnapshotResult, UnconfirmedResult } from '../../page/api/api-setup.ts';
import { wizardText } from '../../text/page/ui-wizard.ts';
import { boxAddress, useLoad } from '../fetch.ts';
import { WorkProgress } from '../inputs.tsx';
import { useAdopted } from '../job.tsx';
import { say } from '../language.ts';
import { Badge, Button, Card } from '../parts.tsx';
import { Time } from '../time.tsx';
import { bytes } from '../units.ts';
import { MendCamera, NewCamera } from './camera-form.tsx';
import type { ConfiguredCamera } from './camera-makes.ts';
import { CameraPlates } from './camera-plates.tsx';
import type { StepProps } from './step.tsx';
import { ConfirmAddress, TryAddress } from './unknown-address.tsx';

interface CameraProps extends StepProps {
  /** A person has seen the picture; absent: there is more to ask first. */
  readonly onGood?: (() => void) | undefined;
}

/** Configured a moment ago on another screen: its first picture is taken when this one opens. */
let pictureWanted: string | undefined;
export const takePictureOf = (camera: string): void => {
  pictureWanted = camera;
};

export function CameraStep({ choices, sheet, onChange, onGood }: CameraProps) {
  const work = useAdopted('snapshot');
  const { job } = work;
  const camera = choices.lanes.find(({ id }) => id === sheet.lane)?.camera;
  const file = useLoad<ConfigView>('config');
  const [isNew, setNew] = useState(() => camera !== undefined && camera === pictureWanted);
  // The first picture is taken at once: it shows whether address and password are right.
  useEffect(() => {
    if (!isNew || camera === undefined) return;
    setNew(false);
    pictureWanted = undefined;
    void work.start({ camera, lane: sheet.lane });
  }, [isNew, camera]);
  const added = (): void => {
    setNew(true);
    file.reload();
    onChange();
  };
  if (camera === undefined) return <NewCamera choices={choices} sheet={sheet} onChange={added} />;
  const index = choices.cameras.indexOf(camera);
  const now = (file.value?.value as { readonly cameras?: readonly ConfiguredCamera[] } | undefined)?.cameras?.[index];
  // What failed with the former values says nothing of these.
  const mended = (): void => {
    work.clear();
    file.reload();
    onChange();
  };
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
    <>
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
              <PictureFacts picture={picture} /> {fresh === undefined && kept && <Time wallMs={kept.atWallMs} />}
              <p class="quiet">{say(wizardText.pictureAsk)}</p>
              {onGood && <Button text={wizardText.pictureGood} look="main" onClick={onGood} />}
            </figcaption>
          </figure>
        )}
        {fresh?.confirmed !== undefined && (
          <ConfirmAddress confirmed={fresh.confirmed} index={index} onChange={onChange} />
        )}
      </Card>
      {now && <CameraPlates camera={camera} now={now} choices={choices} lane={sheet.lane} />}
      {now && <MendCamera now={now} index={index} onChange={mended} />}
    </>
  );
}

function PictureFacts({ picture }: { readonly picture: SnapshotResult }) {
  const { width = 0, height = 0, tookMs } = picture;
  return <Badge tone="ok">{say(wizardText.pictureFacts(width, height, bytes(picture.bytes), tookMs))}</Badge>;
}
