/**
 * Lazy loading of the routes: they are imported at the first request, so that a box starts sooner and an unvisited page costs no memory. Requests
 * wait meanwhile.
 */
import type { RequestListener } from 'node:http';
import { pageLog } from '../text/page/server.ts';
import type { PageServer } from './page.ts';

const LOADING_FAILED = 503;

export function lazyListener(page: PageServer): RequestListener {
  let loading: Promise<RequestListener> | undefined;
  const load = async (): Promise<RequestListener> => {
    const { pageListener } = await import('./listener.ts');
    return pageListener(page);
  };
  return (request, response) => {
    loading ??= load();
    loading.then(
      (answer) => answer(request, response),
      (error: Error) => {
        loading = undefined;
        page.log.error(pageLog.broken(error.message));
        response.writeHead(LOADING_FAILED, { connection: 'close' }).end();
      },
    );
  };
}
