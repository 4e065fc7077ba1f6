/** Requests of the page to the box, in JSON. Failures return as a readable problem, never as an exception. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { PageProblem, PageProblemCode } from '../page/api/api.ts';
import { arrived } from './arrivals.ts';
import { language, say } from './language.ts';
import { uiProblemText } from './problem-text.ts';

export interface FetchProblem {
  readonly code: PageProblemCode | 'offline';
  /** In the language of the page. */
  readonly message: string;
  /** By field, of `invalid`. */
  readonly errors: readonly { readonly field: string; readonly message: string }[];
}
export type FetchResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: FetchProblem };

const BASE = '/api/v1/';
/** What had no answer, or came before the box was ready, is asked for again after this. */
const AGAIN_MS = 4_000;
/** Timeout; longer work is a job. */
const TIMEOUT_MS = 20_000;
/** Timeout of a file transfer. */
const FILE_TIMEOUT_MS = 170_000;

const ended = new Set<(code: 'setup' | 'unauthorized') => void>();
/** Called when the session has ended. */
export function onSessionEnd(listener: (code: 'setup' | 'unauthorized') => void): () => void {
  ended.add(listener);
  return () => void ended.delete(listener);
}

const OFFLINE: FetchProblem = { code: 'offline', message: '', errors: [] };
const offline = (): FetchProblem => ({ ...OFFLINE, message: say(uiProblemText.offline) });

async function problemOf(response: Response): Promise<FetchProblem> {
  let details: Partial<PageProblem> = {};
  try {
    details = (await response.json()) as Partial<PageProblem>;
  } catch {
    // Not from the box (a proxy, a captive portal): the status must do.
  }
  const code = details.code ?? (response.status > 501 ? 'unavailable' : 'broken');
  const own = uiProblemText[code];
  const title = own ? say(own) : (details.title ?? code);
  const more = code === 'wrongPassword' || code === 'wrongPin' || code === 'unauthorized' ? undefined : details.detail;
  const message =
    details.code === undefined ? `${title} (HTTP ${response.status})` : more ? `${title}\n${more}` : title;
  return { code, message, errors: details.errors ?? [] };
}

/** Somebody is at the page: without a touch or a key for this long what it asks is its own doing. */
const USE_MS = 60_000;
let usedMs = Date.now();
for (const kind of ['pointerdown', 'keydown', 'touchstart'])
  addEventListener(kind, () => (usedMs = Date.now()), { capture: true, passive: true });

async function ask<T>(
  method: string,
  path: string,
  body?: unknown,
  more: Readonly<Record<string, string>> = {},
): Promise<FetchResult<T>> {
  const stop = new AbortController();
  const file = body instanceof Blob;
  const timer = setTimeout(
    () => stop.abort(),
    file || path === 'backup' || path.endsWith('/evidence') || path.startsWith('person/')
      ? FILE_TIMEOUT_MS
      : TIMEOUT_MS,
  );
  try {
    const response = await fetch(BASE + path, {
      method,
      signal: stop.signal,
      // Goes on when the page is closed.
      keepalive: path === 'releases/decide',
      credentials: 'same-origin',
      cache: 'no-store',
      headers: {
        accept: 'application/json',
        'accept-language': language(),
        ...(Date.now() - usedMs > USE_MS && { 'lanewarden-automatic': '1' }),
        ...(body !== undefined && { 'content-type': file ? 'application/zip' : 'application/json' }),
        ...more,
      },
      ...(body !== undefined && { body: file ? body : JSON.stringify(body) }),
    });
    if (!response.ok) {
      const problem = await problemOf(response);
      if (problem.code === 'setup' || problem.code === 'unauthorized') for (const each of ended) each(problem.code);
      return { ok: false, problem };
    }
    const isFile = response.headers.get('content-type') === 'application/zip';
    const value = (response.status === 204 ? undefined : isFile ? await response.blob() : await response.json()) as T;
    arrived(value);
    return { ok: true, value };
  } catch {
    return { ok: false, problem: offline() };
  } finally {
    clearTimeout(timer);
  }
}

