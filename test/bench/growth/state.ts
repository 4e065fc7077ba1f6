/**
 * A state folder as a box leaves it that was cut from the mains after DAYS days: rows of the lanes with engine states as app/bridge.ts keeps them,
 * delivered records, records that wait. Written by the store's own code in virtual time; pictures have rows and no files.
 */
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { initialState, STATE_VERSION } from '../../../src/lane/lane.ts';
import { laneSettings } from '../../../src/lane/settings.ts';
import type { LaneEvent } from '../../../src/lane/types.ts';
import type { JournalEntry } from '../../../src/store/messages.ts';
import type { NewRecord } from '../../../src/store/record-types.ts';
import { LIMITS } from '../../../src/store/store.ts';
import { DATABASE_FILE } from '../../../src/store/thread/database.ts';
import { Ledger } from '../../../src/store/thread/ledger.ts';
import { newLendingMemory } from '../../../src/store/thread/picture-buffers.ts';

const DAY_MS = 86_400_000;
const GROUP = 2_000;
/** As in app/bridge.ts: after so many events, or this long after the last that was kept. */
const SNAPSHOT_EVERY = 5_000;
const SNAPSHOT_EVERY_MS = 60 * 60_000;
export const SETTINGS = laneSettings({ direction: 'exit', roles: ['down', 'up', 'approach', 'barrier'] }, {});

export interface Filling {
  readonly lanes: readonly string[];
  /** How many of them have traffic; the rest have a row an hour. */
  readonly busy: number;
  readonly days: number;
  readonly rowsADay: number;
  readonly recordsADay: number;
  readonly waiting: number;
  /** Delivered records that still have a picture, and two beside it. */
  readonly framed: number;
  readonly nowWallMs: number;
}

export interface Filled {
  readonly rows: number;
  readonly records: number;
}

interface Lane {
  readonly id: string;
  rows: number;
  since: number;
  keptMs: number;
}

/** `keepsByAge`: whether the bridge of this program keeps states by their age. */
export function fill(path: string, filling: Filling, keepsByAge: boolean): Filled {
  const box = new Box(path, filling.nowWallMs - filling.days * DAY_MS);
  const lanes: Lane[] = filling.lanes.map((id) => ({ id, rows: 0, since: 0, keptMs: 0 }));
  for (const lane of lanes) {
    box.write({ kind: 'epoch', laneId: lane.id, settings: JSON.stringify(SETTINGS) });
    box.keep(lane.id);
  }
  const steps = Math.max(1, Math.round(filling.days * filling.rowsADay));
  const stepMs = (filling.days * DAY_MS) / steps;
  const recordEvery = Math.max(1, Math.round(filling.rowsADay / Math.max(1, filling.recordsADay)));
  const hourly = Math.max(1, Math.round(3_600_000 / stepMs));
  const waitingFrom = steps - Math.ceil(filling.waiting / filling.busy);
  let records = 0;
  for (let step = 0; step < steps; step += 1) {
    box.nowMs = Math.floor(step * stepMs);
    for (const [index, lane] of lanes.entries()) {
      if (index >= filling.busy && step % hourly !== index % hourly) continue;
      takeRow(box, lane, keepsByAge);
      if (index >= filling.busy) continue;
      const isWaiting = step >= waitingFrom;
      if (isWaiting || step % recordEvery === 0) {
        records += 1;
        box.record(lane.id, records, isWaiting);
      }
    }
  }
  box.close();
  beautify(path, filling.framed);
  return { rows: lanes.reduce((sum, { rows }) => sum + rows, 0), records };
}

function takeRow(box: Box, lane: Lane, keepsByAge: boolean): void {
  const event: LaneEvent = {
    ...{ kind: 'edge', role: 'approach', on: lane.rows % 2 === 0, atMs: box.nowMs, uncertaintyMs: 25 },
  };
  box.write({
    ...{ kind: 'event', laneId: lane.id, atMs: box.nowMs, wallMs: box.wallMs, event: JSON.stringify(event) },
  });
  lane.rows += 1;
  lane.since += 1;
  const isOld = keepsByAge && box.nowMs - lane.keptMs >= SNAPSHOT_EVERY_MS;
  if (lane.since < SNAPSHOT_EVERY && !isOld) return;
  lane.since = 0;
  lane.keptMs = box.nowMs;
  box.keep(lane.id);
}

