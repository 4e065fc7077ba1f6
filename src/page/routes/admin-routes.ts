/** Routes of users, the log, the audit log, about, health and metrics. */

import { arch, release, type } from 'node:os';
import { dirname } from 'node:path';
import { z } from 'zod';
import { Problem } from '../../http/problem.ts';
import { auditText, pageText } from '../../text/page/server.ts';
import { ownNetwork } from '../access/box-name.ts';
import { isLoopback } from '../access/hosts.ts';
import { labelView } from '../access/label.ts';
import { userName } from '../access/user-name.ts';
import type { About } from '../api/api-setup.ts';
import { hasRight, USER_ROLES } from '../api/rights.ts';
import { readLicences } from '../files/built-facts.ts';
import { metricsOf } from '../metrics.ts';
import type { PageServer } from '../page.ts';
import { type RouteHandlers, whoOf, withBody, withQuery } from '../routes.ts';
import { password } from './session-routes.ts';

const logQuery = z.object({
  level: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  before: z.coerce.number().int().positive().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(200),
});

/** Absent: all. */
const boothLanes = z.array(z.string().max(40)).min(1).max(50).optional();

export function adminRoutes(page: PageServer) {
  return { ...userRoutes(page), ...recordRoutes(page), ...healthRoutes(page) } satisfies RouteHandlers;
}

function userRoutes(page: PageServer) {
  const { accounts, sessions } = page;
  const report = (who: string, detail: Readonly<Record<string, unknown>>): void =>
    page.report({ why: 'user', who, detail });
  return {
    'GET /api/v1/users': () => ({ json: accounts.list() }),
    'POST /api/v1/users': withBody(
      z.strictObject({ user: userName, password, role: z.enum(USER_ROLES), lanes: boothLanes }),
      async (request, { user, password: word, role, lanes }) => {
        if (role !== 'booth' && lanes !== undefined)
          throw new Problem('invalid', { errors: [{ field: 'lanes', message: pageText.lanesOfBooth }] });
        await requireLanes(page, lanes);
        await accounts.add(user, role, word, lanes);
        await page.note(whoOf(request).user, auditText.userAdded(user, role, lanes));
        report(whoOf(request).user, { user, done: 'added', role, ...(lanes && { lanes }) });
        return { json: accounts.list(), status: 201 };
      },
    ),
    'PUT /api/v1/users/{user}/lanes': withBody(z.strictObject({ lanes: boothLanes }), async (request, { lanes }) => {
      const { user = '' } = request.params;
      await requireLanes(page, lanes);
      await accounts.setLanes(user, lanes);
      await page.note(whoOf(request).user, auditText.userLanes(user, lanes));
      report(whoOf(request).user, { user, done: 'lanes', ...(lanes && { lanes }) });
      return { json: accounts.list() };
    }),
    'DELETE /api/v1/users/{user}': async (request) => {
      const { user = '' } = request.params;
      await accounts.remove(user);
      await sessions.endAll(user);
      await page.places.forget(user);
      await page.note(whoOf(request).user, auditText.userRemoved(user));
      report(whoOf(request).user, { user, done: 'removed' });
      return { json: accounts.list() };
    },
  } satisfies RouteHandlers;
}

/** Throws Problem `invalid` for one that the running configuration does not have. */
async function requireLanes(page: PageServer, lanes: readonly string[] | undefined): Promise<void> {
  if (lanes === undefined) return;
  const { lanes: known } = await page.box().overview();
  if (!lanes.every((lane) => known.some(({ id }) => id === lane)))
    throw new Problem('invalid', { errors: [{ field: 'lanes', message: pageText.noLane }] });
}

/** The log, the audit log, the version. */
function recordRoutes(page: PageServer) {
  const { parts } = page;
  return {
    'GET /api/v1/log': withQuery(logQuery, (_, { before, ...rest }) => ({
      json: parts.ring.list({ ...rest, ...(before !== undefined && { before }) }),
    })),
    'GET /api/v1/audit': async () => ({ json: await page.audit.list() }),
    'GET /api/v1/about': async () => {
      const { fingerprint } = page.transport;
      const about: About = {
        version: parts.version,
        node: process.version,
        system: `${type()} ${release()} ${arch()}`,
        ...(fingerprint !== undefined && { fingerprint }),
        licences: await readLicences(parts.assets),
      };
      return { json: about };
    },
    'GET /api/v1/label': () => {
      const { urls = () => [], fingerprint } = page.transport;
      const network = ownNetwork(dirname(parts.folder));
      return { json: labelView({ urls: urls(), setupCode: undefined, fingerprint, network }) };
    },
  } satisfies RouteHandlers;
}

function healthRoutes({ parts }: PageServer) {
  return {
    'GET /healthz': () => ({ json: { status: 'ok' } }),
    'GET /readyz': ({ who, address }) => {
      const box = parts.box();
      const isReady = box?.ready() === true;
      const isDegraded = isReady && (parts.configState().state !== 'good' || box.degraded());
      const unkept = box?.unkept() ?? 0;
      return {
        json: {
          status: isReady ? (isDegraded ? 'degraded' : 'ok') : 'unready',
          // Who may act on it, and not the booth: it would know when nothing leaves.
          ...((isLoopback(address) || (who !== undefined && hasRight(who.role, 'viewer'))) && {
            ...(unkept > 0 && { unkept }),
            ...(box?.paused() && { paused: true }),
          }),
        },
        status: isReady ? 200 : 503,
      };
    },
    'GET /metrics': async () => {
      const box = parts.box();
      const running = box && { overview: await box.overview(), pushes: box.pushes('') };
      const digest = parts.configDigest();
      return metricsOf({
        version: parts.version,
        ...(digest !== undefined && { config: { digest, state: parts.configState().state } }),
        counted: await parts.counted(running?.overview.devices ?? []),
        running,
      });
    },
  } satisfies RouteHandlers;
}
