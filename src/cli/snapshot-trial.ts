/**
 * `lanewarden snapshot` of an address that has no known form: asks the person whether the arm is clear, takes one picture, and writes the
 * confirmation into the configuration when that person says that it is the lane's. Without a person it asks nothing of the camera.
 */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { tryAddress } from '../commission/try-address.ts';
import type { Confirmation } from '../config/camera-address.ts';
import { editYaml, glimpse } from '../config/edit.ts';
import type { CameraConfig, Config } from '../config/types.ts';
import type { UnconfirmedError } from '../driver.ts';
import { writeDurably } from '../page/durable-files.ts';
import { DATABASE_FILE } from '../store/thread/ledger.ts';
import { trialText as text } from '../text/commands/snapshot.ts';
import type { Text } from '../text/text.ts';

/** The page puts a lane into maintenance for a day at most. */
const MAINTENANCE_MOST_MS = 86_400_000;

export interface TrialParts {
  readonly camera: CameraConfig;
  readonly address: UnconfirmedError['address'];
  /** Of the configuration that names the camera; undefined: none does yet. */
  readonly config: Config | undefined;
  readonly clock: Clock;
  readonly by: string;
  /** Where the picture goes, to be looked at. */
  readonly file: string;
  readonly ask: (question: Text) => Promise<boolean>;
  readonly say: (line: Text) => void;
  readonly signal: AbortSignal;
}

/** Whether a picture was taken; else nothing was sent, and why has been said. Throws what a camera throws. */
export async function tryOnce(parts: TrialParts): Promise<boolean> {
  const { camera, address, config, clock, by, file, ask, say, signal } = parts;
  const lanes = config === undefined ? [] : await lanesAtWork(config, camera.id, clock.wallMs());
  if (lanes.length > 0) {
    say(text.notInMaintenance(lanes));
    return false;
  }
  if (!(await ask(text.isArmClear(camera.id, address.sent)))) {
    say(text.nothingSent);
    return false;
  }
  const { frame, confirmed } = await tryAddress(camera, address, by, { clock, wallMs: clock.wallMs() }, signal);
  writeFileSync(file, frame.bytes);
  say(text.written(file));
  if (config === undefined) say(text.toBeWritten(confirmed));
  else if (await ask(text.isThePicture(file))) await confirm(config.file, camera.id, confirmed, say);
  else say(text.notConfirmed);
  return true;
}

/**
 * Lanes that this camera looks at and that are not in maintenance, as far as the store of a running box says. Throws StoreError when there is a
 * store that cannot be read: then nobody knows.
 */
async function lanesAtWork({ store, lanes }: Config, camera: string, wallMs: number): Promise<readonly string[]> {
  const own = lanes.filter((lane) => lane.camera === camera);
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

async function confirm(file: string, camera: string, confirmed: Confirmation, say: TrialParts['say']): Promise<void> {
  const yaml = readFileSync(file, 'utf8');
  const index = indexOf(yaml, camera);
  const edited = index === undefined ? undefined : editYaml(yaml, ['cameras', index, 'confirmed'], confirmed);
  if (edited === undefined) return say(text.toBeWritten(confirmed));
  await writeDurably(file, edited, statSync(file).mode & 0o777);
  say(text.confirmed(file));
}

function indexOf(yaml: string, camera: string): number | undefined {
  for (let index = 0; ; index += 1) {
    const id = glimpse(yaml, ['cameras', index, 'id']);
    if (id === undefined) return undefined;
    if (String(id) === camera) return index;
  }
}
