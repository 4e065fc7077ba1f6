/**
 * Lists and counts of records, in the store thread. The table `tally` says how many records there are of each lane, state and reason, and the index
 * `release_place` holds each of these places in order: neither a list nor a count reads more than it shows, however many records there are. So does
 * a kind; a part of a plate is looked for in all plates (plate-slices.ts), a mark in what the rest of the filter leaves.
 */

import { ANSWER_COLUMN, IN_INBOX, MARK_COLUMN, MARK_KIND } from '../park-facts/mark-rows.ts';
import { OPEN_STATES, type OpenState, RECORD_STATES, type RecordState } from '../record-states.ts';
import { BESIDE_COLUMN } from '../thread/beside-rows.ts';
import { plateAsKept } from '../thread/correction.ts';
import type { Database } from '../thread/database.ts';
import { jsonField } from '../thread/json.ts';
import { TRIED } from '../thread/outbox-sql.ts';
import type { ReleaseRow } from '../thread/records.ts';
import { RECORD_DESC, RECORD_PLATE, tallyWhy } from '../thread/schema.ts';
import type { RecordFilter } from '../types.ts';

/** Tries looked through for the next one of each reason: those that are soonest. */
const NEXT_TRIES = 500;

interface Place {
  readonly lane_id: string;
  readonly state: RecordState;
  readonly why: string;
  readonly records: number;
}

/** Open records of one state and reason. `dueMs`: lane time of the next try, where it is among the soonest. */
interface CauseFound {
  readonly state: OpenState;
  readonly why: string;
  readonly count: number;
  readonly oldestWallMs: number;
  readonly dueMs: number | undefined;
}

const AT_PLACE = `lane_id = @lane_id AND state = @state AND ${tallyWhy()} = @why`;
/** Conditions, by what the filter names. */
const CONDITIONS: Readonly<Record<string, string>> = {
  beforeId: 'id < @beforeId',
  fromId: 'id >= @fromId',
  aboveId: 'id > @aboveId',
  laneId: 'lane_id = @laneId',
  laneIds: 'lane_id IN (SELECT value FROM json_each(@laneIds))',
  states: 'state IN (SELECT value FROM json_each(@states))',
  fromWallMs: 'wall_ms >= @fromWallMs',
  toWallMs: 'wall_ms < @toWallMs',
  method: `${jsonField('body', '$.release.method')} = @method`,
  desc: `${RECORD_DESC} = @desc`,
  releaseIds: 'release_id IN (SELECT value FROM json_each(@releaseIds))',
  // As on the day's sheet: what was paid after all, or a person decided is no release, stands open nowhere.
  marked: `coalesce(${MARK_KIND}, 'open') = @marked AND (@marked <> 'open' OR state NOT IN ('withdrawn', 'dropped'))`,
  inbox: IN_INBOX,
  plate: `instr(${RECORD_PLATE}, @plate) > 0`,
  ids: 'id IN (SELECT value FROM json_each(@ids))',
};
/** A place says these. */
const OF_PLACES: ReadonlySet<string> = new Set(['laneId', 'laneIds', 'states']);

type Values = Record<string, number | string>;

export class RecordLists {
  readonly #database: Database;
  readonly #prepared = new Map<string, ReturnType<Database['prepare']>>();
  readonly #sql;

