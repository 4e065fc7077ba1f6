/** The worlds by name: each is ordinary but for what its name says. It must not know how a box does in them. */
import type { FeedManner } from './feed.ts';
import type { WorldManner } from './manner.ts';
import type { Manners, Mix } from './people.ts';
import type { SightManner } from './sight.ts';
import type { Roughness } from './site.ts';

const MIX: Mix = {
  ...{ paid: 620, ahead: 60, free: 60, season: 110, buttonPaid: 12 },
  ...{ button: 28, remote: 12, key: 6, software: 14 },
  ...{ follower: 46, fakeExit: 5, backOut: 14, turnAway: 8, nobody: 5, hold: 1, slip: 3 },
};
const KINDS: Manners['kinds'] = { car: 850, van: 80, truck: 30, trailer: 15, motorcycle: 15 };
const GAPS: Manners['gaps'] = [
  { fromM: 0.3, toM: 0.8, share: 0.12 },
  { fromM: 0.8, toM: 2, share: 0.44 },
  { fromM: 2, toM: 4, share: 0.44 },
];
const MANNERS: Manners = {
  ...{ kinds: KINDS, gaps: GAPS, stopAndGo: 0.06, dawdles: 0.05, chain: 0.05, perHour: 110, platoon: 0.25 },
  ...{ doublePulse: 0.03, inbound: 0 },
};
const ROUGH: Roughness = { chatter: 0.02, dropout: 0.1, fallMs: 140 };
const SIGHT: SightManner = { unreadable: 0.025, misread: 0.015, wrongLength: 0.003, poor: 0.05 };
const FEED: FeedManner = {
  ...{ late: 0.015, veryLate: 0.002, never: 0.002, twice: 0.02, again: 0.006, wrongLane: 0.001 },
  ...{ noPlate: 0.01, misspelt: 0.004, complete: false },
};
const QUIET: FeedManner = {
  ...{ late: 0, veryLate: 0, never: 0, twice: 0, again: 0, wrongLane: 0, noPlate: 0, misspelt: 0, complete: false },
};
const COMPLETE: FeedManner = { ...FEED, complete: true };

const ORDINARY: WorldManner = {
  ...{ mix: MIX, manners: MANNERS, rough: ROUGH, sight: SIGHT, feed: FEED, senderOffsetMs: 2_000 },
  ...{ lanes: 1, direction: 'exit', neighbourReads: 0, outages: { wire: 0.05, restart: 0.02 } },
};

const HOUR_MS = 3_600_000;

export const WORLDS = {
  clean: {
    ...ORDINARY,
    rough: { chatter: 0, dropout: 0, fallMs: 60 },
    sight: { unreadable: 0, misread: 0, wrongLength: 0, poor: 0 },
    ...{ feed: QUIET, senderOffsetMs: 0, outages: {} },
    manners: { ...MANNERS, stopAndGo: 0, dawdles: 0, doublePulse: 0 },
  },
  ordinary: ORDINARY,
  hostile: {
    ...ORDINARY,
    mix: { ...MIX, buttonPaid: 40, button: 60, remote: 20, key: 12, follower: 110, fakeExit: 10, hold: 4, slip: 10 },
    rough: { chatter: 0.06, dropout: 0.4, fallMs: 200 },
    sight: { unreadable: 0.05, misread: 0.03, wrongLength: 0.006, poor: 0.1 },
    feed: { ...FEED, late: 0.04, twice: 0.05, again: 0.03, noPlate: 0.03, misspelt: 0.01 },
    manners: { ...MANNERS, stopAndGo: 0.15, dawdles: 0.12, chain: 0.12, doublePulse: 0.08 },
    outages: { wire: 0.3, restart: 0.1, powerCut: 0.03 },
  },
  dense: {
    ...ORDINARY,
    mix: { ...MIX, follower: 120 },
    manners: { ...MANNERS, perHour: 400, platoon: 0.6, stopAndGo: 0.12 },
  },
  software: { ...ORDINARY, mix: { ...MIX, software: 120, season: 250 }, feed: COMPLETE, relayIsNoGrant: true },
  backs: { ...ORDINARY, mix: { ...MIX, fakeExit: 130, backOut: 250, turnAway: 40, button: 80 }, feed: COMPLETE },
  twoWay: {
    ...ORDINARY,
    direction: 'both',
    mix: { ...MIX, follower: 90, button: 50 },
    manners: { ...MANNERS, inbound: 0.45 },
  },
  entry: {
    ...ORDINARY,
    direction: 'entry',
    mix: { season: 700, free: 150, button: 60, remote: 20, follower: 80, turnAway: 15, nobody: 5, slip: 3 },
  },
  misread: { ...ORDINARY, sight: { unreadable: 0.1, misread: 0.08, wrongLength: 0.02, poor: 0.2 } },
  clocks: { ...ORDINARY, senderOffsetMs: 10 * 60_000 },
  feedCut: {
    ...{ ...ORDINARY, mix: { ...MIX, software: 25 }, feed: COMPLETE },
    feedLoss: { everyMs: 4 * HOUR_MS, forMs: 2 * HOUR_MS, how: 'told' },
  },
  feedSilent: {
    ...{ ...ORDINARY, mix: { ...MIX, software: 25 }, feed: COMPLETE },
    feedLoss: { everyMs: 4 * HOUR_MS, forMs: 2 * HOUR_MS, how: 'silent' },
  },
  feedHalf: {
    ...{ ...ORDINARY, mix: { ...MIX, software: 25 }, feed: COMPLETE },
    feedLoss: { everyMs: 4 * HOUR_MS, forMs: 2 * HOUR_MS, how: 'half' },
  },
  twoLanes: {
    ...{ ...ORDINARY, lanes: 2, neighbourReads: 0.04 },
    mix: { ...MIX, changer: 50 },
  },
} as const satisfies Readonly<Record<string, WorldManner>>;

export type WorldName = keyof typeof WORLDS;
export const WORLD_NAMES = Object.keys(WORLDS) as readonly WorldName[];
