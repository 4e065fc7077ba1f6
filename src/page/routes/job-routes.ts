/** Routes of jobs: start, status, cancel, picture. `PageParts.jobs` has the kinds. */
import { z } from 'zod';
import { Problem } from '../../http/problem.ts';
import { auditText } from '../../text/page/server.ts';
import type { Text } from '../../text/text.ts';
import type { Right } from '../api/api.ts';
import type { Job, JobKind } from '../api/api-setup.ts';
import { hasRight } from '../api/rights.ts';
import type { JobRun } from '../jobs.ts';
import type { PageServer } from '../page.ts';
import { type JsonAnswer, type PageRequest, type RouteHandlers, whoOf, withBody } from '../routes.ts';
import { found } from './watch-routes.ts';

/** The role to start a job also reads and cancels it. Other kinds have their own routes. */
const ROLES: Readonly<Partial<Record<JobKind, Right>>> = {
  scan: 'installer',
  learn: 'installer',
  teach: 'installer',
  snapshot: 'operator',
  rehearse: 'installer',
  diagnose: 'operator',
  verify: 'office',
};

const start = z.looseObject({ kind: z.string().max(20) });

/** Starts a job, which the audit log says. */
export async function beginJob(
  { jobs, note }: PageServer,
  request: PageRequest,
  kind: JobKind,
  run: JobRun,
  what: Text = auditText.job(kind),
): Promise<JsonAnswer> {
  const job = jobs.start(kind, run);
  await note(whoOf(request).user, what);
  return { json: job, status: 202 };
}

export function jobRoutes(page: PageServer) {
  const { jobs, parts } = page;
  /** The job that outlives this program. */
  const update = (): readonly Job[] => [parts.update?.job() ?? []].flat();
  return {
    'GET /api/v1/jobs': () => ({ json: [...jobs.all(), ...update()] }),
    'POST /api/v1/jobs': withBody(start, async (request, { kind: named, ...input }) => {
      const kind = named as JobKind;
      const { user, role } = whoOf(request);
      const maker = Object.hasOwn(parts.jobs, kind) ? parts.jobs[kind] : undefined;
      if (maker === undefined) throw new Problem('notFound');
      if (!hasRight(role, ROLES[kind] ?? 'installer')) throw new Problem('forbidden');
      const isTrial = kind === 'snapshot' && input.armClear === true;
      const what = isTrial ? auditText.addressTrial(String(input.camera)) : auditText.job(kind);
      return beginJob(page, request, kind, maker(input, { user, role }), what);
    }),
    'GET /api/v1/jobs/{id}': ({ params: { id = '' } }) => ({
      json: found(jobs.get(id) ?? update().find((job) => job.id === id)),
    }),
    'DELETE /api/v1/jobs/{id}': (request) => {
      const job = found(jobs.get(request.params.id ?? ''));
      if (!hasRight(whoOf(request).role, ROLES[job.kind] ?? 'installer')) throw new Problem('forbidden');
      return { json: found(jobs.cancel(job.id)) };
    },
    'GET /api/v1/jobs/{id}/picture': ({ params: { id = '' } }) => ({
      bytes: found(jobs.picture(id)),
      type: 'image/jpeg',
    }),
  } satisfies RouteHandlers;
}
