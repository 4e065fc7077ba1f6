/** Stories 13 to 18: what a management system says beside payments. */
import { practiceText as text } from '../../text/commands/practice.ts';
import { isField, message, open, PATHS, shows, TIME_ERROR_MS, timeIs } from './expectations.ts';
import { ensure, type PracticeStage } from './stage.ts';

const HOUR_MS = 3_600_000;
const MANY = 1_200;
const MANY_WITHIN_MS = 60_000;
const BATCH_MAX = 500;

async function entry(stage: PracticeStage): Promise<void> {
  const plate = stage.plate();
  shows(
    await stage.tell({ event: 'entry', order: stage.order(), plate, lane: '2001', minutesAgo: 180, carType: 1 }),
    'told',
  );
  const { item, request } = await message(stage, PATHS.entries, { plate, lane: '2001', carType: 1 });
  timeIs(item, 'at', request.wallMs - 3 * HOUR_MS);
}

async function charge(stage: PracticeStage): Promise<void> {
  const lane = await stage.lane();
  const plate = stage.plate();
  await lane.arrive(plate);
  shows(await stage.tell({ event: 'charge', order: stage.order(), plate, lane: lane.id, amount: 1_500 }), 'told');
  const { item, request } = await message(stage, PATHS.charges, { plate, lane: lane.id, amount: 1_500 });
  timeIs(item, 'at', request.wallMs);
  await open(stage, lane);
  await lane.unpaid();
}

async function known(stage: PracticeStage): Promise<void> {
  const plates = [1, 2, 3].map(stage.plate);
  const [season = '', free = '', stored = ''] = plates;
  for (const [kind, plate] of [
    ['season', season],
    ['free', free],
    ['storedValue', stored],
  ] as const) {
    shows(await stage.tell({ event: 'vehicles', plates: plate, kind, from: '2026-01-01', to: '2099-12-31' }), 'told');
    await message(stage, PATHS.vehicles, { plate, to: '2099-12-31' });
    const vehicle = stage.received('vehicle').find(({ event }) => event.vehicle.plate === plate)?.event.vehicle;
    isField('kind', kind, vehicle?.kind);
  }
  const lane = await stage.lane();
  await lane.arrive(season);
  await open(stage, lane);
  await lane.paid();
}

async function removed(stage: PracticeStage): Promise<void> {
  const plate = stage.plate();
  shows(
    await stage.tell({ event: 'vehicles', plates: plate, kind: 'season', from: '2026-01-01', to: '2099-12-31' }),
    'told',
  );
  shows(await stage.tell({ event: 'vehicles', plates: plate, kind: 'season', removed: true }), 'told');
  await stage.until(
    () => stage.sent(PATHS.vehicles, (item) => item.plate === plate && item.removed === true).length > 0,
    () => text.noMessage(PATHS.vehicles, 'removed', 'true', undefined),
  );
  const lane = await stage.lane();
  await lane.arrive(plate);
  await open(stage, lane);
  await lane.unpaid();
}

async function shifts(stage: PracticeStage): Promise<void> {
  for (const on of [true, false]) {
    const order = stage.order(on ? 1 : 2);
    shows(await stage.tell({ event: 'shift', order, operator: '王五', lane: '1001', on }), 'told');
    const shift = await stage.until(
      () => stage.received('shift').find(({ event }) => event.shift.operator === '王五' && event.shift.on === on),
      () => text.noMessage(PATHS.shifts, 'on', String(on), undefined),
    );
    const { lanes, wallMs } = shift.event.shift;
    isField('lanes', '["1001"]', JSON.stringify(lanes));
    ensure(Math.abs(wallMs - shift.wallMs) < TIME_ERROR_MS, () =>
      text.wrongTime('at', new Date(wallMs).toISOString(), Math.round((wallMs - shift.wallMs) / 100) / 10),
    );
  }
}

async function many(stage: PracticeStage): Promise<void> {
  const plates = Array.from({ length: MANY }, (_, index) => `鲁Q${10_000 + index * 7}`);
  await stage.alone(async () => {
    const answer = await stage.ask(
      { event: 'vehicles', plates: plates.join(' '), kind: 'season', from: '2026-01-01', to: '2099-12-31' },
      MANY_WITHIN_MS,
    );
    shows(answer, 'told', 'waiting');
    const wanted = new Set(plates);
    const missing = (): number => {
      const taken = new Set(stage.received('vehicle').map(({ event }) => event.vehicle.plate));
      return [...wanted].filter((plate) => !taken.has(plate)).length;
    };
    await stage.until(
      () => missing() === 0,
      () => text.missing(missing(), MANY),
      MANY_WITHIN_MS,
    );
  });
  const largest = Math.max(
    ...stage.site.proxy.sent.filter(({ path }) => path === PATHS.vehicles).map(({ items }) => items.length),
  );
  ensure(largest <= BATCH_MAX, () => text.tooMany(largest, BATCH_MAX));
}

export const PARK = { 13: entry, 14: charge, 15: known, 16: removed, 17: shifts, 18: many };
