/** Routes of sessions: set-up, login, logout, password. */
import { z } from 'zod';
import { auditText, pageText, routeText } from '../../text/page/server.ts';
import { PASSWORD_LENGTH_MAX } from '../access/password.ts';
import { PER_USER_MAX } from '../access/sessions.ts';
import type { SessionInfo } from '../api.ts';
import { sessionCookie } from '../gate.ts';
import type { Page } from '../page.ts';
import { Problem } from '../problem.ts';
import { type Answer, type PageRequest, type Route, route, type Who, whoOf } from '../routes.ts';

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

export function sessionRoutes(page: Page): readonly Route[] {
  const { accounts, sessions, attempts } = page;

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
  const begin = async (user: string, request: PageRequest): Promise<Answer> => {
    if (request.who !== undefined) await sessions.end(request.who.session);
    const { token, session } = await sessions.create(
      user,
      page.parts.demo === undefined ? PER_USER_MAX : DEMO_SESSIONS_MAX,
    );
    const role = accounts.role(user) ?? 'installer';
    return {
      json: info({ user, role, session }),
      headers: { 'set-cookie': sessionCookie(token, page.transport.secure) },
    };
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
        const names = ['setup', `from ${request.address}`];
        attempts.begin(names);
        if (!accounts.isSetupCode(code)) {
          await page.note(user, auditText.setupRefused(request.address));
          throw new Problem('wrongCode');
        }
        attempts.succeeded(names);
        await accounts.add(user, 'installer', word);
        await page.note(user, auditText.setup(request.address));
        await accounts.loggedIn(user);
        return begin(user, request);
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
        const names = [`as ${name}`, `from ${request.address}`];
        attempts.begin(names);
        await refresh();
        if (!(await accounts.isPassword(name, word))) {
          await page.note(shown(name), auditText.loginRefused(request.address));
          throw new Problem('wrongPassword');
        }
        attempts.succeeded(names);
        await accounts.loggedIn(name);
        await page.note(name, auditText.login(request.address));
        return begin(name, request);
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
        const { user } = whoOf(request);
        const names = [`as ${user}`, `from ${request.address}`];
        attempts.begin(names);
        if (!(await accounts.isPassword(user, old))) throw new Problem('wrongPassword');
        attempts.succeeded(names);
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
