/** Routes of review: what people say of records, one or many, and the list of reasons. */
import { z } from 'zod';
import { plainText } from '../../http/plain-text.ts';
import { Problem } from '../../http/problem.ts';
import { auditText, pageText, routeText } from '../../text/page/server.ts';
import type { MarkKind } from '../api/api-duty.ts';
import type { PageServer } from '../page.ts';
import { REASONS_MAX } from '../review-reasons.ts';
import { type Route, route, whoOf } from '../routes.ts';
import { found, ownIdOf } from './watch-routes.ts';

/** Records of one request. */
const MARKED_MAX = 500;
/** As it is shown, printed and sent on. */
const shownLine = (most: number) => z.string().trim().pipe(plainText(most));

const MARK_KINDS = ['checked', 'wrong', 'owed', 'recovered', 'open', 'answer'] as const satisfies readonly MarkKind[];

const mark = z.strictObject({
  ids: z.array(z.int().positive()).min(1).max(MARKED_MAX),
  kind: z.enum(MARK_KINDS),
  reason: shownLine(40).optional(),
  words: shownLine(200).optional(),
  plate: shownLine(16).optional(),
  amount: z.int().min(0).max(100_000_000).optional(),
});

export function reviewRoutes(page: PageServer): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/api/v1/releases/{id}/review',
      role: 'booth',
      scope: 'read',
      summary: routeText.review,
      answers: 'ReviewView',
      handle: async (request) => {
        const view = found(await page.box().review(await ownIdOf(page, request)));
        return { json: { ...view, reasons: page.reasons.list() } };
      },
    },
    route({
      method: 'POST',
      path: '/api/v1/releases/mark',
      role: 'operator',
      scope: 'act',
      summary: routeText.mark,
      answers: 'MarkedRecords',
      body: mark,
      handle: async (request, { ids, ...said }) => {
        if (said.kind === 'answer' && said.words === undefined)
          throw new Problem('invalid', { errors: [{ field: 'words', message: pageText.noWords }] });
        const given = Object.entries(said).filter(([, value]) => value !== undefined);
        const { user } = whoOf(request);
        const by = { who: user, from: request.address };
        const marked = await page.box().mark(ids, { ...Object.fromEntries(given), kind: said.kind, ...by });
        if (marked.length === 0) throw new Problem('notFound');
        await page.note(user, auditText.marked(said.kind, marked));
        return { json: { marked } };
      },
    }),
    {
      method: 'GET',
      path: '/api/v1/review/reasons',
      role: 'viewer',
      scope: 'read',
      summary: routeText.reasonList,
      answers: 'ReasonList',
      handle: () => ({ json: { reasons: page.reasons.list() } }),
    },
    route({
      method: 'PUT',
      path: '/api/v1/review/reasons',
      role: 'operator',
      summary: routeText.reasons,
      answers: 'ReasonList',
      body: z.strictObject({ reasons: z.array(shownLine(40)).max(REASONS_MAX) }),
      handle: async (request, { reasons }) => {
        await page.reasons.set([...new Set(reasons)]);
        await page.note(whoOf(request).user, auditText.reasons(reasons));
        return { json: { reasons: page.reasons.list() } };
      },
    }),
  ];
}
