/** A slow box is not killed: one late look withholds nothing for long, a start that moves on gets its time; what stands still gets neither. */
import { describe, expect, it } from 'vitest';
import { runWatchdog } from '../../src/app/watch/watchdog.ts';
import { extendStart, type Usage } from '../../src/system/start-time.ts';
import { type HandClock, handClock } from '../sim/hand-clock.ts';

const PERIOD_MS = 30_000;

function watchdog(clock: HandClock) {
  const fedMs: number[] = [];
  const silent: string[] = [];
  const ended = new AbortController();
  const running = runWatchdog(
    {
      clock,
      pulses: () => [],
      watchdogMs: PERIOD_MS,
      feed: () => fedMs.push(clock.nowMs()),
      onChange: (name, quietMs) => void (quietMs !== undefined && silent.push(name)),
    },
    ended.signal,
  );
  const end = (): Promise<void> => {
    ended.abort();
    return running;
  };
  return { fedMs, silent, end };
}

/** One look that comes `ms` late. */
async function late(clock: HandClock, ms: number): Promise<void> {
  await clock.advance(0);
  clock.jump(500 + ms);
  await clock.advance(0);
}

describe('the event loop', () => {
  it('that is late once in each third of the period is fed all the same', async () => {
    const clock = handClock();
    const { fedMs, end } = watchdog(clock);
    for (let third = 0; third < 12; third += 1) {
      await clock.advance(4_000);
      await late(clock, 1_500);
      await clock.advance(4_000);
    }
    const gaps = fedMs.slice(1).map((ms, index) => ms - (fedMs[index] ?? 0));
    expect(fedMs.length).toBeGreaterThan(10);
    expect(Math.max(...gaps)).toBeLessThan(PERIOD_MS / 2);
    await end();
  });

  it('that is late at the very look of the feed is fed at the next', async () => {
    const clock = handClock();
    const { fedMs, end } = watchdog(clock);
    await clock.advance(9_500);
    await late(clock, 1_500);
    expect(fedMs).toEqual([]);
    await clock.advance(600);
    expect(fedMs).toHaveLength(1);
    await end();
  });

  it('that is late in most looks is not fed', async () => {
    const clock = handClock();
    const { fedMs, silent, end } = watchdog(clock);
    for (let look = 0; look < 60; look += 1) await late(clock, look % 4 === 0 ? 0 : 1_500);
    expect(fedMs).toEqual([]);
    expect(silent).toContain('event loop');
    await end();
  });
});

describe('a start', () => {
  const asked = async (usage: (look: number) => Usage): Promise<number> => {
    const clock = handClock();
    const told: string[] = [];
    const over = new AbortController();
    let looks = 0;
    const usageNow = () => usage(looks++);
    const extending = extendStart({ clock, send: (state) => told.push(state), usage: usageNow }, over.signal);
    await clock.advance(60_000);
    over.abort();
    await extending;
    expect(told.every((state) => state === 'EXTEND_TIMEOUT_USEC=30000000')).toBe(true);
    return told.length;
  };

  it('gets more time while it uses the processor, or waits for a slow disk', async () => {
    expect(await asked((look) => ({ cpuMs: look * 900, diskBlocks: 0 }))).toBe(12);
    expect(await asked((look) => ({ cpuMs: look * 5, diskBlocks: look }))).toBe(12);
  });

  it('gets none when nothing of it moves, and none for ever', async () => {
    expect(await asked((look) => ({ cpuMs: look * 5, diskBlocks: 7 }))).toBe(0);
    const clock = handClock();
    const told: string[] = [];
    const usage = () => ({ cpuMs: clock.nowMs(), diskBlocks: 0 });
    const extending = extendStart({ clock, send: (state) => told.push(state), usage }, new AbortController().signal);
    await clock.advance(60 * 60_000);
    await extending;
    expect(told).toHaveLength(180);
  });
});
