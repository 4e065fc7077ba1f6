/**
 * Whether the relay's pulse is a grant. Where the management system tells of every vehicle it lets out, a pulse without a message is not;
 * but a feed must prove that it is complete, and while it does not, pulses count as grants again.
 */
import { feedAlarm, feedIsDown } from './feed.ts';
import type { Lane } from './state.ts';
import { alarm, fact, keep, type StepContext } from './step-context.ts';
import { type LaneSettings, REPORTED_KINDS } from './types.ts';

/** The trial: so many pulses, of which so many were joined by a message. With fewer, but most, somebody opens by software, or not every kind is told. */
const TRIAL_PULSES = 100;
const TRIAL_JOINED = 95;
const TRIAL_MOST = 50;
/** Among the last pulses fewer joined than this suspend it. */
const RECENT_PULSES = 30;
const RECENT_JOINED = 21;

const ones = (ring: string): number => ring.split('1').length - 1;

const isComplete = (settings: LaneSettings): boolean => REPORTED_KINDS.every((kind) => settings.tells.includes(kind));

/** The feed has proved complete, and most of the last pulses or the feed itself fail now. */
function isSuspended(state: Lane): boolean {
  const recent = state.kept.joined.slice(-RECENT_PULSES);
  return feedIsDown(state) || (recent.length === RECENT_PULSES && ones(recent) < RECENT_JOINED);
}

/** A pulse is itself a grant. */
export function pulseIsGrant(state: Lane, settings: LaneSettings): boolean {
  if (settings.autoCommandIsGrant !== 'auto') return settings.autoCommandIsGrant;
  return !isComplete(settings) || !state.kept.feedProved || isSuspended(state);
}

const hasFailed = (trial: string): boolean => trial.length === TRIAL_PULSES && ones(trial) >= TRIAL_MOST;

/** Pulses count as grants only because messages are missing: what they let out is unverified. */
export function pulsesAreUnverified(state: Lane, settings: LaneSettings): boolean {
  if (settings.autoCommandIsGrant === true) return false;
  if (settings.autoCommandIsGrant === false) return feedIsDown(state);
  return isComplete(settings) && (state.kept.feedProved ? isSuspended(state) : hasFailed(state.kept.joined));
}

/** A pulse has let somebody through: whether a message joined it. */
export function countPulse(work: StepContext, joined: boolean): void {
  // What is missing while the feed is down does not make it incomplete.
  if (!joined && feedIsDown(work.state)) return;
  const ring = `${work.state.kept.joined}${joined ? '1' : '0'}`.slice(-TRIAL_PULSES);
  keep(work).joined = ring;
  const { feedProved } = work.state.kept;
  if (!feedProved && ring.length === TRIAL_PULSES && ones(ring) >= TRIAL_JOINED) keep(work).feedProved = true;
  verifiedAlarm(work);
  feedAlarm(work);
}

export function verifiedAlarm(work: StepContext): void {
  const isUnverified = pulsesAreUnverified(work.state, work.settings);
  if (work.state.kept.alarms.includes('pulsesUnverified') === isUnverified) return;
  const recent = work.state.kept.joined.slice(-RECENT_PULSES);
  const facts = [fact('pulsesJoined', work.atMs, { pulses: recent.length, joined: ones(recent) })];
  alarm(work, 'pulsesUnverified', isUnverified, facts);
}

export const joinedPulses = ({ kept: { joined } }: Lane) => ({ pulses: joined.length, joined: ones(joined) });
