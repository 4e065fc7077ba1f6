/**
 * What happens on the box as it happens: one stream for the whole page, resumed where it broke off, closed while nobody looks. It keeps the overview
 * up to date for every page that shows it.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { LiveEvent, Overview } from '../page/api/api.ts';
import { arrived } from './arrivals.ts';
import { box, boxAddress } from './fetch.ts';

const EVENTS: readonly LiveEvent['event'][] = [
  'overview',
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
/** A silence this long after an error is told to the person. */
const OFFLINE_AFTER_MS = 3_000;
const AGAIN_AFTER_MS = 4_000;
/** A page in the background gives its connection back: a browser has six for a box. */
const HIDDEN_MS = 30_000;

/** What a page wants besides: every reading, the frames of one line. */
export interface Also {
  readonly signals?: boolean;
  readonly frames?: string;
}
interface Listener {
  readonly hear: (event: LiveEvent) => void;
  readonly also: Also;
}

const listeners = new Set<Listener>();
const watchers = new Set<() => void>();
let overview: Overview | undefined;
let answers = true;
let source: EventSource | undefined;
let opened = '';
let timer: ReturnType<typeof setTimeout> | undefined;
let hiddenTimer: ReturnType<typeof setTimeout> | undefined;
let running = false;

function tell(): void {
  for (const watcher of watchers) watcher();
}

function setAnswers(now: boolean): void {
  if (answers === now) return;
  answers = now;
  tell();
}

function keep(event: LiveEvent): void {
  arrived(event.data);
  if (event.event === 'overview') {
    overview = event.data;
    for (const each of [...overview.lanes, ...overview.devices, overview.queue, overview.clock]) arrived(each);
  } else if (overview !== undefined) {
    if (event.event === 'lane') {
      const { data } = event;
      overview = { ...overview, lanes: overview.lanes.map((lane) => (lane.id === data.id ? data : lane)) };
    } else if (event.event === 'device') {
      const { data } = event;
      overview = { ...overview, devices: overview.devices.map((device) => (device.id === data.id ? data : device)) };
    } else if (event.event === 'queue') overview = { ...overview, queue: event.data };
    else return;
  }
  tell();
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
  opened = address();
  const stream = new EventSource(opened);
  source = stream;
  stream.onopen = () => {
    clearTimeout(timer);
    timer = undefined;
    setAnswers(true);
  };
  stream.onerror = () => {
    // The browser resumes by itself, with an error for each try in vain: the first one counts.
    if (stream.readyState !== EventSource.CLOSED) {
      timer ??= setTimeout(() => setAnswers(false), OFFLINE_AFTER_MS);
      return;
    }
    // Refused: the session may be over, and asking anything tells.
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
        // Cut off on its way: the next one is whole.
        return;
      }
      setAnswers(true);
      keep(event);
      for (const { hear } of [...listeners]) hear(event);
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

/** Begins when somebody is logged in. */
export function startLive(): void {
  if (running) return;
  running = true;
  open();
  // The stream begins with an overview; where something holds streams back (a proxy), this one comes through.
  refreshOverview();
}

/** Asks for the overview at once, after something was changed that it tells of. */
export async function refreshOverview(): Promise<void> {
  const answer = await box.get<Overview>('overview');
  if (answer.ok && running) keep({ event: 'overview', data: answer.value });
}

export function stopLive(): void {
  running = false;
  close();
  overview = undefined;
}

/** Calls `hear` for every event while the page is drawn. `also` must not change its meaning without a change of its values. */
export function useLive(hear: (event: LiveEvent) => void, also: Also = {}): void {
  const latest = useRef(hear);
  latest.current = hear;
  const { signals = false, frames = '' } = also;
  useEffect(() => {
    const listener: Listener = {
      hear: (event) => latest.current(event),
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

function useWatch(): void {
  const [, draw] = useState(0);
  useEffect(() => {
    const watcher = (): void => draw((before) => before + 1);
    watchers.add(watcher);
    return () => {
      watchers.delete(watcher);
    };
  }, []);
}

/** The overview as of now; undefined until the first one has come. */
export function useOverview(): Overview | undefined {
  useWatch();
  return overview;
}

/** Whether the box answers. */
export function useAnswers(): boolean {
  useWatch();
  return answers;
}
