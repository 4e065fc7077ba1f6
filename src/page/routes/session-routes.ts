/** Routes of sessions: set-up, login, logout, password. */
import { z } from 'zod';
import { addressBlock } from '../../http/address.ts';
import { CLOSE, Problem } from '../../http/problem.ts';
import { auditText, pageText } from '../../text/page/server.ts';
import type { LoginOrigin } from '../access/guess-guard.ts';
import { PASSWORD_LENGTH_MAX } from '../access/password.ts';
import { PER_USER_MAX } from '../access/sessions.ts';
import { userName } from '../access/user-name.ts';
import type { SessionInfo } from '../api/api.ts';
import { deviceCookie, deviceOf, sessionCookie } from '../cookies.ts';
import type { JobHandle } from '../jobs.ts';
import type { PageServer } from '../page.ts';
import {
  type JsonAnswer,
  type PageRequest,
  type RouteHandlers,
  type RouteResponse,
  sessionOf,
  type Who,
  whoOf,
  withBody,
  withFile,
} from '../routes.ts';
import { asUnavailable, BACKUP_FILE, headerText, refreshUsers, restoring } from './file-routes.ts';

/** Its strength is checked where it is set. */
export const password = z.string().min(1).max(PASSWORD_LENGTH_MAX);

/** All visitors share one user. */
const DEMO_SESSIONS_MAX = 64;

export function sessionRoutes(page: PageServer) {
  const { accounts, sessions, guard } = page;
  return {
    'GET /api/v1/session': (request) => {
      const { demo } = page.parts;
      if (demo !== undefined && request.who === undefined) return begin(page, pageText.demoUser, request);
      return { json: info(page, request.who) };
    },
    'POST /api/v1/login': withBody(
      z.strictObject({ user: z.string().max(100), password: z.string().max(PASSWORD_LENGTH_MAX) }),
      async (request, { user, password: word }) => {
        if (accounts.isEmpty) throw new Problem('setup');
        const name = user.normalize('NFC');
        await refreshUsers(page);
        if (!(await guard.login(name, placeOf(page, request), () => accounts.isPassword(name, word)))) {
          await page.note(shown(name), auditText.loginRefused(request.address), 'refusals');
          throw new Problem('wrongPassword');
        }
        await accounts.loggedIn(name);
        await page.note(name, auditText.login(request.address), 'visits');
        return beginHere(page, name, request);
      },
    ),
    'POST /api/v1/logout': withBody(z.strictObject({}), async ({ who }) => {
      if (who?.session !== undefined) await sessions.end(who.session);
      return { json: info(page, undefined), headers: { 'set-cookie': sessionCookie('', page.transport.secure) } };
    }),
    'POST /api/v1/setup': withBody(
      z.strictObject({ code: z.string().max(100), user: userName, password }),
      async (request, { code, user, password: word }) => {
        if (!(await guard.setup(placeOf(page, request), () => accounts.isSetupCode(code)))) {
          await page.note(user, auditText.setupRefused(request.address), 'refusals');
          throw new Problem('wrongCode');
        }
        await accounts.add(user, 'installer', word);
        await page.note(user, auditText.setup(request.address));
        await accounts.loggedIn(user);
        return beginHere(page, user, request);
      },
    ),
    'POST /api/v1/password': withBody(
      z.strictObject({ old: z.string().max(PASSWORD_LENGTH_MAX), password }),
      async (request, { old, password: word }) => {
        const { user } = whoOf(request);
        if (!(await guard.ownPassword(sessionOf(request).hash, () => accounts.isPassword(user, old))))
          throw new Problem('wrongPassword');
        await accounts.setPassword(user, word);
        await page.note(user, auditText.password);
        await sessions.endAll(user);
        return begin(page, user, request);
      },
    ),
    'POST /api/v1/setup/restore': withFile(
      BACKUP_FILE,
      async (request, path) => {
        // The page waits for it: there is no user yet who could ask for a job.
        await restoring(page, request, path, pageText.newBox)(UNSEEN).catch(asUnavailable);
        return { json: info(page, undefined) };
      },
      {
        // The code of the first start is asked for before a byte of the file is read.
        before: async (request) => {
          const code = headerText(request, CODE_HEADER) ?? '';
          if (await guard.setup(placeOf(page, request), () => accounts.isSetupCode(code))) return;
          await page.note(pageText.newBox, auditText.setupRefused(request.address), 'refusals');
          throw new Problem('wrongCode', CLOSE);
        },
      },
    ),
  } satisfies RouteHandlers;
}

const CODE_HEADER = 'lanewarden-setup-code';
const UNSEEN: JobHandle = {
  signal: new AbortController().signal,
  progress: () => undefined,
  soFar: () => undefined,
  picture: () => undefined,
};

function info({ accounts, parts, transport }: PageServer, who: Who | undefined): SessionInfo {
  return {
    state: who !== undefined ? 'in' : accounts.isEmpty ? 'setup' : 'login',
    ...(who !== undefined && { user: who.user, role: who.role }),
    demo: parts.demo !== undefined,
    version: parts.version,
    ...(transport.fingerprint !== undefined && { fingerprint: transport.fingerprint }),
  };
}

/** Always a new session, against session fixation. */
async function begin(page: PageServer, user: string, request: PageRequest): Promise<JsonAnswer> {
  const { sessions, accounts, parts, transport } = page;
  if (request.who?.session !== undefined) await sessions.end(request.who.session);
  const { token, session } = await sessions.create(user, parts.demo === undefined ? PER_USER_MAX : DEMO_SESSIONS_MAX);
  const role = accounts.role(user) ?? 'installer';
  return {
    json: info(page, { user, role, session, own: accounts.lanes(user) }),
    headers: { 'set-cookie': [sessionCookie(token, transport.secure)] },
  };
}

/** After a password or the set-up code: remembers the place. */
async function beginHere(page: PageServer, user: string, request: PageRequest): Promise<RouteResponse> {
  const { address, device } = placeOf(page, request);
  const token = await page.places.keep(user, device, addressBlock(address));
  const answer = await begin(page, user, request);
  const cookies = [...[answer.headers?.['set-cookie'] ?? []].flat(), deviceCookie(token, page.transport.secure)];
  return { ...answer, headers: { ...answer.headers, 'set-cookie': cookies } };
}

function placeOf({ transport }: PageServer, { address, incoming }: PageRequest): LoginOrigin {
  const device = deviceOf(incoming.headers.cookie, transport.secure);
  return { address, ...(device !== undefined && { device }) };
}

/** An unknown user name may be any text: it must not reach a terminal unescaped. */
const shown = (name: string): string => name.replaceAll(/\p{C}/gu, '').slice(0, 32);
