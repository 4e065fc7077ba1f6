/** Routes of watching: overview, the live stream, signals, the queue, the points. */

import { z } from 'zod';
import { Problem } from '../../http/problem.ts';
import { textStream } from '../../http/send.ts';
import type { DismissalVoice } from '../../store/types.ts';
import { given } from '../../text/given.ts';
import { auditText, pageText } from '../../text/page/server.ts';
import { waitingText } from '../../text/page/waiting.ts';
import { beijingTime } from '../../text/text.ts';
import { ownOverview, requireOwn, type Visible } from '../access/own-lanes.ts';
import { csvWithoutPlates } from '../access/plate-mask.ts';
import type { Overview, WaitingChange } from '../api/api.ts';
import type { SheetFilter } from '../api/api-account.ts';
import { MARKS } from '../api/forms.ts';
import { hasRight } from '../api/rights.ts';
import type { ReleaseFilter } from '../box.ts';
import { overviewWith } from '../overview.ts';
import type { PageServer } from '../page.ts';
import { whoHas } from '../page-app.ts';
import {
  type PageRequest,
  queryOf,
  type RouteHandlers,
  type RouteResponse,
  type Who,
  whoOf,
  withQuery,
} from '../routes.ts';

const PAGE_MAX = 200;

const dayText = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d$/)
  .refine((day) => !Number.isNaN(Date.parse(`${day}T00:00:00Z`)));

export const filters = z.object({
  day: dayText.optional(),
  to: dayText.optional(),
  lane: z.string().max(40).optional(),
  method: z.string().max(40).optional(),
  state: z.string().max(20).optional(),
  plate: z.string().max(20).optional(),
  marked: z
    .enum([...MARKS, 'inbox'])
    .exclude(['answer'])
    .optional(),
  before: z.coerce.number().int().positive().optional(),
  limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(30),
});
/** Of all at once. */
export const allFilters = filters.omit({ before: true, limit: true });
const ofTimeline = z.object({ seconds: z.coerce.number().min(1).max(120).default(15) });
const ofCamera = z.object({ camera: z.string().max(80).optional() });
export const ofDay = z.object({ day: z.string().max(20).optional(), lane: z.string().max(40).optional() });
const ofMonth = z.object({ month: z.string().max(20).optional(), lane: z.string().max(40).optional() });
/** `width`: of the picture, its letters being 12 high. */
const ofTrend = ofDay.extend({ ...ofMonth.shape, width: z.coerce.number().min(100).max(4000).optional() });
/** `lang`: of the reasons; else that of the request. */
const inLanguage = z.object({ lang: z.enum(['zh', 'en']).optional() });
const ofPayments = inLanguage.extend({ day: z.string().max(20).default('yesterday') });

/** The filter of a list, without its empty members. */
export function releaseFilter(
  page: PageServer,
  request: PageRequest,
  read: z.infer<typeof filters> = queryOf(filters, request),
): ReleaseFilter {
  // Found letter by letter, a plate is no longer masked.
  if (request.masks && read.plate !== undefined) throw new Problem('forbidden');
  const who = whoOf(request);
  const { user, own } = who;
  if (read.lane !== undefined) requireOwn(own, [read.lane]);
  const { marked, ...rest } = read;
  const which = marked === 'inbox' ? { inbox: { who: user, voice: voiceOf(page, who) } } : { marked };
  return given({ ...rest, ...which, own }) as ReleaseFilter;
}

/** Who wishes a record away, and who may be the second one to: of a new login, which may be the first one's own, only those who can do nothing else. */
function voiceOf({ accounts }: PageServer, { user, role }: Who): DismissalVoice {
  if (!hasRight(role, 'operator')) return hasRight(role, 'auditor') ? 'agrees' : 'asks';
  return hasRight(role, 'auditor') && !accounts.isNew(user) ? 'both' : 'asks';
}

/** Of somebody who acts on it. Throws Problem `forbidden`. */
export function actingVoiceOf(page: PageServer, who: Who): DismissalVoice {
  const voice = voiceOf(page, who);
  if (voice === 'agrees' && page.accounts.isNew(who.user))
    throw new Problem('forbidden', { detail: waitingText.newUser });
  return voice;
}

/** The number in the path. Throws Problem `notFound`. */
export function idOf({ params }: PageRequest): number {
  const { record = '', id = record } = params;
  if (!/^[1-9]\d{0,14}$/.test(id)) throw new Problem('notFound');
  return Number(id);
}

export function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Problem('notFound');
  return value;
}

/** The number in the path, of a record of a lane that the user sees. Throws Problem `notFound`, `otherLane`. */
export async function ownIdOf(page: PageServer, request: PageRequest): Promise<number> {
  const id = idOf(request);
  const { own } = whoOf(request);
  if (own !== undefined) requireOwn(own, [found(await page.box().record(id)).laneId]);
  return id;
}

/** Of which day and lanes a sheet is. Throws Problem `otherLane`, and `forbidden` to a booth that asks for today. */
function sheetFilter({ clock }: PageServer, request: PageRequest, { day, month, lane }: SheetFilter): SheetFilter {
  const { own, role } = whoOf(request);
  if (lane !== undefined) requireOwn(own, [lane]);
  const isPast = day === undefined || day === 'yesterday' || day < beijingTime(clock.wallMs()).slice(0, 10);
  // By the figures of the day it would see that a car was not counted.
  if (role === 'booth' && (!isPast || month !== undefined))
    throw new Problem('forbidden', { detail: pageText.boothToday });
  return { day, month, lane, own };
}

