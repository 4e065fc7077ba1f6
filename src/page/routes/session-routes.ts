/** Routes of sessions: set-up, login, logout, password. */
import { z } from 'zod';
import { addressBlock } from '../../http/address.ts';
import { Problem } from '../../http/problem.ts';
import { auditText, pageText, routeText } from '../../text/page/server.ts';
import type { LoginOrigin } from '../access/guess-guard.ts';
import { PASSWORD_LENGTH_MAX } from '../access/password.ts';
import { PER_USER_MAX } from '../access/sessions.ts';
import type { SessionInfo } from '../api/api.ts';
import { deviceCookie, deviceOf, sessionCookie } from '../cookies.ts';
import type { PageServer } from '../page.ts';
import {
  type JsonAnswer,
  type PageRequest,
  type Route,
  type RouteResponse,
  route,
  type Who,
  whoOf,
} from '../routes.ts';

/** A user name: letters of any script, digits, `.`, `_`, `-`. */
export const userName = z
  .string()
  .max(32)
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u)
  .transform((name) => name.normalize('NFC'));
/** Its strength is checked where it is set. */
export const password = z.string().min(1).max(PASSWORD_LENGTH_MAX);

/** All visitors share one user. */
const DEMO_SESSIONS_MAX = 64;

export function sessionRoutes(page: PageServer): readonly Route[] {
  return [...loginRoutes(page), ...passwordRoutes(page)];
}

function loginRoutes(page: PageServer): readonly Route[] {
  const { accounts, sessions, guard } = page;
  return [
    route({
      method: 'GET',
      path: '/api/v1/session',
      role: 'anyone',
      summary: routeText.session,
      answers: 'SessionInfo',
      handle: (request) => {
        const { demo } = page.parts;
        if (demo !== undefined && request.who === undefined) return begin(page, pageText.demoUser, request);
        return { json: info(page, request.who) };
      },
    }),
    route({
      method: 'POST',
      path: '/api/v1/login',
      role: 'anyone',
      summary: routeText.login,
      answers: 'SessionInfo',
      body: z.strictObject({ user: z.string().max(100), password: z.string().max(PASSWORD_LENGTH_MAX) }),
      handle: async (request, { user, password: word }) => {
        if (accounts.isEmpty) throw new Problem('setup');
        const name = user.normalize('NFC');
        await refresh(page);
        if (!(await guard.login(name, placeOf(page, request), () => accounts.isPassword(name, word)))) {
          await page.note(shown(name), auditText.loginRefused(request.address));
          throw new Problem('wrongPassword');
        }
        await accounts.loggedIn(name);
        await page.note(name, auditText.login(request.address));
        return beginHere(page, name, request);
      },
    }),
    route({
      method: 'POST',
      path: '/api/v1/logout',
      role: 'anyone',
      summary: routeText.logout,
      answers: 'SessionInfo',
      body: z.strictObject({}),
      handle: async ({ who }) => {
        if (who !== undefined) await sessions.end(who.session);
        return { json: info(page, undefined), headers: { 'set-cookie': sessionCookie('', page.transport.secure) } };
      },
    }),
  ];
}

function passwordRoutes(page: PageServer): readonly Route[] {
  const { accounts, sessions, guard } = page;
  return [
    route({
      method: 'POST',
      path: '/api/v1/setup',
      role: 'setup',
      summary: routeText.setup,
      answers: 'SessionInfo',
      body: z.strictObject({ code: z.string().max(100), user: userName, password }),
      handle: async (request, { code, user, password: word }) => {
        if (!(await guard.setup(placeOf(page, request), () => accounts.isSetupCode(code)))) {
          await page.note(user, auditText.setupRefused(request.address));
          throw new Problem('wrongCode');
        }
        await accounts.add(user, 'installer', word);
        await page.note(user, auditText.setup(request.address));
        await accounts.loggedIn(user);
        return beginHere(page, user, request);
      },
    }),
    route({
      method: 'POST',
      path: '/api/v1/password',
      role: 'viewer',
      summary: routeText.password,
      answers: 'SessionInfo',
      body: z.strictObject({ old: z.string().max(PASSWORD_LENGTH_MAX), password }),
      handle: async (request, { old, password: word }) => {
        const { user, session } = whoOf(request);
        if (!(await guard.ownPassword(session.hash, () => accounts.isPassword(user, old))))
          throw new Problem('wrongPassword');
        await accounts.setPassword(user, word);
        await page.note(user, auditText.password);
        await sessions.endAll(user);
        return begin(page, user, request);
      },
    }),
  ];
}

function info({ accounts, parts, transport }: PageServer, who: Who | undefined): SessionInfo {
  return {
    state: who !== undefined ? 'in' : accounts.isEmpty ? 'setup' : 'login',
    ...(who !== undefined && { user: who.user, role: who.role }),
    demo: parts.demo !== undefined,
    version: parts.version,
    ...(transport.fingerprint !== undefined && { fingerprint: transport.fingerprint }),
  };
}

/** The command `passwd` may have set a password; sessions of the previous one end. */
async function refresh({ accounts, sessions }: PageServer): Promise<void> {
  for (const user of await accounts.refresh()) await sessions.endAll(user);
}

/** Always a new session, against session fixation. */
async function begin(page: PageServer, user: string, request: PageRequest): Promise<JsonAnswer> {
  const { sessions, accounts, parts, transport } = page;
  if (request.who !== undefined) await sessions.end(request.who.session);
  const { token, session } = await sessions.create(user, parts.demo === undefined ? PER_USER_MAX : DEMO_SESSIONS_MAX);
  const role = accounts.role(user) ?? 'installer';
  return {
    json: info(page, { user, role, session }),
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
