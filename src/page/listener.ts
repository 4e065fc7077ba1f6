/** Everything that answers the page's requests: the built page and the table of routes behind their gate, as a listener of Node's server. */
import type { RequestListener } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { pageLog, routeText } from '../text/page/server.ts';
import { actRoutes } from './act-routes.ts';
import { adminRoutes } from './admin-routes.ts';
import { readAssets } from './assets.ts';
import { configRoutes } from './config-routes.ts';
import { fileRoutes } from './file-routes.ts';
import { createGate } from './gate.ts';
import { jobRoutes } from './job-routes.ts';
import { openApi } from './openapi.ts';
import type { Page } from './page.ts';
import type { Route } from './routes.ts';
import { sessionRoutes } from './session-routes.ts';
import { updateRoutes } from './update-routes.ts';
import { watchRoutes } from './watch-routes.ts';
import { wizardRoutes } from './wizard-routes.ts';

export function allRoutes(page: Page): readonly Route[] {
  const routes: readonly Route[] = [
    ...sessionRoutes(page),
    ...watchRoutes(page),
    ...actRoutes(page),
    ...configRoutes(page),
    ...jobRoutes(page),
    ...wizardRoutes(page),
    ...fileRoutes(page),
    ...updateRoutes(page),
    ...adminRoutes(page),
    {
      method: 'GET',
      path: '/api/openapi.json',
      role: 'viewer',
      summary: routeText.api,
      handle: ({ language }) => ({ json: openApi(routes, page.parts.version, language) }),
    },
  ];
  return routes;
}

export async function pageListener(page: Page): Promise<RequestListener> {
  const assets = await readAssets(page.parts.assets);
  if (!assets.has('/')) page.log.warn(pageLog.notBuilt);
  const gate = createGate(page, allRoutes(page), assets);
  // The globals of the program stay its own.
  return getRequestListener(gate.fetch, { overrideGlobalObjects: false });
}
