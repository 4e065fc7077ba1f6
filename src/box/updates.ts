/** The page's way to an update: the signature is checked here so that a wrong file is told at once, and again by root, who alone decides. */
import { webcrypto } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Clock } from '../clock.ts';
import { Problem } from '../http/problem.ts';
import type { Job } from '../page/api-setup.ts';
import type { UpdateControl } from '../page/update-control.ts';
import { checkCarried, KEY_FILES, UpdateError, updateKey } from '../system/update.ts';
import {
  requestUpdate,
  UPDATE_RESULT,
  type UpdateMarks,
  type UpdateResult,
  updateState,
} from '../system/update-request.ts';
import type { Text } from '../text/text.ts';
import { updateText } from '../text/update.ts';

export interface UpdatePlaces extends UpdateMarks {
  /** Where the public key may be. */
  readonly keys: readonly string[];
  /** The unit that takes what is left in the spool: only the package brings it. */
  readonly unit: string;
}

/** As the package lays them out. */
export const PACKAGE_PLACES: UpdatePlaces = {
  spool: '/var/lib/lanewarden/update',
  result: UPDATE_RESULT,
  releases: '/opt/lanewarden',
  keys: KEY_FILES,
  unit: '/usr/lib/systemd/system/lanewarden-update.path',
};

export function updateControl(places: UpdatePlaces, clock: Clock): UpdateControl {
  let isTaking = false;
  const job = (): Job | undefined => {
    const state = updateState(places, clock.wallMs());
    return state && jobOf(state);
  };
  const cannot = (): Text | undefined => {
    if (!existsSync(places.unit)) return updateText.needsPackage;
    return keyOf(places) === undefined ? new UpdateError('noKey').text : undefined;
  };
  return {
    cannot,
    job,
    leave: async (path) => {
      const key = keyOf(places);
      const why = cannot();
      if (key === undefined || why !== undefined) throw new Problem('unavailable', why && { detail: why });
      if (isTaking || job()?.state === 'running') throw new Problem('busy');
      isTaking = true;
      try {
        const sha256 = await checked(path, key);
        await requestUpdate(places.spool, path);
        return { sha256 };
      } finally {
        isTaking = false;
      }
    },
  };
}

function keyOf({ keys }: UpdatePlaces): string | undefined {
  try {
    return updateKey(keys);
  } catch {
    return undefined;
  }
}

/** SHA-256 of the package. Throws Problem `invalid`. */
async function checked(path: string, key: string): Promise<string> {
  const bytes = await readFile(path);
  await checkCarried(bytes, key).catch((error: unknown) => {
    throw error instanceof UpdateError ? new Problem('invalid', { detail: error.text }) : error;
  });
  return Buffer.from(await webcrypto.subtle.digest('SHA-256', bytes)).toString('hex');
}

/** As a job, though none of this program: it goes on while the program is replaced. */
function jobOf({ state, version = '', text = updateText.failed('', '') }: UpdateResult): Job {
  const job = { id: 'update', kind: 'update' } as const;
  if (state === 'failed') return { ...job, state: 'failed', now: text, error: text };
  if (state === 'done') return { ...job, state: 'done', part: 1, now: updateText.done(version) };
  const now = state === 'proving' ? updateText.proving(version) : updateText[state];
  return { ...job, state: 'running', now };
}
