/**
 * Live events of the box: one stream for the whole page, resumed after a disconnection, closed in the background. It keeps the overview up to date
 * for every page.
 */
import { useEffect, useRef } from 'preact/hooks';
import type { Overview } from '../page/api/api.ts';
import type { LiveEvent } from '../page/api/api-live.ts';
import { arrived } from './arrivals.ts';
import { box, boxAddress } from './fetch.ts';
import { withEvent } from './live-merge.ts';
import { watchers } from './watchers.ts';

const EVENTS: readonly LiveEvent['event'][] = [
  'overview',
  'status',
  'lane',
  'device',
  'queue',
  'release',
  'log',
  'job',
  'reading',
  'wire',
  'told',
];
/** A silence this long after an error is shown. */
const OFFLINE_AFTER_MS = 3_000;
const AGAIN_AFTER_MS = 4_000;
/** A page in the background closes its connection: a browser has six per host. */
const HIDDEN_MS = 30_000;

/** Further events of a page: every reading, the frames of one line. */
export interface Also {
  readonly signals?: boolean;
  readonly frames?: string;
}
interface Listener {
  readonly onEvent: (event: LiveEvent) => void;
  readonly also: Also;
}

const listeners = new Set<Listener>();
const watched = watchers();
let overview: Overview | undefined;
let answers = true;
let source: EventSource | undefined;
let opened = '';
/** The stream has brought an overview, which its events go on from. */
let streams = false;
let timer: ReturnType<typeof setTimeout> | undefined;
let hiddenTimer: ReturnType<typeof setTimeout> | undefined;
let running = false;

function setAnswers(now: boolean): void {
  if (answers === now) return;
  answers = now;
  watched.changed();
}

function keep(event: LiveEvent): void {
  arrived(event.data);
  if (event.event === 'overview') {
    overview = event.data;
    const { lanes, devices, queue, clock, waiting } = overview;
    for (const each of [...lanes, ...devices, queue, clock, waiting]) arrived(each);
  } else {
    const merged = overview && withEvent(overview, event);
    if (merged === undefined) return;
    overview = merged;
  }
  watched.changed();
}

function address(): string {
  const wanted = [...listeners].map(({ also }) => also);
  const frames = wanted.map(({ frames }) => frames).find(Boolean);
  const query = [
    ...(wanted.some(({ signals }) => signals) ? ['signals=1'] : []),
    ...(frames === undefined ? [] : [`frames=${encodeURIComponent(frames)}`]),
  ];
  return boxAddress(`live${query.length === 0 ? '' : `?${query.join('&')}`}`);
}

function close(): void {
  source?.close();
  source = undefined;
  clearTimeout(timer);
  timer = undefined;
}

function open(): void {
  close();
  streams = false;
  opened = address();
  const stream = new EventSource(opened);
  source = stream;
  stream.onopen = () => {
    clearTimeout(timer);
    timer = undefined;
    setAnswers(true);
  };
  stream.onerror = () => {
    // The browser reconnects by itself, with an error per failed attempt: the first one counts.
    if (stream.readyState !== EventSource.CLOSED) {
      timer ??= setTimeout(() => setAnswers(false), OFFLINE_AFTER_MS);
      return;
    }
    // Refused: the session may have ended; any request reveals it.
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const answer = await box.get('session');
      setAnswers(answer.ok);
      if (running && source === stream) open();
    }, AGAIN_AFTER_MS);
  };
  for (const name of EVENTS)
    stream.addEventListener(name, (message) => {
      let event: LiveEvent;
      try {
        event = { event: name, data: JSON.parse((message as MessageEvent<string>).data) } as LiveEvent;
      } catch {
        // Truncated; the next one is complete.
        return;
      }
      setAnswers(true);
      streams ||= name === 'overview';
      keep(event);
      for (const { onEvent } of [...listeners]) onEvent(event);
    });
}

function reopenIfNeeded(): void {
  if (running && source !== undefined && address() !== opened) open();
}

document.addEventListener('visibilitychange', () => {
  clearTimeout(hiddenTimer);
  if (!running) return;
  if (document.hidden) hiddenTimer = setTimeout(close, HIDDEN_MS);
  else if (source === undefined) open();
});

/** Starts after login. */
export function startLive(): void {
  if (running) return;
  running = true;
  open();
  // The stream begins with an overview; where something holds streams back (a proxy), this one comes through.
  refreshOverview();
}

/** Brings the overview up to date at once, after a change that it shows: what is asked for also comes by the stream, in its order. */
export async function refreshOverview(): Promise<void> {
  const answer = await box.get<Overview>('overview');
  if (answer.ok && running && !streams) keep({ event: 'overview', data: answer.value });
}

export function stopLive(): void {
  running = false;
  close();
  overview = undefined;
}

/** Calls `onEvent` for every event while the page is drawn. `also` is compared by its values. */
export function useLive(onEvent: (event: LiveEvent) => void, also: Also = {}): void {
  const latest = useRef(onEvent);
  latest.current = onEvent;
  const { signals = false, frames = '' } = also;
  useEffect(() => {
    const listener: Listener = {
      onEvent: (event) => latest.current(event),
      also: { ...(signals && { signals }), ...(frames !== '' && { frames }) },
    };
    listeners.add(listener);
    reopenIfNeeded();
    return () => {
      listeners.delete(listener);
      reopenIfNeeded();
    };
  }, [signals, frames]);
}

/** The present overview; undefined until the first one has arrived. */
export function useOverview(): Overview | undefined {
  watched.use();
  return overview;
}

/** Whether the box answers. */
export function useAnswers(): boolean {
  watched.use();
  return answers;
}
