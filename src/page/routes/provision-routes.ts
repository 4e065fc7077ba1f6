/** Routes of provisioning files: what the operator needs of the box, what a file would change, and applying it. */
import { readFile, rm } from 'node:fs/promises';
import { provisionText } from '../../text/fleet/provision.ts';
import { auditText } from '../../text/page/server.ts';
import type { Text } from '../../text/text.ts';
import type { ProvisionControl } from '../file-control.ts';
import type { PageServer } from '../page.ts';
import { type RouteHandlers, whoOf, withFile } from '../routes.ts';
import { headerText, heldJob, withUsers } from './file-routes.ts';
import { beginJob } from './job-routes.ts';
import { found } from './watch-routes.ts';

const FILE = { type: 'application/vnd.lanewarden.provision', bytesMax: 8_000_000, msMax: 120_000 };
const TRUST_HEADER = 'lanewarden-trust';

export function provisionRoutes(page: PageServer) {
  return {
    'GET /api/v1/provision': async () => ({ json: await controlOf(page).view() }),
    'POST /api/v1/provision/look': withFile(FILE, async (_, path) => ({
      json: await controlOf(page).look(await textOf(path)),
    })),
    'POST /api/v1/provision': withFile(FILE, async (request, path) => {
      const { user } = whoOf(request);
      const [text, trust] = [await textOf(path), headerText(request, TRUST_HEADER)];
      if (await page.parts.waiting?.holdsProvision(text, trust, user))
        return heldJob(page, request, 'provision', auditText.provisionWaits);
      const work = await controlOf(page)
        .apply(text, trust)
        .catch(async (error: unknown) => {
          const { detail } = error as { readonly detail?: Text };
          if (detail !== undefined) await page.note(user, provisionText.refused(detail));
          throw error;
        });
      return beginJob(page, request, 'provision', withUsers(page, work));
    }),
  } satisfies RouteHandlers;
}

const controlOf = ({ parts }: PageServer): ProvisionControl => found(parts.provision);

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } finally {
    await rm(path, { force: true });
  }
}
