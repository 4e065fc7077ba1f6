/** How the plates of a camera come: what is entered at the camera, and the last ones that arrived, with what became of each. */
import type { PushesView } from '../../page/api/api-intake.ts';
import type { CommissioningChoices } from '../../page/api/api-wizard.ts';
import { cameraPlatesText } from '../../text/page/pushes.made.ts';
import { useEvery, useLoad } from '../fetch.ts';
import { say } from '../language.ts';
import { Card, Copy, Note, ShownFact } from '../parts.tsx';
import { PushedRow, rowKey } from '../pushes/push-row.tsx';
import { place, search } from '../route.ts';
import { type ConfiguredCamera, plateWay } from './camera-makes.ts';

const RELOAD_MS = 3_000;
const SHOWN_MAX = 5;

interface CameraPlatesProps {
  readonly camera: string;
  readonly now: ConfiguredCamera;
  readonly choices: CommissioningChoices;
  readonly lane: string;
}

export function CameraPlates({ camera, now, choices, lane }: CameraPlatesProps) {
  const way = plateWay(now);
  if (way === 'none') return null;
  return (
    <Card title={say(cameraPlatesText.title)}>
      {way === 'fetched' ? (
        <p>{say(cameraPlatesText.fetched)}</p>
      ) : (
        <Enter camera={camera} byAddress={way === 'address'} choices={choices} lane={lane} />
      )}
      <Last camera={camera} />
    </Card>
  );
}

/** An address of the box that a camera can reach: cameras do not resolve names under `.local`. */
function hostFor({ addresses }: CommissioningChoices): string {
  const { hostname } = location;
  return /^[\d.]+$/.test(hostname) ? hostname : (addresses[0] ?? hostname);
}

function Enter({ camera, byAddress, choices, lane }: Omit<CameraPlatesProps, 'now'> & { readonly byAddress: boolean }) {
  const url = choices.intake?.urls.find((each) => each.startsWith('http:'));
  if (url === undefined)
    return (
      <Note level="warn">
        {say(cameraPlatesText.noPort)}{' '}
        <a href={place(`wizard/${encodeURIComponent(lane)}/paid`, { back: 'camera' })}>
          {say(cameraPlatesText.turnOn)}
        </a>
      </Note>
    );
  const host = hostFor(choices);
  const { port } = new URL(url);
  const path = `/api/v1/cameras/${encodeURIComponent(camera)}`;
  const facts = [
    ['address', host],
    ['port', port],
    ...(byAddress ? [] : [['path', path] as const, ['whole', `http://${host}:${port}${path}`] as const]),
  ] as const;
  return (
    <>
      <p>{say(byAddress ? cameraPlatesText.enterPlatform : cameraPlatesText.enter)}</p>
      <dl class="facts above">
        {facts.map(([name, value]) => (
          <ShownFact key={name} name={cameraPlatesText[name]}>
            <Copy text={value} />
          </ShownFact>
        ))}
      </dl>
      <p class="hint">
        {say(byAddress ? cameraPlatesText.pathFixed : cameraPlatesText.protocol)} {say(cameraPlatesText.instead)}
      </p>
    </>
  );
}

function Last({ camera }: { readonly camera: string }) {
  const { value, reload } = useLoad<PushesView>(`pushes${search({ camera })}`);
  useEvery(RELOAD_MS, reload);
  // Heartbeats and other events say nothing of plates.
  const rows = value?.cameras
    .find(({ id }) => id === camera)
    ?.rows.filter(({ plate, outcome }) => plate !== undefined || outcome === 'refused')
    .slice(0, SHOWN_MAX);
  return (
    <>
      <h3 class="above">{say(cameraPlatesText.last)}</h3>
      <div aria-live="polite">
        {rows?.length ? (
          <ol class="lined columns pushes">
            {rows.map((row) => (
              <PushedRow key={rowKey(row)} row={row} mayGive={false} />
            ))}
          </ol>
        ) : (
          <p class="quiet">{say(cameraPlatesText.nothing)}</p>
        )}
      </div>
      <p>
        <a href={place('pushes', { camera })}>{say(cameraPlatesText.more)}</a>
      </p>
    </>
  );
}
