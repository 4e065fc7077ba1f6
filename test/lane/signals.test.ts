/** Conditioning: polarity, debounce, order, silence, counters. */

import { describe, expect, it } from 'vitest';
import {
  defaultDebounceMs,
  initialSignals,
  PULSES_MOST,
  type SignalInput,
  type SignalSettings,
  signalsDeadlineMs,
  stepSignals,
} from '../../src/lane/signals.ts';
import type { LaneEvent, Role } from '../../src/lane/types.ts';
import fc from '../property.ts';

const settings: SignalSettings = {
  approach: { activeLow: false, debounceMs: 20 },
  barrier: { activeLow: true, debounceMs: 20 },
  button: { activeLow: false, debounceMs: 30 },
  auto: { activeLow: false, debounceMs: 0 },
};

const look = (role: Role, value: boolean, atMs: number, uncertaintyMs = 25): SignalInput => ({
  kind: 'level',
  role,
  value,
  atMs,
  uncertaintyMs,
});

function run(inputs: readonly SignalInput[], by: SignalSettings = settings): readonly LaneEvent[] {
  let state = initialSignals(by);
  const events: LaneEvent[] = [];
  for (const input of inputs) {
    const [next, made] = stepSignals(state, input, by);
    state = next;
    events.push(...made);
  }
  return events;
}

const short = (events: readonly LaneEvent[]): readonly string[] =>
  events.map((event) =>
    event.kind === 'edge' ? `${event.role} ${event.on ? 'on' : 'off'} ${event.atMs}` : `${event.kind} ${event.atMs}`,
  );

describe('signals', () => {
  it('gives the first look as a level and nothing for the same look again', () => {
    expect(short(run([look('approach', false, 0), look('approach', false, 25), look('approach', false, 50)]))).toEqual([
      'approach off 0',
    ]);
  });

  it('stamps an edge with the first look at the new level, once that has lasted', () => {
    const inputs = [look('approach', false, 0), look('approach', true, 100), look('approach', true, 125)];
    expect(run(inputs).at(-1)).toEqual({ kind: 'edge', role: 'approach', on: true, atMs: 100, uncertaintyMs: 25 });
    expect(short(run(inputs.slice(0, 2)))).toEqual(['approach off 0']);
  });

  it('takes no notice of what bounces back in time', () => {
    const inputs = [
      look('approach', false, 0),
      look('approach', true, 100),
      look('approach', false, 110),
      { kind: 'tick', atMs: 500 } as const,
    ];
    expect(short(run(inputs))).toEqual(['approach off 0']);
  });

  it('accepts the 0.12 s between two cars in samples of 25 ms', () => {
    const levels = [true, true, true, false, false, false, false, false, true, true];
    const inputs = levels.map((value, index) => look('approach', value, index * 25));
    expect(short(run(inputs))).toEqual(['approach on 0', 'approach off 75', 'approach on 200']);
  });

  it('confirms by time alone where only changes are told', () => {
    let [state] = stepSignals(initialSignals(settings), look('button', false, 0), settings);
    [state] = stepSignals(state, look('button', true, 100), settings);
    expect(signalsDeadlineMs(state, settings)).toBe(130);
    const [after, events] = stepSignals(state, { kind: 'tick', atMs: 130 }, settings);
    expect(short(events)).toEqual(['button on 100']);
    expect(signalsDeadlineMs(after, settings)).toBeUndefined();
  });

  it('turns round what is active low', () => {
    expect(short(run([look('barrier', true, 0), look('barrier', false, 40), look('barrier', false, 80)]))).toEqual([
      'barrier off 0',
      'barrier on 40',
    ]);
  });

  it('holds a confirmed edge back while an earlier one of another role is not confirmed', () => {
    const inputs = [
      look('button', false, 0),
      look('approach', false, 0),
      look('button', true, 100),
      look('approach', true, 101),
      look('approach', true, 122), // confirmed after 20 ms, but the button's edge is earlier
      look('button', true, 131),
    ];
    expect(short(run(inputs.slice(0, 5)))).toEqual(['button off 0', 'approach off 0']);
    expect(short(run(inputs)).slice(2)).toEqual(['button on 100', 'approach on 101']);
  });

  it('lets go of what it held when the earlier one bounces back', () => {
    const inputs = [
      look('button', false, 0),
      look('approach', false, 0),
      look('button', true, 100),
      look('approach', true, 101),
      look('approach', true, 122),
      look('button', false, 125),
    ];
    expect(short(run(inputs)).slice(2)).toEqual(['approach on 101']);
  });

  it('says once that a role is lost, and begins again with a level', () => {
    const inputs = [
      look('approach', true, 0),
      { kind: 'lost', role: 'approach', atMs: 100 },
      { kind: 'lost', role: 'approach', atMs: 200 },
      look('approach', true, 300),
    ] as const;
    expect(short(run(inputs))).toEqual(['approach on 0', 'lost 100', 'approach on 300']);
  });

  it('forgets an unconfirmed edge with the role', () => {
    const inputs = [
      look('approach', false, 0),
      look('approach', true, 100),
      { kind: 'lost', role: 'approach', atMs: 110 },
      { kind: 'tick', atMs: 500 },
    ] as const;
    expect(short(run(inputs))).toEqual(['approach off 0', 'lost 110']);
  });

  it('spreads counted pulses over the time in which they were', () => {
    const events = run([
      { kind: 'pulses', role: 'auto', count: 0, atMs: 1000, uncertaintyMs: 100 },
      { kind: 'pulses', role: 'auto', count: 2, atMs: 1100, uncertaintyMs: 100 },
    ]);
    expect(short(events)).toEqual(
      ['auto off 999', 'auto on 1025', 'auto off 1050', 'auto on 1075', 'auto off 1100'].map((one) =>
        one.replace('999', String(events[0]?.atMs)),
      ),
    );
    expect(events.slice(1).every((event) => event.atMs > 1000 && event.atMs <= 1100)).toBe(true);
  });

  it('limits what one reading of a counter can say', () => {
    const events = run([{ kind: 'pulses', role: 'auto', count: 60_000, atMs: 1_000_000, uncertaintyMs: 100 }]);
    expect(events.filter((event) => event.kind === 'edge' && event.on).length).toBe(PULSES_MOST);
  });

  it('has the debounce of the specification by default', () => {
    expect(['approach', 'barrier', 'exit', 'button', 'down'].map((role) => defaultDebounceMs(role as Role))).toEqual([
      20, 20, 20, 30, 30,
    ]);
  });

  it('gives edges of a role in turn, and all edges in the order of time', () => {
    const roles: readonly Role[] = ['approach', 'barrier', 'button', 'auto'];
    const inputs = fc.array(fc.record({ role: fc.constantFrom(...roles), value: fc.boolean(), gapMs: fc.nat(40) }), {
      maxLength: 80,
    });
    fc.assert(
      fc.property(inputs, (all) => {
        let atMs = 0;
        const looks = all.map(({ role, value, gapMs }) => {
          atMs += gapMs;
          return look(role, value, atMs);
        });
        const events = run([...looks, { kind: 'tick', atMs: atMs + 1000 }]);
        for (let index = 1; index < events.length; index += 1) {
          expect((events[index] as LaneEvent).atMs).toBeGreaterThanOrEqual((events[index - 1] as LaneEvent).atMs);
        }
        for (const role of roles) {
          const levels = events.flatMap((event) => (event.kind === 'edge' && event.role === role ? [event.on] : []));
          for (let index = 1; index < levels.length; index += 1) expect(levels[index]).toBe(!levels[index - 1]);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
