/** The page's access to updates: the signature is checked here to report a wrong file at once, and again by root, which alone decides. */
import { webcrypto } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Clock } from '../clock.ts';
import { Problem } from '../http/problem.ts';
import type { Job } from '../page/api/api-setup.ts';
import type { UpdateControl } from '../page/machine-control.ts';
import { UpdateError } from '../system/update-error.ts';
import { KEY_PLACES, type KeyPlaces, readKeys, type UpdateKeys } from '../system/update-keys.ts';
import {
  requestUpdate,
  UPDATE_RESULT,
  type UpdateMarks,
  type UpdateResult,
  updateState,
} from '../system/update-request.ts';
import { checkCarried } from '../system/update-signature.ts';
import { updateText } from '../text/commands/update.made.ts';
import type { Text } from '../text/text.ts';

export interface UpdatePlaces extends UpdateMarks {
  /** Possible places of the public keys. */
  readonly keys: KeyPlaces;
  /** The unit that processes the spool: only the package brings it. */
  readonly unit: string;
}

/** As the package lays them out. */
export const PACKAGE_PLACES: UpdatePlaces = {
  spool: '/var/lib/lanewarden/update',
  result: UPDATE_RESULT,
  releases: '/opt/lanewarden',
  keys: KEY_PLACES,
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
    const keys = keysOf(places);
    return keys instanceof UpdateError ? keys.text : undefined;
  };
  return {
    cannot,
    job,
    leave: async (path) => {
      const why = cannot();
      const keys = keysOf(places);
      if (keys instanceof UpdateError || why !== undefined)
        throw new Problem('unavailable', { detail: why ?? (keys as UpdateError).text });
      if (isTaking || job()?.state === 'running') throw new Problem('busy');
      isTaking = true;
      try {
        const sha256 = await checked(path, keys);
        await requestUpdate(places.spool, path);
        return { sha256 };
      } finally {
        isTaking = false;
      }
    },
  };
}

/** Read each time: an administrator may have changed them. */
function keysOf({ keys }: UpdatePlaces): UpdateKeys | UpdateError {
  try {
    return readKeys(keys);
  } catch (error) {
    if (error instanceof UpdateError) return error;
    throw error;
  }
}

/** SHA-256 of the package. Throws Problem `invalid`. */
async function checked(path: string, keys: UpdateKeys): Promise<string> {
  const bytes = await readFile(path);
  await checkCarried(bytes, keys).catch((error: unknown) => {
    throw error instanceof UpdateError ? new Problem('invalid', { detail: error.text }) : error;
  });
  return Buffer.from(await webcrypto.subtle.digest('SHA-256', bytes)).toString('hex');
}

/** Shown as a job, though not of this program: it continues while the program is replaced. */
function jobOf({ state, version = '', text = updateText.failed('other') }: UpdateResult): Job {
  const job = { id: 'update', kind: 'update' } as const;
  if (state === 'failed') return { ...job, state: 'failed', now: text, error: text };
  if (state === 'done') return { ...job, state: 'done', part: 1, now: updateText.done(version) };
  const now = state === 'proving' ? updateText.proving(version) : updateText[state];
  return { ...job, state: 'running', now };
}
