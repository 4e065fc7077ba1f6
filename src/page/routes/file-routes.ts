/** Routes of files: backup and restore, the undelivered records, the support file. */
import { z } from 'zod';
import { Problem } from '../../http/problem.ts';
import { fileStream } from '../../http/send.ts';
import { auditText, pageText, routeText } from '../../text/page/server.ts';
import type { Text } from '../../text/text.ts';
import type { FileControl, MadeKind } from '../file-control.ts';
import type { PageServer } from '../page.ts';
import { type PageRequest, type Route, type RouteResponse, route, whoOf } from '../routes.ts';

const PASSPHRASE_MIN = 8;
const RESTORE_BYTES_MAX = 2_000_000_000;
const RESTORE_MS_MAX = 170_000;
export const PASSPHRASE_HEADER = 'lanewarden-passphrase';

export function fileRoutes(page: PageServer): readonly Route[] {
  const control = (): FileControl => {
    const { files } = page.parts;
    if (files === undefined) throw new Problem('notFound');
    return files;
  };
  const make = async (request: PageRequest, kind: MadeKind, passphrase?: string): Promise<RouteResponse> => {
    const { gone, language } = request;
    const made = await control()
      .make(kind, language, { signal: gone, ...(passphrase !== undefined && { passphrase }) })
      .catch((error: unknown) => {
        const { text } = error as { readonly text?: Text };
        throw error instanceof Problem || text === undefined ? error : new Problem('unavailable', { detail: text });
      });
    try {
      await page.note(whoOf(request).user, auditText.made(kind, passphrase !== undefined));
      return {
        stream: await fileStream(made.path),
        type: 'application/zip',
        headers: {
          'content-length': made.bytes,
          'content-disposition': `attachment; filename="lanewarden-${kind}.zip"`,
        },
        ended: made.discard,
      };
    } catch (error) {
      made.discard();
      throw error;
    }
  };
  const zip = { method: 'GET', answers: 'application/zip' } as const;
  return [
    route({
      ...zip,
      path: '/api/v1/backup',
      role: 'installer',
      summary: routeText.backup,
      query: ['secrets'],
      handle: (request) => {
        if (request.query.secrets === '1')
          throw new Problem('invalid', { errors: [{ field: 'secrets', message: pageText.needsPassphrase }] });
        return make(request, 'backup');
      },
    }),
    route({
      ...zip,
      method: 'POST',
      path: '/api/v1/backup',
      role: 'installer',
      summary: routeText.backupSecrets,
      body: z.strictObject({ passphrase: z.string().min(PASSPHRASE_MIN).max(200) }),
      handle: (request, { passphrase }) => make(request, 'backup', passphrase),
    }),
    route({
      ...zip,
      path: '/api/v1/queue/export',
      role: 'operator',
      summary: routeText.queueExport,
      handle: (request) => make(request, 'queue'),
    }),
    route({
      ...zip,
      path: '/api/v1/support',
      role: 'installer',
      summary: routeText.support,
      handle: (request) => make(request, 'support'),
    }),
    route<string>({
      method: 'POST',
      path: '/api/v1/restore',
      role: 'installer',
      summary: routeText.restore,
      answers: 'Job',
      file: { type: 'application/zip', bytesMax: RESTORE_BYTES_MAX, msMax: RESTORE_MS_MAX },
      handle: async (request, path) => {
        const { user } = whoOf(request);
        const written = request.incoming.headers[PASSPHRASE_HEADER];
        const passphrase = typeof written === 'string' ? decoded(written) : undefined;
        const job = page.jobs.start('restore', control().restore(path, request.language, passphrase, user));
        await page.note(user, auditText.restored);
        return { json: job, status: 202 };
      },
    }),
  ];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