/** The store, as its thread has it. */
class Box {
  readonly #ledger: Ledger;
  readonly #beganWallMs: number;
  #pending: JournalEntry[] = [];
  #requests = 0;
  nowMs = 0;

  constructor(path: string, beganWallMs: number) {
    this.#beganWallMs = beganWallMs;
    const limits = { ...LIMITS, ballastBytes: 0 };
    const options = { path, limits, version: 'growth', bootId: 'growth', wallTrusted: true, tool: false };
    const lending = newLendingMemory();
    this.#ledger = Ledger.open({ ...options, moment: this.#moment, lending }, this.#moment, () => undefined);
    this.#ledger.begin();
  }

  get wallMs(): number {
    return this.#beganWallMs + this.nowMs;
  }

  get #moment() {
    return { nowMs: this.nowMs, wallMs: this.wallMs };
  }

  write(entry: JournalEntry): void {
    this.#pending.push(entry);
    if (this.#pending.length >= GROUP) this.#ask('flush');
  }

  keep(laneId: string): void {
    const kept = { version: STATE_VERSION, generation: 'g', state: initialState(SETTINGS) };
    this.write({ kind: 'snapshot', laneId, state: JSON.stringify(kept) });
  }

  record(laneId: string, number: number, isWaiting: boolean): void {
    const serials = { first: `s${number}`, second: `t${number}` };
    const { id } = this.#ask('put', recordAt(laneId, number, this.nowMs, this.wallMs), serials) as { id: number };
    this.#ask('attach', id, { none: 'noCamera' });
    if (!isWaiting) this.#ask('delivered', id, { seqno: String(id) });
  }

  close(): void {
    this.#ask('flush');
    this.#ledger.commit();
    this.#ledger.beat(this.#moment, 'running');
    this.#ledger.close();
  }

  #ask(name: 'flush' | 'put' | 'attach' | 'delivered', ...given: readonly unknown[]): unknown {
    this.#requests += 1;
    const journal = this.#pending;
    this.#pending = [];
    const answer = this.#ledger.execute({ id: this.#requests, name, arguments: given, moment: this.#moment, journal });
    if (this.#requests % 500 === 0) {
      this.#ledger.commit();
      this.#ledger.begin();
    }
    return answer;
  }
}

/** What only time brings: reasons of tries, and pictures. */
function beautify(path: string, framed: number): void {
  const database = new Sqlite(join(path, DATABASE_FILE));
  database.pragma('synchronous = OFF');
  database.exec(`UPDATE release SET last_why = 'timeout', attempts = 3 WHERE state = 'waiting' AND id % 2 = 0;
    UPDATE release SET picture = 'attached', picture_why = NULL, frame_file = id || '.jpg', frame_bytes = 100000, frame_crc32 = 1
      WHERE id IN (SELECT id FROM release WHERE state = 'delivered' ORDER BY id DESC LIMIT ${framed});
    INSERT INTO beside SELECT id, place, 0, id || place || '.jpg', 100000, 1 FROM release, (SELECT 'before' AS place UNION SELECT 'after')
      WHERE frame_file IS NOT NULL;`);
  database.pragma('wal_checkpoint(TRUNCATE)');
  database.close();
}

function recordAt(laneId: string, number: number, nowMs: number, wallMs: number): NewRecord {
  return {
    ...{ laneId, gateId: laneId, gateName: laneId, releaseWallMs: wallMs },
    ...{ reason: '按钮开闸后有车通过，无缴费记录', methodDesc: '按钮开闸' },
    release: {
      ...{ id: `g-${number}`, verdict: 'manual', method: 1, desc: 'button', direction: 'exit' },
      ...{ releaseAtMs: nowMs, plate: { text: `粤B${10_000 + (number % 80_000)}`, confidence: 0.97, color: 'blue' } },
      ...{ passed: true, confidence: 'sure', degraded: false, reported: true },
      facts: [
        { kind: 'downReleased', atMs: nowMs },
        { kind: 'noGrant', values: { fromMs: nowMs, toMs: nowMs + 15_000 } },
        { kind: 'button', atMs: nowMs, values: { beforeMs: 300 } },
      ],
    },
  };
}
