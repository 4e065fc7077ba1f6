/** Routes of updates by page. The job `update` has the progress and outlives this program. */
import { rm } from 'node:fs/promises';
import { Problem } from '../../http/problem.ts';
import { updateText } from '../../text/commands/update.made.ts';
import { auditText } from '../../text/page/server.ts';
import type { UpdateView } from '../api/api-setup.ts';
import type { PageServer } from '../page.ts';
import { type RouteHandlers, whoOf, withFile } from '../routes.ts';

const PACKAGE = { type: 'application/vnd.debian.binary-package', bytesMax: 64_000_000, msMax: 170_000 };

export function updateRoutes(page: PageServer) {
  const { version, update } = page.parts;
  return {
    'GET /api/v1/update': () => {
      const cannot = update === undefined ? updateText.needsPackage : update.cannot();
      const view: UpdateView = { version, ...(cannot && { cannot }) };
      return { json: view };
    },
    'POST /api/v1/update': withFile(PACKAGE, async (request, path) => {
      const { user } = whoOf(request);
      try {
        if (update === undefined) throw new Problem('unavailable', { detail: updateText.needsPackage });
        const { sha256 } = await update.leave(path);
        await page.note(user, auditText.updateGiven(sha256));
        return { json: update.job(), status: 202 };
      } catch (error) {
        if (error instanceof Problem) await page.note(user, auditText.updateRefused(error.text));
        throw error;
      } finally {
        await rm(path, { force: true });
      }
    }),
  } satisfies RouteHandlers;
}
