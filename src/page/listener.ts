/** The listener of the page's requests: the built page and all routes, behind the checks of `page-app.ts`. */
import type { RequestListener } from 'node:http';
import { requestListener } from '../http/app.ts';
import { ownAddress } from '../http/own-address.ts';
import { pageLog } from '../text/page/server.ts';
import type { ExampleIds } from './api/examples.ts';
import { readAssets } from './files/assets.ts';
import { readAnswers } from './files/built-facts.ts';
import { readHelp } from './files/help.ts';
import { pageOpenApi } from './openapi.ts';
import type { PageServer } from './page.ts';
import { createPageApp } from './page-app.ts';
import { actRoutes } from './routes/act-routes.ts';
import { adminRoutes } from './routes/admin-routes.ts';
import { clockRoutes } from './routes/clock-routes.ts';
import { configRoutes } from './routes/config-routes.ts';
import { dutyRoutes } from './routes/duty-routes.ts';
import { fileRoutes } from './routes/file-routes.ts';
import { jobRoutes } from './routes/job-routes.ts';
import { personRoutes } from './routes/person-routes.ts';
import { provisionRoutes } from './routes/provision-routes.ts';
import { releaseRoutes } from './routes/release-routes.ts';
import { reviewRoutes } from './routes/review-routes.ts';
import { sessionRoutes } from './routes/session-routes.ts';
import { tokenRoutes } from './routes/token-routes.ts';
import { updateRoutes } from './routes/update-routes.ts';
import { waitingRoutes } from './routes/waiting-routes.ts';
import { watchRoutes } from './routes/watch-routes.ts';
import { wizardRoutes } from './routes/wizard-routes.ts';
import { type PageRequest, type Route, type RouteHandlers, routesOf } from './routes.ts';

export function allRoutes(page: PageServer): readonly Route[] {
  const handlers = {
    ...sessionRoutes(page),
    ...watchRoutes(page),
    ...releaseRoutes(page),
    ...actRoutes(page),
    ...reviewRoutes(page),
    ...dutyRoutes(page),
    ...configRoutes(page),
    ...waitingRoutes(page),
    ...jobRoutes(page),
    ...wizardRoutes(page),
    ...fileRoutes(page),
    ...personRoutes(page),
    ...updateRoutes(page),
    ...provisionRoutes(page),
    ...clockRoutes(page),
    ...adminRoutes(page),
    ...tokenRoutes(page),
    'GET /api/openapi.json': async ({ language, incoming }: PageRequest) => ({
      json: pageOpenApi({
        ...{ routes, version: page.parts.version, language },
        schemas: await readAnswers(page.parts.assets),
        address: ownAddress(incoming),
        ids: await exampleIds(page),
      }),
    }),
  };
  const routes = routesOf(handlers satisfies Required<RouteHandlers>);
  return routes;
}

/** None where nothing runs, or the disk does not answer. */
async function exampleIds({ parts }: PageServer): Promise<ExampleIds> {
  const [overview, list, history] = await Promise.all([
    parts
      .box()
      ?.overview()
      .catch(() => undefined),
    parts
      .box()
      ?.releases({ limit: 1 })
      .catch(() => undefined),
    parts.config?.history().catch(() => undefined),
  ]);
  return { lane: overview?.lanes[0]?.id, release: list?.items[0]?.id, history: history?.[0]?.id };
}

export async function pageListener(page: PageServer): Promise<RequestListener> {
  const assets = await readAssets(page.parts.assets);
  if (!assets.has('/')) page.log.warn(pageLog.notBuilt);
  const help = await readHelp(new URL('../help/', page.parts.assets));
  return requestListener(createPageApp(page, allRoutes(page), { assets, help }));
}
