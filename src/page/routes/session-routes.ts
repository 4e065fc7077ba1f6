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

/** A name for people: letters of any script, digits, `.`, `_`, `-`. */
export const userName = z
  .string()
  .max(32)
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u)
  .transform((name) => name.normalize('NFC'));
/** Whether it is good enough is decided where it is set. */
export const password = z.string().min(1).max(PASSWORD_LENGTH_MAX);

/** Everybody is the same user there. */
const DEMO_SESSIONS_MAX = 64;

export function sessionRoutes(page: PageServer): readonly Route[] {
  const { accounts, sessions, guard, places } = page;

  const info = (who: Who | undefined): SessionInfo => ({
    state: who !== undefined ? 'in' : accounts.isEmpty ? 'setup' : 'login',
    ...(who !== undefined && { user: who.user, role: who.role }),
    demo: page.parts.demo !== undefined,
    version: page.parts.version,
    ...(page.transport.fingerprint !== undefined && { fingerprint: page.transport.fingerprint }),
  });

  /** The command `passwd` may have set a password; whoever was logged in with the former one is out. */
  const refresh = async (): Promise<void> => {
    for (const user of await accounts.refresh()) await sessions.endAll(user);
  };

  /** A session is always a new one: what a stranger may have planted before is worth nothing. */
  const begin = async (user: string, request: PageRequest): Promise<JsonAnswer> => {
    if (request.who !== undefined) await sessions.end(request.who.session);
    const { token, session } = await sessions.create(
      user,
      page.parts.demo === undefined ? PER_USER_MAX : DEMO_SESSIONS_MAX,
    );
    const role = accounts.role(user) ?? 'installer';
    return {
      json: info({ user, role, session }),
      headers: { 'set-cookie': [sessionCookie(token, page.transport.secure)] },
    };
  };

  /** After a password or the set-up code: this place is known from now on. */
  const beginHere = async (user: string, request: PageRequest): Promise<RouteResponse> => {
    const { secure } = page.transport;
    const { address, device } = placeOf(request);
    const token = await places.keep(user, device, addressBlock(address));
    const answer = await begin(user, request);
    const cookies = [...[answer.headers?.['set-cookie'] ?? []].flat(), deviceCookie(token, secure)];
    return { ...answer, headers: { ...answer.headers, 'set-cookie': cookies } };
  };

  const placeOf = ({ address, incoming }: PageRequest): LoginOrigin => {
    const device = deviceOf(incoming.headers.cookie, page.transport.secure);
    return { address, ...(device !== undefined && { device }) };
  };

  return [
    route({
      method: 'GET',
      path: '/api/v1/session',
      role: 'anyone',
      summary: routeText.session,
      answers: 'SessionInfo',
      handle: (request) => {
        const { demo } = page.parts;
        if (demo !== undefined && request.who === undefined) return begin(pageText.demoUser, request);
        return { json: info(request.who) };
      },
    }),
    route({
      method: 'POST',
      path: '/api/v1/setup',
      role: 'setup',
      summary: routeText.setup,
      answers: 'SessionInfo',
      body: z.strictObject({ code: z.string().max(100), user: userName, password }),
      handle: async (request, { code, user, password: word }) => {
        if (!(await guard.setup(placeOf(request), () => accounts.isSetupCode(code)))) {
          await page.note(user, auditText.setupRefused(request.address));
          throw new Problem('wrongCode');
        }
        await accounts.add(user, 'installer', word);
        await page.note(user, auditText.setup(request.address));
        await accounts.loggedIn(user);
        return beginHere(user, request);
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
        await refresh();
        if (!(await guard.login(name, placeOf(request), () => accounts.isPassword(name, word)))) {
          await page.note(shown(name), auditText.loginRefused(request.address));
          throw new Problem('wrongPassword');
        }
        await accounts.loggedIn(name);
        await page.note(name, auditText.login(request.address));
        return beginHere(name, request);
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
        return { json: info(undefined), headers: { 'set-cookie': sessionCookie('', page.transport.secure) } };
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
        return begin(user, request);
      },
    }),
  ];
}

/** A name that nobody has may be anything: it must not write into somebody's terminal. */
const shown = (name: string): string => name.replaceAll(/\p{C}/gu, '').slice(0, 32);
