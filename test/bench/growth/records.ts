/** Very many records in a state folder, as copies of one that the store itself has put. */
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { systemClock } from '../../../src/clock.ts';
import type { NewRecord } from '../../../src/store/record-types.ts';
import { DATABASE_FILE } from '../../../src/store/thread/database.ts';

const DAY_MS = 86_400_000;
const clock = systemClock();

export const record = (id: string): NewRecord => ({
  ...{ laneId: '1001', gateId: '1001', gateName: '通道A', releaseWallMs: clock.wallMs() },
  ...{ reason: '按钮开闸后有车通过', methodDesc: '按钮开闸' },
  release: {
    ...{ id, verdict: 'manual', method: 1, desc: 'button', direction: 'exit', releaseAtMs: 0, passed: true },
    ...{ confidence: 'sure', degraded: false, reported: true, facts: [{ kind: 'button', atMs: 0 }] },
    plate: { text: '粤B12345', color: 'blue', confidence: 95 },
  },
});

export interface Spread {
  readonly days: number;
  readonly lanes: number;
}

/** Copies of the one that is there, each of another plate, over all lanes and days; every thousandth of another kind. */
export function copyRecords(path: string, records: number, { days, lanes }: Spread): void {
  const database = new Sqlite(join(path, DATABASE_FILE));
  const own = ['id', 'release_id', 'serial', 'state', 'wall_ms', 'lane_id', 'body'];
  const columns = (database.pragma('table_info(release)') as { name: string }[])
    .map(({ name }) => name)
    .filter((name) => !own.includes(name))
    .join();
  const wallMs = `wall_ms - ${Math.floor((days * DAY_MS) / records)} * (${records} - n)`;
  // Some 100,000 cars that come again.
  const plate = `'粤' || substr('ABCDEFGHJ', 1 + n % 9, 1) || printf('%05d', (n * 7919) % 100000)`;
  database.exec(`WITH RECURSIVE many(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM many WHERE n < ${records})
    INSERT INTO release (release_id, serial, state, wall_ms, lane_id, body, ${columns})
    SELECT 'many' || n, 'many' || n, 'delivered', ${wallMs}, 1001 + n % ${lanes},
      json_set(body, '$.release.plate.text', ${plate}, '$.release.desc', iif(n % 1000 = 0, 'remote', 'button')), ${columns}
    FROM many JOIN release ON release.id = 1`);
  database.close();
}
