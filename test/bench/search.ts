/**
 * Searches of people among very many records, and whether records are put any slower meanwhile. Options: --records (1,000,000), --seconds (10 each).
 * Goal: 50 ms for an answer of the list with its count, and the commits of a record as quick as without.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../../src/clock.ts';
import { openStore } from '../../src/store/store.ts';
import type { Store } from '../../src/store/types.ts';
import { copyRecords, record } from './growth/records.ts';

const clock = systemClock();
const DAY_MS = 86_400_000;
const DAYS = 1_000;
const LANES = 4;
const TIMES = 9;
const WARM_MS = 90_000;
/** A page of the list, and one more that says whether there are others; as far as a count goes. */
const [PAGE, COUNTED] = [31, 10_000];
const PUT_EVERY_MS = 50;

export async function run(options: readonly string[]): Promise<{ title: string; rows: readonly object[] }> {
  const number = { type: 'string' } as const;
  const { values } = parseArgs({ args: [...options], options: { records: number, seconds: number } });
  const [records, seconds] = [Number(values.records ?? 1_000_000), Number(values.seconds ?? 10)];
  const path = mkdtempSync(join(tmpdir(), 'lanewarden-search-'));
  const open = () => openStore({ path, clock, wallTrusted: true, ballastBytes: 0, keepRecordsMs: 1e13 });
  try {
    const empty = await open();
    await empty.outbox.put(record('1'));
    await empty.close();
    copyRecords(path, records, { days: DAYS, lanes: LANES });
    const store = await open();
    const alone = await puts(store, seconds, 'alone');
    // Meanwhile the plates have been read.
    await clock.sleep(WARM_MS);
    const rows: object[] = [
      { what: 'the first, when the plates are read', ...(await timed(store, { plateContains: '京A77777' }, 1)) },
    ];
    const searches = searchesOf(clock.wallMs());
    for (const [what, filter] of Object.entries(searches)) rows.push({ what, ...(await timed(store, filter)) });
    let goes = true;
    const asking = (async () => {
      while (goes) for (const filter of Object.values(searches)) await ask(store, filter);
    })();
    const beside = await puts(store, seconds, 'beside');
    goes = false;
    await asking;
    await store.close();
    rows.push(
      { what: 'a record is put, no search', ...alone },
      { what: 'a record is put, beside searches', ...beside },
    );
    return { title: `search: ${records} records`, rows };
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}

type Filter = Partial<Parameters<Store['review']['list']>[0]>;

function searchesOf(wallMs: number): Record<string, Filter> {
  return {
    'a whole plate': { plateContains: '粤B04711' },
    'a part of one': { plateContains: '4711' },
    'a plate that is not there': { plateContains: '京A88888' },
    'a part that very many have': { plateContains: '粤B' },
    'a part of one, of a lane': { plateContains: '4711', laneId: '1002' },
    'a day': { fromWallMs: wallMs - 500 * DAY_MS, toWallMs: wallMs - 499 * DAY_MS },
    'a day and a kind': { fromWallMs: wallMs - 500 * DAY_MS, toWallMs: wallMs - 499 * DAY_MS, desc: 'remote' },
    'a kind that is seldom': { desc: 'remote' },
  };
}

const ask = (store: Store, filter: Filter) =>
  Promise.all([store.review.list({ ...filter, limit: PAGE }), store.review.count({ ...filter, limit: COUNTED })]);

async function timed(store: Store, filter: Filter, times = TIMES): Promise<object> {
  const took: number[] = [];
  let found = 0;
  for (let time = 0; time < times; time += 1) {
    const beganMs = clock.nowMs();
    [, found] = await ask(store, filter);
    took.push(clock.nowMs() - beganMs);
  }
  return { found, ...spread(took) };
}

async function puts(store: Store, seconds: number, name: string): Promise<object> {
  const took: number[] = [];
  for (let count = 0; count < (seconds * 1_000) / PUT_EVERY_MS; count += 1) {
    const beganMs = clock.nowMs();
    await store.outbox.put(record(`${name}${count}`));
    took.push(clock.nowMs() - beganMs);
    await clock.sleep(Math.max(0, PUT_EVERY_MS - (clock.nowMs() - beganMs)));
  }
  return spread(took);
}

function spread(all: readonly number[]): object {
  const sorted = all.toSorted((a, b) => a - b);
  const at = (share: number): number => Math.round((sorted[Math.floor(share * (sorted.length - 1))] ?? 0) * 10) / 10;
  return { 'median ms': at(0.5), '95 % ms': at(0.95), 'most ms': at(1) };
}
