/** Who was on duty: the newest word counts, old moments keep their person, overlaps and gaps are told. */

import { describe, expect, it } from 'vitest';
import { rosterAt } from '../../src/account/duty/roster.ts';
import {
  dutyAt,
  dutyIntervals,
  onDutyAt,
  SHIFT_END_MAX_MS,
  SHIFT_LONGEST_MS,
  type Shift,
  withShift,
} from '../../src/account/duty/shifts.ts';
import fc from '../property.ts';

const HOUR = 3_600_000;
let number = 0;
const shift = (operator: string, atHour: number, more: Partial<Shift> = {}): Shift => {
  number += 1;
  return {
    ...{ key: `k${number}`, operator, lanes: ['1001'], on: true, by: 'message' },
    ...{ atMs: atHour * HOUR, wallMs: atHour * HOUR },
    ...more,
  };
};
const told = (...all: Shift[]) => all.reduce<readonly Shift[]>(withShift, []);
const at = (shifts: readonly Shift[], hour: number) => onDutyAt(shifts, '1001', hour * HOUR)?.operator;

describe('who was on duty', () => {
  it('is the one of the newest word, whatever its source, in this lane', () => {
    const shifts = told(
      shift('李四', 8, { by: 'roster', untilMs: 16 * HOUR }),
      shift('张三', 9, { by: 'pin' }),
      shift('王五', 10, { lanes: ['1002'] }),
    );
    expect([7, 8, 9, 12].map((hour) => at(shifts, hour))).toEqual([undefined, '李四', '张三', '张三']);
    expect(onDutyAt(shifts, '1002', 11 * HOUR)?.operator).toBe('王五');
  });

  it('stays as it was for an old moment, however late a shift is told', () => {
    const before = told(shift('张三', 8), shift('李四', 16));
    const after = withShift(before, shift('王五', 20));
    for (const hour of [8, 12, 16, 19]) expect(at(after, hour)).toBe(at(before, hour));
  });

  it('ends by its own off, by its end, or after its longest', () => {
    const off = told(shift('张三', 8), shift('李四', 9, { on: false }), shift('张三', 10, { on: false }));
    expect([9, 11].map((hour) => at(off, hour))).toEqual(['张三', undefined]);
    expect(at(told(shift('张三', 8, { untilMs: 9 * HOUR })), 9)).toBeUndefined();
    const longest = SHIFT_LONGEST_MS / HOUR;
    expect([longest - 1, longest].map((hour) => at(told(shift('张三', 0)), hour))).toEqual(['张三', undefined]);
  });

  it('lasts as long as its end says: guards work for 24 hours', () => {
    const day = told(shift('张三', 0, { by: 'roster', untilMs: 24 * HOUR }));
    expect([15, 17, 23.9, 24].map((hour) => at(day, hour))).toEqual(['张三', '张三', '张三', undefined]);
    const most = SHIFT_END_MAX_MS / HOUR;
    const endless = told(shift('李四', 0, { untilMs: 1_000 * HOUR }));
    expect([most - 1, most].map((hour) => at(endless, hour))).toEqual(['李四', undefined]);
    const evening = dutyIntervals(day, '1001', 20 * HOUR, 26 * HOUR);
    expect(evening.map(({ operators, toMs }) => [operators, toMs / HOUR])).toEqual([
      [['张三'], 24],
      [[], 26],
    ]);
  });

  it('is the relief who signed on shortly before the roster has another, and not the one who forgot to sign off', () => {
    const planned = shift('李四', 16, { by: 'roster', untilMs: 24 * HOUR });
    const early = told(shift('张三', 8, { by: 'pin' }), shift('王五', 15.8, { by: 'pin' }), planned);
    expect([15, 15.9, 16, 20].map((hour) => at(early, hour))).toEqual(['张三', '王五', '王五', '王五']);
    // He has been there all day: to affirm it is not to come for the next shift.
    const forgot = told(shift('张三', 8, { by: 'pin' }), shift('张三', 15.8, { by: 'pin', affirms: true }), planned);
    expect([15.9, 16].map((hour) => at(forgot, hour))).toEqual(['张三', '李四']);
    const double = told(shift('张三', 8, { by: 'pin' }), shift('张三', 15.8, { by: 'pin' }), planned);
    expect([15.9, 16].map((hour) => at(double, hour))).toEqual(['张三', '张三']);
    // He had an earlier shift that he forgot to sign off from, and somebody else had one since.
    const again = told(
      shift('王五', 0.2, { by: 'pin' }),
      shift('张三', 8, { by: 'pin' }),
      shift('王五', 15.8, { by: 'pin' }),
      planned,
    );
    expect([9, 15.9, 16].map((hour) => at(again, hour))).toEqual(['张三', '王五', '王五']);
    const gone = withShift(early, shift('王五', 18, { on: false }));
    expect([17, 19].map((hour) => at(gone, hour))).toEqual(['王五', '李四']);
  });

  it('goes on as it began when it is affirmed: no PIN, no other start, no other end than one unknown', () => {
    const planned = shift('王五', 8, { by: 'roster', untilMs: 16 * HOUR });
    const word = (operator: string, hour: number) => shift(operator, hour, { by: 'pin', affirms: true });
    const of = (shifts: readonly Shift[], hour: number) => onDutyAt(shifts, '1001', hour * HOUR);
    const roster = told(planned, word('王五', 9), word('王五', 15.9));
    for (const hour of [8.5, 9, 12, 15.95]) expect(of(roster, hour)).toBe(planned);
    expect(of(roster, 16)).toBeUndefined();
    const signed = shift('张三', 0, { by: 'pin' });
    const day = told(signed, word('张三', 10));
    expect([10, 25.9, 26].map((hour) => of(day, hour))).toEqual([signed, signed, undefined]);
    expect(dutyIntervals(day, '1001', 0, 30 * HOUR).map(({ toMs }) => toMs / HOUR)).toEqual([26, 30]);
    // No word of others makes a shift longer than two days.
    const endless = told(signed, ...Array.from({ length: 12 }, (_, at) => word('张三', 12 * (at + 1))));
    expect([47.9, 48].map((hour) => of(endless, hour))).toEqual([signed, undefined]);
    // Of one who had gone, or was relieved, it brings nobody back.
    expect(of(told(signed, shift('张三', 5, { on: false }), word('张三', 6)), 7)).toBeUndefined();
    expect(at(told(signed, shift('李四', 5), word('张三', 6)), 7)).toBe('李四');
  });

  it('goes on with the shift begun when somebody signs on again', () => {
    const shifts = told(
      shift('张三', 8, { by: 'roster', untilMs: 16 * HOUR }),
      shift('张三', 9, { by: 'pin' }),
      shift('张三', 12, { by: 'pin' }),
      shift('李四', 13),
      shift('张三', 14, { on: false }),
      shift('张三', 15),
    );
    const since = (hour: number) => (dutyAt(shifts, '1001', hour * HOUR)?.sinceWallMs ?? Number.NaN) / HOUR;
    expect([8, 10, 12, 13, 14, 15].map(since)).toEqual([8, 8, 8, 13, 13, 15]);
    expect(dutyAt(shifts, '1001', 7 * HOUR)).toBeUndefined();
  });

  it('the same key again is the same shift, in whatever order they come', () => {
    const all = [shift('张三', 8), shift('李四', 9), shift('张三', 10, { on: false })];
    fc.assert(
      fc.property(fc.shuffledSubarray([...all, ...all], { minLength: 6, maxLength: 6 }), (order) => {
        expect(told(...order)).toEqual(told(...all));
      }),
    );
  });
});

