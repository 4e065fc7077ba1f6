/** Routes of updates by page. The job `update` has the progress and outlives this program. */
import { rm } from 'node:fs/promises';
import { Problem } from '../../http/problem.ts';
import { updateText } from '../../text/commands/update.made.ts';
import { auditText, routeText } from '../../text/page/server.ts';
import type { UpdateView } from '../api/api-setup.ts';
import type { PageServer } from '../page.ts';
import { type Route, route, whoOf } from '../routes.ts';

const PACKAGE_TYPE = 'application/vnd.debian.binary-package';
const PACKAGE_BYTES_MAX = 64_000_000;
const PACKAGE_MS_MAX = 170_000;

export function updateRoutes(page: PageServer): readonly Route[] {
  const { version, update } = page.parts;
  return [
    {
      method: 'GET',
      path: '/api/v1/update',
      role: 'installer',
      summary: routeText.update,
      answers: 'UpdateView',
      handle: () => {
        const cannot = update === undefined ? updateText.needsPackage : update.cannot();
        const view: UpdateView = { version, ...(cannot && { cannot }) };
        return { json: view };
      },
    },
    route<string>({
      method: 'POST',
      path: '/api/v1/update',
      role: 'installer',
      summary: routeText.updateGive,
      answers: 'Job',
      file: { type: PACKAGE_TYPE, bytesMax: PACKAGE_BYTES_MAX, msMax: PACKAGE_MS_MAX },
      handle: async (request, path) => {
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
      },
    }),
  ];
}
