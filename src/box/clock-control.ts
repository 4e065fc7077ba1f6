/** The clock of the machine for the page: what it is worth, and a person's phone as its source where no network tells the time. */
import { existsSync } from 'node:fs';
import type { Clock } from '../clock.ts';
import { Problem } from '../http/problem.ts';
import type { ClockLive } from '../page/api/api.ts';
import type { ClockView } from '../page/api/api-clock.ts';
import type { MachineClock } from '../page/machine-control.ts';
import { clockLive } from '../status/clock-view.ts';
import { phoneSource, systemIsSynced } from '../store/clock-watch.ts';
import {
  type ClockPlaces,
  clearClockRequest,
  clockAnswer,
  type PhoneReading,
  requestClock,
} from '../system/clock-request.ts';
import { clockText } from '../text/clock.ts';
import type { Text } from '../text/text.ts';
import type { Host } from './host.ts';

export type { ClockPlaces };

/** As the package lays them out. */
export const CLOCK_PLACES: ClockPlaces = {
  spool: '/var/lib/lanewarden/clock',
  result: '/run/lanewarden-clock/set',
  unit: '/usr/lib/systemd/system/lanewarden-clock.path',
};

/** A phone gets its time from its network; this is what the worst of them are off. */
const PHONE_ERROR_MS = 2_000;
/** A slower answer says too little. */
const ROUND_TRIP_MAX_MS = 5_000;
const OLD_MS = 30_000;
const SET_WITHIN_MS = 8_000;
const TAKEN_UP_WITHIN_MS = 3_000;
const LOOK_MS = 50;

export interface ClockControlParts {
  readonly host: Pick<Host, 'app'>;
  /** Of the machine. */
  readonly clock: Clock;
  /** Whether the machine's clock is synchronised by the network now. */
  readonly synced?: (() => Promise<boolean>) | undefined;
}

export function clockControl(places: ClockPlaces, parts: ClockControlParts): MachineClock {
  const { host, clock, synced = systemIsSynced } = parts;
  let isSetting = false;

  const live = async (): Promise<ClockLive> => {
    const app = host.app;
    if (app === undefined) {
      const { quality, errorMs } = (await phoneTime(places, clock)) ?? { quality: 'unknown', errorMs: undefined };
      return clockLive({ quality, errorMs }, Math.round(clock.wallMs()));
    }
    const { time } = app.store;
    return clockLive(time, Math.round(time.wallMsAt(app.clock.nowMs())));
  };
  const isKnown = async (): Promise<boolean> => {
    const quality = host.app?.store.time.quality;
    return quality === 'synced' || quality === 'corrected' || (await synced());
  };
  const cannot = async (): Promise<Text | undefined> => {
    if (!existsSync(places.unit)) return clockText.needsPackage;
    return (await isKnown()) ? clockText.fromNetwork : undefined;
  };
  const view = async (): Promise<ClockView> => {
    const why = await cannot();
    const now = await live();
    // Last, so that nothing stands between this moment and the answer.
    return { ...now, ...(why && { cannot: why }), nowMs: clock.nowMs() };
  };
  return {
    view,
    take: async ({ nowMs, wallMs, roundTripMs }, user) => {
      if (!existsSync(places.unit)) throw new Problem('unavailable', { detail: clockText.needsPackage });
      if (await isKnown()) throw new Problem('conflict', { detail: clockText.fromNetwork });
      const age = clock.nowMs() - nowMs;
      if (age < 0 || age > OLD_MS || roundTripMs > ROUND_TRIP_MAX_MS)
        throw new Problem('conflict', { detail: clockText.tooSlow });
      if (isSetting) throw new Problem('busy');
      isSetting = true;
      try {
        const byMs = Math.round(wallMs - nowMs - (clock.wallMs() - clock.nowMs()));
        const time = { nowMs, wallMs, errorMs: Math.ceil(PHONE_ERROR_MS + roundTripMs / 2), user };
        await requestClock(places, time);
        await setBy(places, time, clock);
        // In the chain of evidence, with the name of the person.
        const detail = { byMs, source: 'phone', withinMs: time.errorMs };
        await host.app?.store.looks.report({ why: 'clockStep', who: user, detail });
        // The clock watch reads the result within a second; the answer waits for it.
        await takenUp(host, time, clock);
        return { byMs, errorMs: time.errorMs };
      } finally {
        clearClockRequest(places);
        isSetting = false;
      }
    },
  };
}

async function takenUp({ app }: ClockControlParts['host'], reading: PhoneReading, clock: Clock): Promise<void> {
  const isTakenUp = (): boolean => {
    if (app === undefined) return true;
    const { time } = app.store;
    return time.quality !== 'unknown' && Math.abs(time.wallMsAt(reading.nowMs) - reading.wallMs) <= reading.errorMs;
  };
  const untilMs = clock.nowMs() + TAKEN_UP_WITHIN_MS;
  while (!isTakenUp() && clock.nowMs() < untilMs) await clock.sleep(LOOK_MS);
}

/** The time of a phone, while no store runs that could have a better one. */
async function phoneTime({ result }: ClockPlaces, clock: Clock) {
  const source = phoneSource(result);
  const word = await source.read();
  const reading = word === undefined ? undefined : source.reading?.(word, clock.nowMs());
  return reading && ({ quality: 'manual', errorMs: reading.uncertaintyMs } as const);
}

/** Resolves when root has set it. Throws Problem: conflict, unavailable. */
async function setBy(places: ClockPlaces, time: PhoneReading, clock: Clock): Promise<void> {
  const untilMs = clock.nowMs() + SET_WITHIN_MS;
  while (clock.nowMs() < untilMs) {
    const answer = clockAnswer(places, time);
    if (answer === 'set') return;
    if (answer === 'refused') throw new Problem('conflict', { detail: clockText.refused });
    await clock.sleep(LOOK_MS);
  }
  throw new Problem('unavailable', { detail: clockText.notSet });
}