/** `path` goes on after `/api/v1/`. A Blob is sent as a zip file unless `more` says otherwise, and a zip file comes back as one. `more`: headers. */
export const box = {
  get: <T>(path: string): Promise<FetchResult<T>> => ask('GET', path),
  post: <T>(path: string, body: unknown = {}, more?: Readonly<Record<string, string>>): Promise<FetchResult<T>> =>
    ask('POST', path, body, more),
  put: <T>(path: string, body: unknown, more?: Readonly<Record<string, string>>): Promise<FetchResult<T>> =>
    ask('PUT', path, body, more),
  remove: <T>(path: string): Promise<FetchResult<T>> => ask('DELETE', path),
};

/** Gives a file that was fetched, or made here, to the browser's downloads; the browser may ask its user first. */
export function keepFile(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 600_000);
}

/** For `href` and `src`. */
export const boxAddress = (path: string): string => BASE + path;

export interface Loaded<T> {
  /** The latest value, also while a newer one loads. */
  readonly value: T | undefined;
  readonly problem: FetchProblem | undefined;
  readonly loading: boolean;
  readonly reload: () => void;
}

/**
 * Loads `path`; again when it changes, `reload` is called, or nobody answered, one request at a time: else a slow box is never heard. undefined loads
 * nothing.
 */
export function useLoad<T>(path: string | undefined): Loaded<T> {
  const [state, setState] = useState<{ of?: string; value?: T; problem?: FetchProblem }>({});
  const [turn, setTurn] = useState(0);
  const asking = useRef<{ readonly path: string; again: boolean }>();
  useEffect(() => {
    if (asking.current !== undefined && asking.current.path === path) {
      asking.current.again = true;
      return;
    }
    const request = path === undefined ? undefined : { path, again: false };
    asking.current = request;
    if (request === undefined) return;
    box.get<T>(request.path).then((answer) => {
      if (asking.current !== request) return;
      asking.current = undefined;
      const { path: of } = request;
      setState((before) => {
        if (answer.ok) return { of, value: answer.value };
        return { of, problem: answer.problem, ...(before.of === of && 'value' in before && { value: before.value }) };
      });
      if (request.again) reload();
    });
  }, [path, turn]);
  const reload = useCallback(() => setTurn((before) => before + 1), []);
  const problem = state.of === path ? state.problem : undefined;
  useEvery(problem?.code === 'offline' || problem?.code === 'unavailable' ? AGAIN_MS : undefined, reload);
  return { value: state.value, problem, loading: path !== undefined && state.of !== path, reload };
}

/** Again and again while the page is seen; undefined: not now. */
export function useEvery(everyMs: number | undefined, work: () => void): void {
  const latest = useRef(work);
  latest.current = work;
  useEffect(() => {
    if (everyMs === undefined) return;
    const timer = setInterval(() => document.hidden || latest.current(), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
}

export interface Action {
  readonly busy: boolean;
  readonly problem: FetchProblem | undefined;
  /** Runs the work, once at a time, and `done` when it succeeded. After a failure `problem` has the reason. */
  run<T>(work: () => Promise<FetchResult<T>>, done?: (value: T) => unknown): Promise<FetchResult<T>>;
  clear(): void;
}

export function useAction(): Action {
  const [state, setState] = useState<{ busy: boolean; problem?: FetchProblem }>({ busy: false });
  return {
    busy: state.busy,
    problem: state.problem,
    run: async (work, done) => {
      setState({ busy: true });
      const answer = await work();
      setState(answer.ok ? { busy: false } : { busy: false, problem: answer.problem });
      if (answer.ok) await done?.(answer.value);
      return answer;
    },
    clear: () => setState({ busy: false }),
  };
}