describe('a day', () => {
  it('is told without holes: nobody, one, or several who signed on; the roster gives way', () => {
    const shifts = told(
      shift('李四', 8, { by: 'roster', untilMs: 18 * HOUR }),
      shift('张三', 9, { by: 'pin' }),
      shift('王五', 11),
      shift('张三', 12, { on: false }),
      shift('王五', 13, { on: false }),
    );
    const day = dutyIntervals(shifts, '1001', 7 * HOUR, 20 * HOUR);
    expect(day.map(({ fromMs, toMs, operators }) => [fromMs / HOUR, toMs / HOUR, operators.join('+')])).toEqual([
      [7, 8, ''],
      [8, 9, '李四'],
      [9, 11, '张三'],
      [11, 12, '张三+王五'],
      [12, 13, '王五'],
      [13, 18, '李四'],
      [18, 20, ''],
    ]);
  });
});

describe('a roster', () => {
  const beijing = (text: string) => Date.parse(`${text}:00+08:00`);
  const roster = {
    entries: [
      {
        operator: '白班',
        lanes: ['1001'],
        days: ['mon', 'tue', 'wed', 'thu', 'fri'] as const,
        fromMinutes: 480,
        toMinutes: 1200,
      },
      {
        operator: '夜班',
        lanes: ['1001'],
        days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const,
        fromMinutes: 1200,
        toMinutes: 480,
      },
      { operator: '节日班', lanes: ['1001'], days: ['holiday'] as const, fromMinutes: 0, toMinutes: 1440 },
    ],
    holidays: ['2026-10-01'],
  };
  it.each([
    ['2026-11-25T08:00', '白班'],
    ['2026-11-25T19:59', '白班'],
    ['2026-11-25T20:00', '夜班'],
    ['2026-11-26T07:59', '夜班'],
    ['2026-11-28T12:00', ''],
    ['2026-11-29T02:00', '夜班'],
    ['2026-10-01T12:00', '节日班'],
    ['2026-10-01T03:00', '夜班+节日班'],
    ['2026-10-02T03:00', ''],
  ])('at %s: %s', (text, who) => {
    expect(
      rosterAt(roster, beijing(text))
        .map(({ operator }) => operator)
        .join('+'),
    ).toBe(who);
  });
});
