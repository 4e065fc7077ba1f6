/** Routes of users, the log, the audit log, about, health and metrics. */

import { arch, release, type } from 'node:os';
import { dirname } from 'node:path';
import { z } from 'zod';
import { Problem } from '../../http/problem.ts';
import { auditText, pageText, routeText } from '../../text/page/server.ts';
import { USER_ROLES } from '../access/accounts.ts';
import { ownNetwork } from '../access/box-name.ts';
import { isLoopback } from '../access/hosts.ts';
import { labelView } from '../access/label.ts';
import { userName } from '../access/user-name.ts';
import type { About } from '../api/api-setup.ts';
import { hasRight } from '../api/rights.ts';
import { readLicences } from '../files/built-facts.ts';
import { metricsOf } from '../metrics.ts';
import type { PageServer } from '../page.ts';
import { type Route, route, whoOf } from '../routes.ts';
import { password } from './session-routes.ts';
import { queryOf } from './watch-routes.ts';

const logQuery = z.object({
  level: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  before: z.coerce.number().int().positive().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(200),
});

/** Absent: all. */
const boothLanes = z.array(z.string().max(40)).min(1).max(50).optional();

export function adminRoutes(page: PageServer): readonly Route[] {
  return [...userRoutes(page), ...recordRoutes(page), ...healthRoutes(page)];
}

function userRoutes(page: PageServer): readonly Route[] {
  const { accounts, sessions } = page;
  return [
    {
      method: 'GET',
      path: '/api/v1/users',
      role: 'auditor',
      summary: routeText.users,
      answers: 'UserRow[]',
      handle: () => ({ json: accounts.list() }),
    },
    route({
      method: 'POST',
      path: '/api/v1/users',
      role: 'installer',
      summary: routeText.userAdd,
      answers: 'UserRow[]',
      body: z.strictObject({ user: userName, password, role: z.enum(USER_ROLES), lanes: boothLanes }),
      handle: async (request, { user, password: word, role, lanes }) => {
        if (role !== 'booth' && lanes !== undefined)
          throw new Problem('invalid', { errors: [{ field: 'lanes', message: pageText.lanesOfBooth }] });
        await requireLanes(page, lanes);
        await accounts.add(user, role, word, lanes);
        await page.note(whoOf(request).user, auditText.userAdded(user, role, lanes));
        page.report({
          why: 'user',
          who: whoOf(request).user,
          detail: { user, done: 'added', role, ...(lanes && { lanes }) },
        });
        return { json: accounts.list(), status: 201 };
      },
    }),
    route({
      method: 'PUT',
      path: '/api/v1/users/{user}/lanes',
      role: 'installer',
      summary: routeText.userLanes,
      answers: 'UserRow[]',
      body: z.strictObject({ lanes: boothLanes }),
      handle: async (request, { lanes }) => {
        const { user = '' } = request.params;
        await requireLanes(page, lanes);
        await accounts.setLanes(user, lanes);
        await page.note(whoOf(request).user, auditText.userLanes(user, lanes));
        page.report({
          why: 'user',
          who: whoOf(request).user,
          detail: { user, done: 'lanes', ...(lanes && { lanes }) },
        });
        return { json: accounts.list() };
      },
    }),
    {
      method: 'DELETE',
      path: '/api/v1/users/{user}',
      role: 'installer',
      summary: routeText.userRemove,
      answers: 'UserRow[]',
      handle: async (request) => {
        const { user = '' } = request.params;
        await accounts.remove(user);
        await sessions.endAll(user);
        await page.places.forget(user);
        await page.note(whoOf(request).user, auditText.userRemoved(user));
        page.report({ why: 'user', who: whoOf(request).user, detail: { user, done: 'removed' } });
        return { json: accounts.list() };
      },
    },
  ];
}

/** Throws Problem `invalid` for one that the running configuration does not have. */
async function requireLanes(page: PageServer, lanes: readonly string[] | undefined): Promise<void> {
  if (lanes === undefined) return;
  const { lanes: known } = await page.box().overview();
  if (!lanes.every((lane) => known.some(({ id }) => id === lane)))
    throw new Problem('invalid', { errors: [{ field: 'lanes', message: pageText.noLane }] });
}

/** The log, the audit log, the version. */
function recordRoutes(page: PageServer): readonly Route[] {
  const { parts } = page;
  return [
    {
      method: 'GET',
      path: '/api/v1/log',
      role: 'office',
      summary: routeText.log,
      answers: 'LogRow[]',
      query: logQuery,
      handle: (request) => {
        const { before, ...rest } = queryOf(logQuery, request);
        return { json: parts.ring.list({ ...rest, ...(before !== undefined && { before }) }) };
      },
    },
    {
      method: 'GET',
      path: '/api/v1/audit',
      role: 'auditor',
      summary: routeText.audit,
      answers: 'AuditRow[]',
      handle: async () => ({ json: await page.audit.list() }),
    },
    {
      method: 'GET',
      path: '/api/v1/about',
      role: 'viewer',
      scope: 'read',
      summary: routeText.about,
      answers: 'About',
      handle: async () => {
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
    },
    {
      method: 'GET',
      path: '/api/v1/label',
      role: 'installer',
      summary: routeText.label,
      answers: 'LabelView',
      handle: () => {
        const { urls = () => [], fingerprint } = page.transport;
        const network = ownNetwork(dirname(parts.folder));
        return { json: labelView({ urls: urls(), setupCode: undefined, fingerprint, network }) };
      },
    },
  ];
}

function healthRoutes({ parts }: PageServer): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/healthz',
      role: 'anyone',
      summary: routeText.health,
      answers: 'Health',
      handle: () => ({ json: { status: 'ok' } }),
    },
    {
      method: 'GET',
      path: '/readyz',
      role: 'anyone',
      scope: 'metrics',
      summary: routeText.ready,
      answers: 'Readiness',
      handle: ({ who, address }) => {
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
    },
    {
      method: 'GET',
      path: '/metrics',
      role: 'viewer',
      scope: 'metrics',
      summary: routeText.metrics,
      answers: 'text/plain',
      handle: async () => {
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
    },
  ];
}
