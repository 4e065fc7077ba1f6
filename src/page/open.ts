/** Opens the page: certificate, accounts, server; and keeps trying when its port is taken. The lanes never wait for it. */
import type { ListenConfig } from '../config/types.ts';
import type { HttpServer } from '../http/listener.ts';
import { httpLog } from '../text/http.ts';
import { pageLog } from '../text/page/server.ts';
import { openCertificate } from './access/certificate.ts';
import { lateListener } from './lazy-listener.ts';
import { createPage, type PageServer, type PageTransport } from './page.ts';
import type { PageParts } from './parts.ts';
import { listenPage } from './server.ts';

/** Where the page is. */
export interface Where {
  readonly listen: ListenConfig;
  /** HTTPS, with the box's own certificate. */
  readonly secure: boolean;
}

export interface OpenOptions extends Where {
  readonly parts: PageParts;
  /** When the port is taken the next ones are tried: for a demonstration, where nobody knows the address yet. */
  readonly nextFree?: boolean;
}

export interface OpenPage {
  readonly page: PageServer;
  /** undefined: the port is taken; it is tried again. */
  readonly url: string | undefined;
  /** From now on there. Connections under way end. */
  move(where: Where): Promise<void>;
  close(): Promise<void>;
}

const AGAIN_MS = 15_000;
const PORTS_TRIED = 20;
const OVERVIEW_MS = 5_000;
const JOBS_END_MS = 3_000;

/** Rejects only when the state folder cannot be used. */
export async function openPage(options: OpenOptions): Promise<OpenPage> {
  const { parts } = options;
  const { clock, log } = parts;
  const transport: PageTransport = { secure: options.secure };
  const page = await createPage(parts, transport);
  const answer = lateListener(page);
  const stopped = new AbortController();
  let where: Where = options;
  let server: HttpServer | undefined;
  let turn: Promise<void> = Promise.resolve();

  const listenOn = async (port: number): Promise<HttpServer> => {
    const certificate = where.secure ? await openCertificate(parts.folder, clock) : undefined;
    transport.secure = where.secure;
    delete transport.fingerprint;
    if (certificate !== undefined) transport.fingerprint = certificate.fingerprint;
    const broken = (error: Error) => log.error(pageLog.broken(error.message));
    return listenPage({
      answer,
      clock,
      listen: { ...where.listen, port },
      broken,
      onShed: (block, count) => log.warn(httpLog.shed('page', block, count)),
      ...(certificate && { certificate }),
    });
  };
  const listen = async (): Promise<void> => {
    const { host, port } = where.listen;
    for (let tried = 0; ; tried += 1) {
      try {
        server = await listenOn(port === 0 ? 0 : port + tried);
        log.info(pageLog.listening(server.url));
        if (transport.fingerprint !== undefined) log.info(pageLog.fingerprint(transport.fingerprint));
        return;
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        if (options.nextFree === true && code === 'EADDRINUSE' && tried < PORTS_TRIED) continue;
        log.error(pageLog.cannotListen(`${host}:${port}`, message));
        return;
      }
    }
  };
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    turn = turn.then(work);
    return turn;
  };
  const keepTrying = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      await clock.sleep(AGAIN_MS, stopped.signal);
      if (stopped.signal.aborted) return;
      await inTurn(async () => {
        if (server === undefined && !stopped.signal.aborted) await listen();
        for (const user of await page.accounts.refresh()) await page.sessions.endAll(user);
      });
    }
  };
  await inTurn(listen);
  const work = [keepTrying(), tellOverview(page, stopped.signal)];
  const quiet = parts.ring.onLine((data) => parts.stream.publish({ event: 'log', data }));
  const { setupCode } = page.accounts;
  if (setupCode !== undefined && parts.demo === undefined) log.warn(pageLog.setupCode(setupCode));

  return {
    page,
    get url() {
      return server?.url;
    },
    move: (to) =>
      inTurn(async () => {
        if (isSame(where, to)) return;
        where = to;
        await server?.close();
        server = undefined;
        await listen();
      }),
    close: async () => {
      stopped.abort();
      quiet();
      await Promise.all(work);
      await page.jobs.close(JOBS_END_MS);
      page.stream.close();
      await server?.close();
      await page.sessions.close();
    },
  };
}

const isSame = (a: Where, b: Where): boolean =>
  a.secure === b.secure && a.listen.host === b.listen.host && a.listen.port === b.listen.port;

/** For everybody who watches, rendered once. */
async function tellOverview(page: PageServer, signal: AbortSignal): Promise<void> {
  const { stream, clock } = page;
  while (!signal.aborted) {
    await clock.sleep(OVERVIEW_MS, signal);
    if (signal.aborted || stream.clients === 0) continue;
    const { overviewOf } = await import('./routes/watch-routes.ts');
    await overviewOf(page).then(
      (data) => stream.publish({ event: 'overview', data }),
      () => undefined,
    );
  }
}
