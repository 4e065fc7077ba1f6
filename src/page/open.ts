/** Opens the page: certificate, accounts, server; retries while its port is taken. The lanes never wait for it. */
import { writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { dirname } from 'node:path';
import type { ListenConfig } from '../config/types.ts';
import type { HttpServer } from '../http/listener.ts';
import { httpLog } from '../text/http.ts';
import { pageLog } from '../text/page/server.ts';
import { ownNetwork } from './access/box-name.ts';
import { type Certificate, type FollowOptions, followCertificate, openCertificate } from './access/certificate.ts';
import { labelLines, pageUrls } from './access/label.ts';
import type { HashCost } from './access/password.ts';
import { lazyListener } from './lazy-listener.ts';
import { createPage, type PageServer } from './page.ts';
import type { PageParts } from './parts.ts';
import { listenPage } from './server.ts';

/** Address of the page. */
export interface Where {
  readonly listen: ListenConfig;
  /** HTTPS, with the box's own certificate. */
  readonly secure: boolean;
}

export interface OpenOptions extends Where {
  readonly parts: PageParts;
  /** Tries the next ports if the port is taken: for a demonstration, whose address is not known before. */
  readonly nextFree?: boolean;
  /** Of passwords and PINs, for tests, which log in hundreds of times. */
  readonly hashCost?: HashCost;
  /** Where the console finds the label: a file that is kept up to date. */
  readonly labelFile?: string;
}

export interface OpenPage {
  readonly page: PageServer;
  /** undefined: the port is taken; retrying. */
  readonly url: string | undefined;
  /** Moves to another address. Open connections end. */
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
  const page = await createPage(parts, { secure: options.secure }, options.hashCost);
  const socket = new PageSocket(options, page);
  page.transport.urls = () => socket.urls();
  const stopped = new AbortController();
  await socket.listen();
  await socket.showLabel();
  const work = [
    keepTrying(page, socket, stopped.signal),
    followCertificate(socket.certificate(), stopped.signal),
    publishOverview(page, stopped.signal),
  ];
  const quiet = parts.ring.onLine((data) => parts.stream.publish({ event: 'log', data }));
  const { setupCode } = page.accounts;
  if (setupCode !== undefined && parts.demo === undefined) parts.log.warn(pageLog.setupCode(setupCode));
  return {
    page,
    get url() {
      return socket.url;
    },
    move: (to) => socket.move(to),
    close: async () => {
      stopped.abort();
      quiet();
      await Promise.all(work);
      await page.jobs.close(JOBS_END_MS);
      page.stream.close();
      await socket.close();
      await page.sessions.close();
    },
  };
}

/** Where the page listens now. Listening and moving run in turn. */
class PageSocket {
  readonly #options: OpenOptions;
  readonly #page: PageServer;
  readonly #answer: RequestListener;
  #where: Where;
  #server: HttpServer | undefined;
  #certificate: Certificate | undefined;
  #label: string | undefined;
  #turn: Promise<void> = Promise.resolve();

  constructor(options: OpenOptions, page: PageServer) {
    this.#options = options;
    this.#page = page;
    this.#answer = lazyListener(page);
    this.#where = options;
  }

  get url(): string | undefined {
    return this.#server?.url;
  }

  /** What it serves, and how it takes another one. */
  certificate(): FollowOptions {
    const { clock, log, parts, transport } = this.#page;
    const take = (certificate: Certificate): void => {
      this.#server?.renew({ key: certificate.key, cert: certificate.certificate });
      this.#certificate = certificate;
      transport.fingerprint = certificate.fingerprint;
    };
    return { ...{ folder: parts.folder, clock, log, take }, served: () => this.#server && this.#certificate };
  }

  /** Does nothing while it listens. A failure is logged. */
  listen(): Promise<void> {
    return this.#inTurn(() => this.#listen());
  }

  move(to: Where): Promise<void> {
    return this.#inTurn(async () => {
      if (isSame(this.#where, to)) return;
      this.#where = to;
      await this.close();
      await this.#listen();
    });
  }

  /** As it is now: an address may come later, and a set-up code is used once. Nobody at the console is no fault. */
  async showLabel(): Promise<void> {
    const { labelFile } = this.#options;
    if (labelFile === undefined) return;
    const { accounts, transport } = this.#page;
    const { fingerprint } = transport;
    // In English: the console of a Linux machine has no Chinese characters.
    const network = ownNetwork(dirname(this.#page.parts.folder));
    const lines = labelLines({ urls: this.urls(), setupCode: accounts.setupCode, fingerprint, network }, 'en');
    const text = this.#server === undefined ? '' : `${lines.join('\n')}\n\n`;
    if (text === this.#label) return;
    this.#label = text;
    await writeFile(labelFile, text, { mode: 0o644 }).catch(() => undefined);
  }

  /** Real ones, also where it listens on every address. */
  urls(): readonly string[] {
    const url = this.#server?.url;
    const { listen, secure } = this.#where;
    return url === undefined ? [] : pageUrls({ ...listen, port: Number(new URL(url).port) }, secure);
  }

  async close(): Promise<void> {
    await this.#server?.close();
    this.#server = undefined;
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(work);
    return this.#turn;
  }

  async #listen(): Promise<void> {
    if (this.#server !== undefined) return;
    const { log, transport } = this.#page;
    const { host, port } = this.#where.listen;
    for (let tried = 0; ; tried += 1) {
      try {
        this.#server = await this.#listenOn(port === 0 ? 0 : port + tried);
        for (const url of this.urls()) log.info(pageLog.listening(url));
        if (transport.fingerprint !== undefined) log.info(pageLog.fingerprint(transport.fingerprint));
        return;
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        if (this.#options.nextFree === true && code === 'EADDRINUSE' && tried < PORTS_TRIED) continue;
        log.error(pageLog.cannotListen(`${host}:${port}`, message));
        return;
      }
    }
  }

  async #listenOn(port: number): Promise<HttpServer> {
    const { clock, log, parts, transport } = this.#page;
    const { secure, listen } = this.#where;
    const certificate = secure ? await openCertificate(parts.folder, clock) : undefined;
    this.#certificate = certificate;
    transport.secure = secure;
    delete transport.fingerprint;
    if (certificate !== undefined) transport.fingerprint = certificate.fingerprint;
    return listenPage({
      answer: this.#answer,
      clock,
      listen: { ...listen, port },
      broken: (error) => log.error(pageLog.broken(error.message)),
      onShed: (block, count) => log.warn(httpLog.shed('page', block, count)),
      ...(certificate && { certificate }),
    });
  }
}

/** Retries a taken port, and ends the sessions of users whose password the command `passwd` changed. */
async function keepTrying({ clock, accounts, sessions }: PageServer, socket: PageSocket, signal: AbortSignal) {
  while (!signal.aborted) {
    await clock.sleep(AGAIN_MS, signal);
    if (signal.aborted) return;
    await socket.listen();
    await socket.showLabel();
    for (const user of await accounts.refresh()) await sessions.endAll(user);
  }
}

const isSame = (a: Where, b: Where): boolean =>
  a.secure === b.secure && a.listen.host === b.listen.host && a.listen.port === b.listen.port;

/** Publishes the overview to all watchers, rendered once. */
async function publishOverview(page: PageServer, signal: AbortSignal): Promise<void> {
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
