/** The tariff in the file: what it becomes, what `check` says it costs, and every fault with its place and what to do. */
import { expect, test } from 'vitest';
import { summary } from '../../src/cli/check.ts';
import { loadConfig } from '../../src/config/file.ts';
import { kinds } from './kinds.ts';
import { faultsIn, GOOD, workshop } from './workshop.ts';

const load = (tariff: string) => loadConfig(workshop(`${GOOD}tariff:\n${tariff}\n`), kinds, {});
const ONE = `  - free: 30min
    steps: [{ for: 1h, every: 1h, yuan: 5 }, { every: 30min, yuan: 1.5 }]
    dailyMaxYuan: 30
    dailyMaxPer: day
    night: { from: "22:00", to: "07:00", every: 1h, yuan: 0.01, maxYuan: 5 }`;

test('a file without one estimates nothing', () => {
  expect(loadConfig(workshop(GOOD), kinds, {}).tariff).toEqual([]);
});

test('yuan and durations become fen and milliseconds', () => {
  expect(load(ONE).tariff).toEqual([
    {
      ...{ freeMs: 1_800_000, deductFree: false, dailyMaxFen: 3000, dailyMaxPer: 'day' },
      steps: [
        { forMs: 3_600_000, everyMs: 3_600_000, fen: 500 },
        { everyMs: 1_800_000, fen: 150 },
      ],
      night: { fromMinutes: 1320, toMinutes: 420, everyMs: 3_600_000, fen: 1, maxFen: 500 },
    },
  ]);
});

test('check says what stays cost, for which cars', () => {
  const config = load(`  - { carTypes: [1], carDescs: [大型车], steps: [{ every: 1h, yuan: 10 }] }\n${ONE}`);
  const said = summary(config, 'en');
  expect(said).toContain('tariff (car_type 1, 大型车): from 09:00, 1 h ¥10.00, 4 h ¥40.00, 24 h ¥240.00');
  expect(said).toContain('tariff: from 09:00, 1 h ¥5.00, 4 h ¥14.00');
});

test.each([
  ['{ steps: [{ every: 1h, yuan: 5 }, { every: 1h, yuan: 2 }] }', 'tariff[0].steps[0]', 'another step follows'],
  ['{ steps: [{ for: 1h, every: 1h, yuan: 5 }] }', 'tariff[0].steps[0].for', 'must not end'],
  [
    '{ steps: [{ for: 30min, every: 1h, yuan: 5 }, { every: 1h, yuan: 2 }] }',
    'tariff[0].steps[0].every',
    'more than it lasts',
  ],
  ['{ steps: [{ every: 1h, yuan: 1.234 }] }', 'tariff[0].steps[0].yuan', 'no sum of money'],
  ['{ steps: [{ every: 1h, yuan: -1 }] }', 'tariff[0].steps[0].yuan', 'no sum of money'],
  ['{ steps: [] }', 'tariff[0].steps', ''],
  ['{ steps: [{ every: 0min, yuan: 1 }] }', 'tariff[0].steps[0].every', ''],
  [
    '{ steps: [{ every: 1h, yuan: 1 }], night: { from: "22:00", to: "22:00", yuan: 1 } }',
    'tariff[0].night.to',
    'same hour',
  ],
  ['{ steps: [{ every: 1h, yuan: 1 }], night: { from: 22, to: "7:00", yuan: 1 } }', 'tariff[0].night.from', ''],
  ['{ steps: [{ every: 1h, yuan: 1 }], carTypes: [7] }', 'tariff[0].carTypes[0]', ''],
  ['{ steps: [{ every: 1h, price: 1 }] }', 'tariff[0].steps[0].price', ''],
])('%s is refused at %s', (tariff, path, words) => {
  const faults = faultsIn(() => load(`  - ${tariff}`));
  expect(faults.map((fault) => fault.path)).toContain(path);
  expect(faults.find((fault) => fault.path === path)?.message.en).toContain(words);
});

test('one that no car gets is named', () => {
  const faults = faultsIn(() => load(`${ONE}\n  - { carTypes: [2], steps: [{ every: 1h, yuan: 1 }] }`));
  expect(faults).toMatchObject([{ path: 'tariff[1]', message: { en: expect.stringContaining('never used') } }]);
});
