/** Routes that read releases: for the page (`/api/v1`), and for programs in the shape of MQTT and webhook (`/api/v2`). */
import { z } from 'zod';
import type { ReleasePage } from '../../delivery/contract.ts';
import { releaseNow } from '../../delivery/fact-bodies.ts';
import { Problem } from '../../http/problem.ts';
import { auditText } from '../../text/page/server.ts';
import type { PageServer } from '../page.ts';
import { described, type RouteHandlers, whoOf, withQuery } from '../routes.ts';
import { filters, found, idOf, ownIdOf, releaseFilter } from './watch-routes.ts';

const VIEW_MS = 3_600_000;
const VIEWS_MAX = 1_000;

const where = z.object({ where: z.enum(['before', 'after', 'second', 'small']).optional() });
const { method: cause, ...otherFilters } = filters.shape;
const programFilters = z.strictObject({ ...otherFilters, cause }); // one that nobody knows would let everything through

export function releaseRoutes(page: PageServer) {
  const views = new PictureViews();
  const picture = withQuery(where, async (request, { where: beside }) => {
    const at = beside ?? 'at';
    if (request.masks) throw new Problem('forbidden');
    const id = await ownIdOf(page, request);
    const bytes = found(await page.box().picture(id, at));
    const { user } = whoOf(request);
    const isSmall = at === 'small';
    if (views.isFirst(user, isSmall ? 'small' : id, page.clock.nowMs()))
      await page.note(user, isSmall ? auditText.lookedAtList : auditText.looked(id), 'visits');
    return { bytes, type: 'image/jpeg' };
  });
  return {
    'GET /api/v1/releases': withQuery(filters, async (request, read) => ({
      json: await page.box().releases(releaseFilter(page, request, read)),
    })),
    'GET /api/v1/releases/{id}': async (request) => ({
      json: found(await page.box().release(await ownIdOf(page, request))),
    }),
    'GET /api/v1/releases/{id}/picture': picture,
    'GET /api/v2/releases': withQuery(programFilters, async (request, { cause: method, ...read }) => {
      const { items, ...rest } = await page.box().records(releaseFilter(page, request, { ...read, method }));
      return { json: { items: items.map(releaseNow), ...rest } satisfies ReleasePage };
    }),
    'GET /api/v2/releases/{record}': async (request) => ({
      json: releaseNow(found(await page.box().record(idOf(request)))),
    }),
    'GET /api/v2/releases/{record}/picture': picture,
  } satisfies RouteHandlers;
}

/** What programs may rely on, without a box: `lanewarden schema` describes it. */
export const PROGRAM_ROUTES = [
  { ...described('GET /api/v2/releases'), query: programFilters },
  described('GET /api/v2/releases/{record}'),
  { ...described('GET /api/v2/releases/{record}/picture'), query: where },
];

/**
 * Who has looked at which pictures of late: one line of the audit log an hour for each, however often a page loads them. The small ones of lists have
 * one together: a line for each would push out of the log what people did.
 */
class PictureViews {
  readonly #atMs = new Map<string, number>();

  isFirst(user: string, of: number | 'small', nowMs: number): boolean {
    const key = `${of} ${user}`;
    const isFirst = nowMs - (this.#atMs.get(key) ?? Number.NEGATIVE_INFINITY) >= VIEW_MS;
    if (!isFirst) return false;
    this.#atMs.delete(key);
    this.#atMs.set(key, nowMs);
    const [oldest] = this.#atMs.keys();
    if (this.#atMs.size > VIEWS_MAX && oldest !== undefined) this.#atMs.delete(oldest);
    return true;
  }
}
