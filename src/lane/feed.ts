/**
 * Whether payment messages can be received at all: when each intake channel was last heard, and since when the lane has listened.
 * "No grant" is a claim about messages; here is what bounds it. It judges no passage.
 */
import { gapEnds } from './gaps.ts';
import type { Feed } from './opening.ts';
import type { Lane } from './state.ts';
import { alarm, fact, keep, type StepContext } from './step-context.ts';
import type { LaneEvent } from './types.ts';

/** After a start the management computer may boot later than the box. */
const UNHEARD_MS = 600_000;
const FEEDS_MOST = 8;
/** How many openings the share of received messages is taken from. */
const RECEIVED_KEPT = 60;
/** So many missing in a row at least, and so unlikely by the lane's own share. */
const MISSING_LEAST = 3;
const MISSING_CHANCE = 0.001;

type FeedEvent = Extract<LaneEvent, { kind: 'feed' }>;

export function feedChanges(work: StepContext, event: FeedEvent): void {
  const before = work.state.kept.feeds.find((one) => one.intake === event.intake);
  if (event.state === 'gone') {
    keep(work).feeds = work.state.kept.feeds.filter((one) => one !== before);
    feedAlarm(work);
    return;
  }
  if (before === undefined && work.state.kept.feeds.length === 0) awaitFeeds(work);
  const feed = before ?? { intake: event.intake, sinceMs: null, downMs: null, lastHeardMs: null, tellsGrants: false };
  if (event.state === 'down') putFeed(work, { ...feed, sinceMs: null, downMs: feed.downMs ?? event.atMs });
  else {
    if (feed.downMs !== null) gapEnds(work, 'feed', feed.downMs, feed.intake);
    const lastHeardMs = event.state === 'heard' ? event.atMs : feed.lastHeardMs;
    putFeed(work, { ...feed, sinceMs: feed.sinceMs ?? event.atMs, downMs: null, lastHeardMs });
    if (event.state === 'heard') keep(work).unheardUntilMs = null;
  }
  feedAlarm(work);
}

function putFeed(work: StepContext, feed: Feed): void {
  const others = work.state.kept.feeds.filter((one) => one.intake !== feed.intake);
  keep(work).feeds = [...others, feed].slice(-FEEDS_MOST);
}

/** A grant is a sign of life of the channel it came through. */
export function grantHeard(work: StepContext, source: string): void {
  const { feeds } = work.state.kept;
  keep(work).grantHeardMs = work.atMs;
  if (feeds.length === 0) return;
  keep(work).unheardUntilMs = null;
  const feed = feeds.find((one) => one.intake === source);
  const heard = { downMs: null, lastHeardMs: work.atMs, tellsGrants: true };
  if (feed !== undefined) putFeed(work, { ...feed, sinceMs: feed.sinceMs ?? work.atMs, ...heard });
  feedAlarm(work);
}

/** The program or the mains came back: until a feed has been heard, silence says nothing. */
export function awaitFeeds(work: StepContext): void {
  keep(work).unheardUntilMs = work.atMs + UNHEARD_MS;
}

/** `briefly`: this program alone was restarted, as by an applied configuration. What had been heard before is not awaited again. */
export function listensAgain(work: StepContext, briefly = false): void {
  keep(work).listeningSinceMs = work.atMs;
  if (work.state.kept.feeds.length > 0 && !(briefly && work.state.kept.unheardUntilMs === null)) awaitFeeds(work);
}

/** What a message should have been received for has been judged: whether one was. */
export function countReceived(work: StepContext, received: boolean): void {
  // What is missing while the feed is down says nothing of the lane's share.
  if (!received && feedIsDown(work.state)) return;
  keep(work).received = `${work.state.kept.received}${received ? '1' : '0'}`.slice(-RECEIVED_KEPT);
  feedAlarm(work);
}

/** The last messages are missing, more than this lane's own share explains. */
function missesMessages(received: string): boolean {
  const run = received.length - 1 - received.lastIndexOf('1');
  if (run < MISSING_LEAST || run === received.length) return false;
  const before = received.slice(0, received.length - run);
  let told = 0;
  for (const one of before) if (one === '1') told += 1;
  const share = (told + 1) / (before.length + 2);
  return (1 - share) ** run < MISSING_CHANCE;
}

/** Whether payment messages may be missing now. A lane without an intake channel has none to miss. */
export function feedIsDown(state: Lane): boolean {
  const { feeds, unheardUntilMs, received } = state.kept;
  if (missesMessages(received)) return true;
  if (feeds.length === 0) return false;
  if (unheardUntilMs !== null && state.actedMs < unheardUntilMs) return true;
  return feeds.some((feed) => feed.downMs !== null && feed.tellsGrants) || feeds.every((feed) => feed.downMs !== null);
}

/** A feed has been heard since, so that a message of then would have been received. */
export const heardSince = (state: Lane, atMs: number): boolean =>
  (state.kept.grantHeardMs !== null && state.kept.grantHeardMs > atMs) ||
  state.kept.feeds.some((feed) => feed.lastHeardMs !== null && feed.lastHeardMs > atMs);

/** A channel has come back since and not been heard yet: what was told while it was away is lost, or still on its way. */
export const mayHaveMissed = (state: Lane, atMs: number): boolean =>
  state.kept.feeds.some(
    ({ sinceMs, lastHeardMs, tellsGrants }) => tellsGrants && (sinceMs ?? 0) > Math.max(atMs, lastHeardMs ?? 0),
  );

/** From when on a message would have been received, no earlier than `fromMs`. */
export function listenedFrom(state: Lane, fromMs: number): number {
  const { feeds, listeningSinceMs } = state.kept;
  let sinceMs = Math.max(fromMs, listeningSinceMs ?? fromMs);
  for (const feed of feeds) if (feed.sinceMs !== null) sinceMs = Math.max(sinceMs, feed.sinceMs);
  return Math.min(sinceMs, state.actedMs);
}

export function feedAlarm(work: StepContext): void {
  const { state } = work;
  const isDown = feedIsDown(state);
  // Asked with every message: the words are put together when something has changed.
  if (state.kept.alarms.includes('feedDown') === isDown) return;
  const down = state.kept.feeds.filter((feed) => feed.downMs !== null).map((feed) => feed.intake);
  alarm(work, 'feedDown', isDown, [fact('feedDown', work.atMs, { intakes: down.join(' ') })]);
}
