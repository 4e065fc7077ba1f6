/**
 * `lanewarden snapshot` of an address without a known form: asks the person whether the arm is clear, takes one picture, and writes the
 * confirmation into the configuration when the person recognises the lane. Without a person it requests nothing.
 */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withPeersOf } from '../app/peers-of-store.ts';
import type { Clock } from '../clock.ts';
import { tryAddress } from '../commission/try-address.ts';
import type { Confirmation } from '../config/camera-address.ts';
import { editYaml, peekValue } from '../config/edit.ts';
import { usesCamera } from '../config/lane-cameras.ts';
import type { CameraConfig, Config } from '../config/types.ts';
import type { UnconfirmedError } from '../driver.ts';
import { writeDurably } from '../small-file.ts';
import { DATABASE_FILE } from '../store/thread/database.ts';
import { trialText as text } from '../text/commands/snapshot.ts';
import type { Text } from '../text/text.ts';

/** The page limits maintenance to a day. */
const MAINTENANCE_MOST_MS = 86_400_000;

export interface TrialParts {
  readonly camera: CameraConfig;
  readonly address: UnconfirmedError['address'];
  /** The configuration that names the camera, if any. */
  readonly config: Config | undefined;
  readonly clock: Clock;
  readonly by: string;
  /** Where the picture is written. */
  readonly file: string;
  readonly ask: (question: Text) => Promise<boolean>;
  readonly print: (line: Text) => void;
  readonly signal: AbortSignal;
}

/** Whether a picture was taken; if not, nothing was sent and the reason is printed. Throws what a camera throws. */
export async function tryOnce(parts: TrialParts): Promise<boolean> {
  const { camera, address, config, clock, by, file, ask, print, signal } = parts;
  const lanes = config === undefined ? [] : await lanesAtWork(config, camera.id, clock.wallMs());
  if (lanes.length > 0) {
    print(text.notInMaintenance(lanes));
    return false;
  }
  if (!(await ask(text.isArmClear(camera.id, address.sent)))) {
    print(text.nothingSent);
    return false;
  }
  const { frame, confirmed } = await tryAddress(camera, address, by, { clock, wallMs: clock.wallMs() }, signal);
  writeFileSync(file, frame.bytes);
  print(text.written(file));
  if (config === undefined) print(text.toBeWritten(confirmed));
  else if (await ask(text.isThePicture(file))) {
    await withPeersOf(config, clock, (peers) =>
      peers?.confirm({ use: 'camera', name: camera.id, sha256: address.sha256 }, by, 'command'),
    );
    await confirm(config.file, camera.id, confirmed, print);
  } else print(text.notConfirmed);
  return true;
}

/**
 * Lanes of this camera that are not in maintenance, by the store of a running box. Throws StoreError when there is a store and it is
 * unreadable.
 */
async function lanesAtWork({ store, lanes }: Config, camera: string, wallMs: number): Promise<readonly string[]> {
  const own = lanes.filter((lane) => usesCamera(lane, camera));
  const found = statSync(join(store.path, DATABASE_FILE), { throwIfNoEntry: false });
  // No box has ever run here: no lane works.
  if (found === undefined) return [];
  const { openJournalReader } = await import('../store/files/journal-reader.ts');
  const reader = openJournalReader(store.path);
  try {
    return own.flatMap(({ id, name }) => {
      let isOn = false;
      for (const { event, wallMs: atMs } of reader.rows({ fromWallMs: wallMs - MAINTENANCE_MOST_MS }, id))
        if (event.kind === 'mode' && event.mode === 'maintenance')
          isOn = event.on && (event.untilMs === undefined || atMs + event.untilMs - event.atMs > wallMs);
      return isOn ? [] : [name];
    });
  } finally {
    reader.close();
  }
}

async function confirm(
  file: string,
  camera: string,
  confirmed: Confirmation,
  print: TrialParts['print'],
): Promise<void> {
  const yaml = readFileSync(file, 'utf8');
  const index = indexOf(yaml, camera);
  const edited = index === undefined ? undefined : editYaml(yaml, ['cameras', index, 'confirmed'], confirmed);
  if (edited === undefined) return print(text.toBeWritten(confirmed));
  await writeDurably(file, edited, statSync(file).mode & 0o777);
  print(text.confirmed(file));
}

function indexOf(yaml: string, camera: string): number | undefined {
  for (let index = 0; ; index += 1) {
    const id = peekValue(yaml, ['cameras', index, 'id']);
    if (id === undefined) return undefined;
    if (String(id) === camera) return index;
  }
}
