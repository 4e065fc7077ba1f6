/** Routes of files: backup and restore, the undelivered records, the support file, the evidence of a release. */

import { z } from 'zod';
import { Problem } from '../../http/problem.ts';
import { fileStream } from '../../http/send.ts';
import { auditText, pageText } from '../../text/page/server.ts';
import type { Text } from '../../text/text.ts';
import type { ApplyResult, JobKind } from '../api/api-setup.ts';
import { PASSPHRASE_MIN } from '../api/forms.ts';
import type { FileControl, MadeKind } from '../file-control.ts';
import type { JobRun } from '../jobs.ts';
import type { PageServer } from '../page.ts';
import {
  type PageRequest,
  queryOf,
  type RouteHandlers,
  type RouteResponse,
  whoOf,
  withBody,
  withFile,
} from '../routes.ts';
import { beginJob } from './job-routes.ts';
import { found, idOf, ofDay } from './watch-routes.ts';

const PASSPHRASE_HEADER = 'lanewarden-passphrase';
/** A backup that is given to the page. */
export const BACKUP_FILE = { type: 'application/zip', bytesMax: 2_000_000_000, msMax: 170_000 };

export function fileRoutes(page: PageServer) {
  return {
    'GET /api/v1/backup': {
      query: ['secrets'],
      handle: (request) => {
        if (request.query.secrets === '1')
          throw new Problem('invalid', { errors: [{ field: 'secrets', message: pageText.needsPassphrase }] });
        return madeFile(page, request, 'backup', auditText.made.backup(false));
      },
    },
    'POST /api/v1/backup': withBody(
      z.strictObject({ passphrase: z.string().min(PASSPHRASE_MIN).max(200) }),
      (request, { passphrase }) => madeFile(page, request, 'backup', auditText.made.backup(true), { passphrase }),
    ),
    'GET /api/v1/queue/export': (request) => madeFile(page, request, 'queue', auditText.made.queue),
    'GET /api/v1/support': (request) => madeFile(page, request, 'support', auditText.made.support),
    // With the pictures of its records: one that may not see them gets none of it.
    'GET /api/v1/account.zip': {
      query: ofDay,
      handle: async (request) => {
        if (request.masks) throw new Problem('forbidden');
        // Has the account kept up to now, too.
        const { day, lane } = found(await page.box().sheet(queryOf(ofDay, request)));
        return madeFile(page, request, 'account', auditText.sheetTaken(day), { day, lane });
      },
    },
    'GET /api/v1/releases/{id}/evidence': async (request) => {
      const id = idOf(request);
      found(await page.box().release(id));
      return madeFile(page, request, 'evidence', auditText.evidenceTaken([id]), { release: id });
    },
    'POST /api/v1/evidence/verify': withBody(z.strictObject({}), (request) =>
      beginJob(page, request, 'verify', filesOf(page).verify(request.language)),
    ),
    'POST /api/v1/restore': withFile(BACKUP_FILE, async (request, path) => {
      const { user } = whoOf(request);
      const wanted = { language: request.language, passphrase: headerText(request, PASSPHRASE_HEADER) };
      if (await page.parts.waiting?.holdsRestore(path, wanted, user))
        return heldJob(page, request, 'restore', auditText.restoreWaits);
      return { json: page.jobs.start('restore', restoring(page, request, path, user)), status: 202 };
    }),
  } satisfies RouteHandlers;
}

/** The work of a restore; users and passwords are then those of the backup. */
export function restoring(page: PageServer, request: PageRequest, path: string, by: string): JobRun {
  const passphrase = headerText(request, PASSPHRASE_HEADER);
  const work = filesOf(page).restore(path, request.language, passphrase, by);
  return async (job) => {
    const result = await work(job);
    // In the audit log that came back with it.
    await page.note(by, auditText.restored);
    await refreshUsers(page);
    return result;
  };
}

/** What waits for another person is kept already: it is said first, also where a job of this kind is under way. */
export async function heldJob(page: PageServer, request: PageRequest, kind: JobKind, what: Text) {
  await page.note(whoOf(request).user, what);
  const json = page.jobs.start(kind, async (): Promise<ApplyResult> => ({ state: 'waits', faults: [] }));
  return { json, status: 202 };
}

export const filesOf = ({ parts }: PageServer): FileControl => found(parts.files);

/** The command `passwd` or a restore may have changed passwords; sessions of the previous ones end. */
export async function refreshUsers({ accounts, sessions }: PageServer): Promise<void> {
  for (const user of await accounts.refresh()) await sessions.endAll(user);
}

/** For the work of a job after which there may be other users. */
export const withUsers =
  (page: PageServer, work: JobRun): JobRun =>
  async (job) => {
    const result = await work(job);
    await refreshUsers(page);
    return result;
  };

/** What a command says of its failure is no fault of this program. */
export function asUnavailable(error: unknown): never {
  const { text } = error as { readonly text?: Text };
  throw error instanceof Problem || text === undefined ? error : new Problem('unavailable', { detail: text });
}

export async function madeFile(
  page: PageServer,
  request: PageRequest,
  kind: MadeKind,
  /** For the audit log. */
  what: Text,
  options: Omit<Parameters<FileControl['make']>[2], 'signal'> = {},
): Promise<RouteResponse> {
  const { gone, language } = request;
  const { release, day } = options;
  const which = release ?? day;
  const made = await filesOf(page)
    .make(kind, language, { signal: gone, ...options })
    .catch(asUnavailable);
  try {
    await page.note(whoOf(request).user, what);
    return {
      stream: await fileStream(made.path),
      type: 'application/zip',
      headers: {
        'content-length': made.bytes,
        'content-disposition': `attachment; filename="lanewarden-${kind}${which === undefined ? '' : `-${which}`}.zip"`,
      },
      ended: made.discard,
    };
  } catch (error) {
    made.discard();
    throw error;
  }
}

/** Any text, as the page encodes it for a header. */
export function headerText({ incoming }: PageRequest, name: string): string | undefined {
  const written = incoming.headers[name];
  if (typeof written !== 'string') return undefined;
  try {
    return decodeURIComponent(written);
  } catch {
    return written;
  }
}