export async function overviewOf({ parts, clock }: PageServer): Promise<Overview> {
  const waiting = parts.waiting?.view();
  const beside = { refused: parts.refused?.(), backup: parts.backup?.() };
  const overview = overviewWith(parts.configState(), await parts.box()?.overview(), clock.wallMs(), beside);
  return { ...overview, ...(waiting && { waiting: parts.masksPlates?.() ? withUnnamed(waiting) : waiting }) };
}

/** Everybody sees what waits; the plates in it only those who may read the configuration. */
const withUnnamed = (waiting: WaitingChange): WaitingChange => ({
  ...waiting,
  changes: waiting.changes.map(({ path, ...values }) =>
    path.startsWith('intake.knownVehicles') ? { path } : { path, ...values },
  ),
});

export function watchRoutes(page: PageServer) {
  return {
    'GET /api/v1/overview': async (request) => {
      const data = await overviewOf(page);
      // Who asks for it sees it in the stream as well.
      page.stream.publish({ event: 'overview', data });
      return { json: ownOverview(data, visibleTo(whoOf(request))) };
    },
    'GET /api/v1/live': { query: ['signals', 'frames'], handle: (request) => liveAnswer(page, request) },
    'GET /api/v1/releases/{id}/timeline': withQuery(ofTimeline, async (request, { seconds }) => ({
      json: found(await page.box().timeline(await ownIdOf(page, request), seconds)),
    })),
    'GET /api/v1/queue': async () => ({ json: await page.box().queue() }),
    'GET /api/v1/intake': () => ({ json: page.box().intake() }),
    'GET /api/v1/pushes': withQuery(ofCamera, (_, { camera }) => ({ json: page.box().pushes(camera) })),
    'GET /api/v1/pushes/{push}/capture': async (request) => {
      const text = JSON.stringify(found(page.box().pushCapture(Number(request.params.push))), undefined, 1);
      await page.note(whoOf(request).user, auditText.gaveCapture);
      return {
        bytes: Buffer.from(`${text}\n`),
        type: 'application/json',
        headers: { 'content-disposition': 'attachment; filename="lanewarden-capture.json"' },
      };
    },
    'GET /api/v1/observations': async () => ({ json: await page.box().observations() }),
    'GET /api/v1/evidence': async () => ({ json: await page.box().evidence() }),
    ...accountRoutes(page),
    'GET /api/v1/payments': withQuery(ofPayments, async (request, { day, lang = request.language }) => ({
      json: found(await page.box().payments(day, lang)),
    })),
    'GET /api/v1/payments.csv': withQuery(ofPayments, async (request, { day, lang = request.language }) =>
      csvAnswer([found(await page.box().paymentsCsv(day, lang))], 'payments.csv', request),
    ),
    'GET /api/v1/payments/{payment}': withQuery(inLanguage, (request, { lang = request.language }) => ({
      json: found(page.box().payment(request.params.payment ?? '', lang)),
    })),
    'GET /api/v1/signals': () => ({ json: page.box().signals() }),
  } satisfies RouteHandlers;
}

function accountRoutes(page: PageServer) {
  return {
    'GET /api/v1/account': withQuery(ofDay, async (request, query) => {
      const sheet = found(await page.box().sheet(sheetFilter(page, request, query)));
      return { json: whoOf(request).role === 'booth' ? { ...sheet, unseen: [] } : sheet };
    }),
    'GET /api/v1/account.csv': withQuery(ofDay, async (request, query) =>
      csvAnswer(found(await page.box().sheetCsv(query, request.language)), 'account.csv', request),
    ),
    'GET /api/v1/account/month': withQuery(ofMonth, async (request, query) => ({
      json: found(await page.box().month(sheetFilter(page, request, query))),
    })),
    'GET /api/v1/account/month.csv': withQuery(ofMonth, async (request, query) => {
      const text = found(await page.box().monthCsv(sheetFilter(page, request, query), request.language));
      return csvAnswer([text], 'account-month.csv', request);
    }),
    'GET /api/v1/account/trend.svg': withQuery(ofTrend, async (request, { width, ...query }) => {
      const picture = found(await page.box().trend(sheetFilter(page, request, query), request.language, width));
      return { bytes: Buffer.from(picture), type: 'image/svg+xml' };
    }),
  } satisfies RouteHandlers;
}

const csvAnswer = (parts: readonly string[], name: string, { masks }: PageRequest): RouteResponse => ({
  stream: textStream(masks ? [csvWithoutPlates(parts.join(''))] : parts),
  type: 'text/csv; charset=utf-8',
  headers: { 'content-disposition': `attachment; filename="${name}"` },
});

const visibleTo = ({ own, role }: Who): Visible => ({ own, isBooth: role === 'booth' });

async function liveAnswer(page: PageServer, request: PageRequest): Promise<RouteResponse> {
  const { incoming, query } = request;
  const who = whoOf(request);
  const { user, role, own } = who;
  const lastId = incoming.headers['last-event-id'];
  const mayRead = hasRight(role, 'viewer');
  const wish = {
    signals: mayRead && query.signals === '1',
    staff: hasRight(role, 'office'),
    masks: request.masks,
    visible: visibleTo(who),
    ...(mayRead && query.frames !== undefined && { frames: query.frames }),
    ...(typeof lastId === 'string' && { lastId }),
  };
  const isAlive = () => {
    const { session, token } = who;
    if (session === undefined) return token !== undefined && page.tokens.has(token);
    const now = page.sessions.has(session) ? whoHas(page, session) : undefined;
    // With other rights it begins anew.
    return now?.role === role && String(now.own) === String(own);
  };
  const events = await page.stream.attach(wish, { user, isAlive }, () => overviewOf(page).catch(() => undefined));
  return { stream: events, type: 'text/event-stream; charset=utf-8', headers: { 'x-accel-buffering': 'no' } };
}
