/** Routes of review: what people say of records, one or many, and the list of reasons. */

import { z } from 'zod';
import { plainText } from '../../http/plain-text.ts';
import { Problem } from '../../http/problem.ts';
import { given } from '../../text/given.ts';
import { auditText, pageText } from '../../text/page/server.ts';
import type { DecidedRecords, ReviewVerdict } from '../api/api-duty.ts';
import { MARKS } from '../api/forms.ts';
import type { PageServer } from '../page.ts';
import { REASONS_MAX } from '../review-reasons.ts';
import { type PageRequest, type RouteHandlers, type RouteResponse, whoOf, withBody } from '../routes.ts';
import { actingVoiceOf, found, ownIdOf } from './watch-routes.ts';

/** Records of one request. */
const MARKED_MAX = 500;
/** As it is shown, printed and sent on. */
const shownLine = (most: number) => z.string().trim().pipe(plainText(most));

const said = {
  ids: z.array(z.int().positive()).min(1).max(MARKED_MAX),
  reason: shownLine(40).optional(),
  words: shownLine(200).optional(),
  plate: shownLine(16).optional(),
  amount: z.int().min(0).max(100_000_000).optional(),
};
const mark = z.strictObject({ ...said, kind: z.enum(MARKS) });
const VERDICTS = ['checked', 'owed', 'wrong'] as const satisfies readonly ReviewVerdict[];
const decision = z.strictObject({ ...said, verdict: z.enum(VERDICTS) });

export function reviewRoutes(page: PageServer) {
  return {
    'GET /api/v1/releases/{id}/review': async (request) => {
      const view = found(await page.box().review(await ownIdOf(page, request)));
      return { json: { ...view, reasons: page.reasons.list() } };
    },
    'POST /api/v1/releases/mark': withBody(mark, async (request, { ids, ...said }) => {
      if (said.kind === 'answer' && said.words === undefined)
        throw new Problem('invalid', { errors: [{ field: 'words', message: pageText.noWords }] });
      const { user } = whoOf(request);
      const by = { who: user, from: request.address };
      const marked = await page.box().mark(ids, { ...given(said), ...by });
      if (marked.length === 0) throw new Problem('notFound');
      await page.note(user, auditText.marked(said.kind, marked));
      return { json: { marked } };
    }),
    'POST /api/v1/releases/decide': withBody(decision, (request, body) => decide(page, request, body)),
    'GET /api/v1/review/reasons': () => ({ json: { reasons: page.reasons.list() } }),
    'PUT /api/v1/review/reasons': withBody(
      z.strictObject({ reasons: z.array(shownLine(40)).max(REASONS_MAX) }),
      async (request, { reasons }) => {
        await page.reasons.set([...new Set(reasons)]);
        await page.note(whoOf(request).user, auditText.reasons(reasons));
        return { json: { reasons: page.reasons.list() } };
      },
    ),
  } satisfies RouteHandlers;
}

const NOTED = { reported: 'report', dropped: 'dismiss', agreed: 'agreeDismiss', goesOut: 'askDismiss' } as const;

async function decide(
  page: PageServer,
  request: PageRequest,
  { ids, verdict, ...more }: z.output<typeof decision>,
): Promise<RouteResponse> {
  const who = whoOf(request);
  const { user } = who;
  const voice = actingVoiceOf(page, who);
  if (voice === 'agrees' && verdict !== 'wrong') throw new Problem('forbidden');
  if (verdict !== 'owed' && more.reason === undefined && more.words === undefined)
    throw new Problem('invalid', { errors: [{ field: 'reason', message: pageText.noReason }] });
  const made: DecidedRecords = await page
    .box()
    .decide([...new Set(ids)], { ...given(more), kind: verdict, who: user, from: request.address }, voice);
  if (made.decided.length === 0) throw new Problem(voice === 'agrees' ? 'conflict' : 'notFound');
  await noteDecided(page, user, made, voice === 'agrees' ? undefined : verdict, more.reason ?? more.words);
  return { json: made };
}

/** A line for each kind of sending, and one for the marks, however many records. */
async function noteDecided(
  page: PageServer,
  user: string,
  { decided, notKept }: DecidedRecords,
  verdict: ReviewVerdict | undefined,
  why: string | undefined,
): Promise<void> {
  for (const [sending, action] of Object.entries(NOTED)) {
    const ids = decided.filter((each) => each.sending === sending).map(({ id }) => id);
    if (ids.length > 0) await page.note(user, auditText.acted(action, ids, why));
  }
  const marked = decided.filter(({ id, sending }) => sending !== 'gone' && !notKept.includes(id)).map(({ id }) => id);
  if (verdict !== undefined && marked.length > 0) await page.note(user, auditText.marked(verdict, marked));
}
