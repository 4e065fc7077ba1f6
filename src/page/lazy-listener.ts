/**
 * Loads what answers the page's requests at the first of them: a box is up sooner without it, and one that nobody looks at never has it in memory.
 * Requests that come meanwhile wait for it.
 */
import type { RequestListener } from 'node:http';
import { pageLog } from '../text/page/server.ts';
import type { PageServer } from './page.ts';

const LOADING_FAILED = 503;

export function lateListener(page: PageServer): RequestListener {
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