  constructor(database: Database) {
    this.#database = database;
    this.#sql = {
      places: database.prepare('SELECT * FROM tally WHERE records > 0'),
      rows: database.prepare(
        `SELECT *, ${BESIDE_COLUMN}, ${MARK_COLUMN}, ${ANSWER_COLUMN} FROM release
         WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id DESC`,
      ),
      // Records are numbered in the order in which they were put.
      oldest: database.prepare(
        `SELECT wall_ms, due_ms FROM release INDEXED BY release_place WHERE ${AT_PLACE} ORDER BY id LIMIT 1`,
      ),
      nextTries: database.prepare(
        `SELECT due_ms, ${tallyWhy()} AS why FROM release INDEXED BY release_due WHERE ${TRIED}
         ORDER BY due_ms LIMIT ${NEXT_TRIES}`,
      ),
    };
  }

  /** The newest first. */
  rows(filter: RecordFilter): ReleaseRow[] {
    return this.#sql.rows.all(JSON.stringify(this.#ids(filter))) as ReleaseRow[];
  }

  /** Up to the limit of the filter. */
  count(filter: RecordFilter): number {
    const given = valuesOf(filter);
    const { limit } = filter;
    const places = this.#places(filter);
    const rest = Object.keys(given).filter((name) => !OF_PLACES.has(name));
    if (rest.length === 0)
      return Math.min(
        limit,
        places.reduce((sum, { records }) => sum + records, 0),
      );
    return this.#ids(filter).length;
  }

  /** The most common first. */
  causes(): CauseFound[] {
    const found = new Map<string, CauseFound>();
    const next = new Map<string, number>();
    const tries = this.#sql.nextTries.all() as { readonly due_ms: number; readonly why: string }[];
    for (const { why, due_ms } of tries.toReversed()) next.set(why, due_ms);
    for (const place of this.#sql.places.all() as Place[]) {
      const state = OPEN_STATES.find((each) => each === place.state);
      if (state === undefined) continue;
      const { lane_id, why, records } = place;
      const key = `${state} ${why}`;
      const others = found.get(key);
      type Oldest = { readonly wall_ms: number; readonly due_ms: number };
      const { wall_ms, due_ms } = this.#sql.oldest.get({ lane_id, state, why }) as Oldest;
      // What waits for its first try is due in its order.
      const due = [next.get(why), others?.dueMs, why === '' ? due_ms : undefined].filter((ms) => ms !== undefined);
      found.set(key, {
        ...{ state, why, count: records + (others?.count ?? 0) },
        oldestWallMs: Math.min(wall_ms, others?.oldestWallMs ?? wall_ms),
        dueMs: state === 'waiting' && due.length > 0 ? Math.min(...due) : undefined,
      });
    }
    const order = (a: string, b: string) => Number(a > b) - Number(a < b);
    return [...found.values()].sort((a, b) => b.count - a.count || order(a.state, b.state) || order(a.why, b.why));
  }

  /** A lane or a state is looked up place by place, a span of time by its index, a slice and everything else in the order of the numbers. */
  #ids(filter: RecordFilter): number[] {
    const [{ limit }, given] = [filter, valuesOf(filter)];
    const names = Object.keys(given);
    const conditions = (of: readonly string[]) => of.map((name) => ` AND ${CONDITIONS[name]}`).join('');
    const isTimed = names.includes('fromWallMs') || names.includes('toWallMs');
    const isNamed = names.includes('releaseIds') || names.includes('ids');
    const isSlice = names.includes('fromId');
    if (isNamed || isTimed || isSlice || !names.some((name) => OF_PLACES.has(name))) {
      const index = isTimed && !isNamed && !isSlice ? 'INDEXED BY release_wall' : indexOf(names, isSlice);
      const sql = `SELECT id FROM release ${index} WHERE true${conditions(names)} ORDER BY id DESC LIMIT @limit`;
      return this.#all(sql, { ...given, limit }) as number[];
    }
    const rest = names.filter((name) => !OF_PLACES.has(name));
    const sql = `SELECT id FROM release INDEXED BY release_place WHERE ${AT_PLACE}${conditions(rest)} ORDER BY id DESC LIMIT @limit`;
    const values = Object.fromEntries(rest.map((name) => [name, given[name] as number | string]));
    const ids = this.#places(filter).flatMap(
      ({ lane_id, state, why }) => this.#all(sql, { ...values, lane_id, state, why, limit }) as number[],
    );
    return ids.sort((a, b) => b - a).slice(0, limit);
  }

  #places({ laneId, laneIds, states }: RecordFilter): Place[] {
    return (this.#sql.places.all() as Place[]).filter(
      ({ lane_id, state }) =>
        (laneId === undefined || lane_id === laneId) &&
        (laneIds === undefined || laneIds.includes(lane_id)) &&
        (states === undefined || states.includes(state)),
    );
  }

  #all(sql: string, values: Values): unknown[] {
    const statement = this.#prepared.get(sql) ?? this.#database.prepare(sql).pluck();
    this.#prepared.set(sql, statement);
    return statement.all(values);
  }
}

/** Releases that are named have an index of their own; records have their numbers. */
function indexOf(names: readonly string[], isSlice: boolean): string {
  if (names.includes('releaseIds')) return '';
  return names.includes('desc') && !isSlice && !names.includes('ids') ? 'INDEXED BY release_desc' : 'NOT INDEXED';
}

/** Of what the filter restricts, under the names of `CONDITIONS`. */
function valuesOf(filter: RecordFilter): Values {
  const { states, plateContains, limit: _, ...plain } = filter;
  const isAll = states === undefined || RECORD_STATES.every((state) => states.includes(state));
  const values = {
    ...plain,
    ...(!isAll && { states }),
    ...(plateContains !== undefined && { plate: plateAsKept(plateContains) }),
  };
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, of]) => [name, typeof of === 'object' ? JSON.stringify(of) : of]));
}
