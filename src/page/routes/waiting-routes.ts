/** Routes of the change that waits for a second person or an hour: agree, withdraw. What waits is in the overview. */
import { z } from 'zod';
import { Problem } from '../../http/problem.ts';
import { auditText } from '../../text/page/server.ts';
import { waitingText } from '../../text/page/waiting.ts';
import type { PageServer } from '../page.ts';
import { type RouteHandlers, whoOf, withBody } from '../routes.ts';
import type { WaitingControl } from '../waiting-control.ts';
import { withUsers } from './file-routes.ts';
import { beginJob } from './job-routes.ts';
import { found, overviewOf } from './watch-routes.ts';

const seen = z.strictObject({ id: z.string().max(64) });

export function waitingRoutes(page: PageServer) {
  return {
    'POST /api/v1/waiting/agree': withBody(seen, async (request, { id }) => {
      const { user } = whoOf(request);
      const work = controlOf(page).agree(id, user);
      if (page.accounts.isNew(user)) throw new Problem('forbidden', { detail: waitingText.newUser });
      return beginJob(page, request, 'apply', withUsers(page, work), auditText.agreed);
    }),
    'POST /api/v1/waiting/withdraw': withBody(seen, async (request, { id }) => {
      const { user } = whoOf(request);
      await controlOf(page).withdraw(id, user);
      await page.note(user, auditText.withdrew);
      const data = await overviewOf(page);
      page.stream.publish({ event: 'overview', data });
      return { json: data };
    }),
  } satisfies RouteHandlers;
}

const controlOf = ({ parts }: PageServer): WaitingControl => found(parts.waiting);
