/**
 * One-time migration, at the update that introduced known forms of picture addresses: an address of unknown form that has given pictures
 * is confirmed in the configuration, with a notice. The evidence is a stored picture of a lane of this camera, taken since the
 * configuration has this address. Every other address stays off. It starts nothing that was not configured before.
 */
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { BY_UPDATE, pictureAddressOf } from '../config/camera-address.ts';
import type { Kinds } from '../config/devices.ts';
import { editYaml, plainValue } from '../config/edit.ts';
import type { CameraConfig, Config } from '../config/types.ts';
import { cameraPeer } from '../config/written-peers.ts';
import type { Log } from '../log.ts';
import { makeFolderDurably, readText, writeDurably } from '../small-file.ts';
import type { Store } from '../store/types.ts';
import { cameraText } from '../text/camera.ts';
import type { ConfigFiles, ConfigTexts } from './config-files.ts';
import type { Host } from './host.ts';

/** Marks the migration as done: later addresses were configured under the known forms. */
const DONE = 'addresses-looked-at.json';
/** Newest records of a lane to be searched. */
const RECORDS_LOOKED_AT = 1_000;

export interface AddressMigration {
  /** Called with the app running. Never throws: a box whose addresses cannot be confirmed still runs. */
  run(host: Host): Promise<void>;
}

interface Parts {
  readonly files: ConfigFiles;
  readonly kinds: Kinds;
  /** Of the configuration's copies. */
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Called before the start, because a started configuration is kept as good. undefined: already done. */
export async function addressMigration(parts: Parts): Promise<AddressMigration | undefined> {
  const { files, folder, log } = parts;
  try {
    if ((await readText(join(folder, DONE))) !== undefined) return undefined;
    const history = await configuredBefore(files);
    return {
      run: (host) =>
        confirmOld(host, history, parts).catch((error: Error) =>
          log.error(cameraText.notConfirmedByUpdate(error.message)),
        ),
    };
  } catch (error) {
    log.error(cameraText.notConfirmedByUpdate((error as Error).message));
    return undefined;
  }
}

/** A former configuration, and since when it was in force. */
interface Before {
  readonly yaml: string;
  readonly sinceWallMs: number;
}

/** Newest first. */
async function configuredBefore(files: ConfigFiles): Promise<readonly Before[]> {
  const rows = await files.history();
  const texts = await Promise.all(rows.map(({ id }) => files.historyText(id)));
  return rows.flatMap(({ savedWallMs }, at) => {
    const yaml = texts[at];
    return yaml === undefined ? [] : [{ yaml, sinceWallMs: savedWallMs }];
  });
}

async function confirmOld(
  host: Host,
  history: readonly Before[],
  { files, kinds, folder, clock }: Parts,
): Promise<void> {
  const { app, inForce } = host;
  // A configuration other than the file's proves nothing about it; the next start tries again.
  if (app === undefined || inForce === undefined || host.state.state !== 'good') return;
  const wallMs = Math.round(app.store.time.wallMsAt(app.clock.nowMs()));
  let { yaml } = inForce;
  for (const [index, camera] of app.config.cameras.entries()) {
    if (!(await hasGivenPictures(camera, app.config, app.store, history, kinds))) continue;
    const peer = cameraPeer(camera);
    if (peer === undefined || !(await app.peers.confirm(peer, BY_UPDATE, 'update'))) continue;
    const confirmed = { sha256: peer.sha256, by: BY_UPDATE, at: new Date(wallMs).toISOString() };
    yaml = editYaml(yaml, ['cameras', index, 'confirmed'], confirmed) ?? yaml;
  }
  if (yaml !== inForce.yaml) await putInForce({ ...inForce, yaml }, host, files);
  await makeFolderDurably(folder);
  await writeDurably(join(folder, DONE), JSON.stringify({ atWallMs: Math.round(clock.wallMs()) }));
}

/** Written before it is applied: a file that cannot be written must not stop the running app. */
async function putInForce(texts: ConfigTexts, host: Host, files: ConfigFiles): Promise<void> {
  await files.write(texts);
  await host.replace(BY_UPDATE, async () => {});
}

async function hasGivenPictures(
  camera: CameraConfig,
  config: Config,
  store: Store,
  history: readonly Before[],
  kinds: Kinds,
): Promise<boolean> {
  const address = pictureAddressOf(camera);
  if (address?.state !== 'unconfirmed' || pushesPictures(camera.config)) return false;
  const lanes = config.lanes.filter((lane) => lane.camera === camera.id).map(({ id }) => id);
  const now = placeOf(camera.id, address.sha256, lanes);
  const changed = history.findIndex(({ yaml }) => placeIn(yaml, camera.id, kinds) !== now);
  const since = history.slice(0, changed === -1 ? undefined : changed).at(-1)?.sinceWallMs;
  if (since === undefined) return false;
  for (const laneId of lanes) {
    const records = await store.review.list({ laneId, fromWallMs: since, limit: RECORDS_LOOKED_AT });
    if (records.some(({ picture }) => picture === 'attached')) return true;
  }
  return false;
}

/** Pushed pictures are stored as well, and their source cannot be identified afterwards. */
function pushesPictures(config: unknown): boolean {
  return (config as { readonly fields?: { readonly picture?: unknown } }).fields?.picture !== undefined;
}

const placeOf = (camera: string, sha256: unknown, lanes: readonly unknown[]): string =>
  JSON.stringify([camera, sha256, ...lanes.map(String).sort()]);

/** The same for a former text; undefined without such a camera. */
function placeIn(yaml: string, id: string, { cameraKinds }: Kinds): string | undefined {
  const { cameras, lanes } = (plainValue(yaml) ?? {}) as { readonly cameras?: unknown; readonly lanes?: unknown };
  const written = listOf(cameras).find((each) => String(each.id) === id);
  const kind = cameraKinds.find((each) => each.kind === written?.kind);
  if (written === undefined || kind?.address === undefined || typeof written.url !== 'string') return undefined;
  if (pushesPictures(written)) return undefined;
  try {
    const address = kind.address({ channel: 1, ...written });
    return placeOf(
      id,
      address?.sha256,
      listOf(lanes).flatMap((lane) => (String(lane.camera) === id ? [lane.id] : [])),
    );
  } catch {
    return undefined;
  }
}

function listOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'object' && each !== null) : [];
}
