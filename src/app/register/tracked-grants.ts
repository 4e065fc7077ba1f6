/**
 * What became of each payment, followed from what the lanes count: kept in the store, the newest in memory. It decides nothing: the engine's account is
 * where a fate is made.
 */
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { dayOf } from '../../account/days.ts';
import type { GrantUse, TrackedGrant } from '../../intake/grant-fate.ts';
import type { PaymentFates } from '../../intake/payment-fates.ts';
import { formerId, isSameMoment } from '../../lane/repetition.ts';
import type { Grant, LaneEffect } from '../../lane/types.ts';
import { PARK_FACTS_MOST, type ParkFacts } from '../../store/park-facts/park-facts.ts';
import { PlateTable, parsedRow } from './plate-table.ts';

/** Payments on their way through the lanes. */
const HEARD_MOST = 1_000;
/** Rows looked at before others may go first. */
const AT_ONCE = 200;

interface Options {
  readonly parkFacts: ParkFacts;
  readonly wallOf: (laneMs: number) => number;
  /** A payment has found its end, or one of its uses. */
  readonly changed: (grant: TrackedGrant) => void;
}

type Row = TrackedGrant & {
  readonly toldMs: number;
  /** Its key once another payment has its number. Absent in rows of before it was kept. */
  readonly formerId?: string;
  /** What else was said of it. Absent in rows of before it was kept: nothing repeats them. */
  readonly told?: string;
  readonly issuedWallMs?: number;
  readonly endsWallMs?: number;
};

/** Of the few payments under one number. */
const DIGEST_CHARS = 12;

/** By the times as they were written. The end alone of a season ticket is that of each time it is told. */
function isOfMoment({ issuedWallMs, endsWallMs }: Row, { kind, written = {} }: Grant): boolean {
  const saysWhich = written.issuedWallMs !== undefined || (kind === 'paid' && written.endsWallMs !== undefined);
  return saysWhich && isSameMoment(issuedWallMs, written.issuedWallMs) && isSameMoment(endsWallMs, written.endsWallMs);
}

const wordsOf = ({ source, till, operator, plate, plateColor, kind, count, amount, parkingSerial, carDesc }: Grant) => {
  const words = [source, till, operator, plate, plateColor, kind, count, amount, parkingSerial, carDesc];
  return createHash('sha256').update(JSON.stringify(words)).digest('base64url').slice(0, DIGEST_CHARS);
};

/** Told again under its number, corrected: the row is that of the later. */
const CORRECTED: ReadonlySet<string | undefined> = new Set(['replaced', 'cancelled']);

/** Lanes hear a payment for the park one after the other. */
const ONE_MOMENT_MS = 1_000;

const isSameTelling = ({ formerId, plate, toldMs }: Row, grant: Grant, own: string, atMs: number): boolean =>
  formerId === own && plate === grant.plate && Math.abs(toldMs - atMs) < ONE_MOMENT_MS;

export class TrackedGrants implements PaymentFates {
  readonly #rows = new PlateTable<Row>(PARK_FACTS_MOST.grant);
  /** As the lanes were fed it: one payment for the park is one object in all of them. */
  readonly #heard = new Map<string, { readonly grant: Grant; isTracked: boolean }>();
  readonly #options: Options;

  private constructor(options: Options) {
    this.#options = options;
  }

  static async open(options: Options): Promise<TrackedGrants> {
    const tracked = new TrackedGrants(options);
    for (const { key, body } of await options.parkFacts.rows('grant')) {
      const row = parsedRow<Row>(body);
      if (row !== undefined) tracked.#rows.set(key, row);
    }
    return tracked;
  }

  get(id: string): TrackedGrant | undefined {
    return this.#rows.get(id);
  }

  async on(day: string): Promise<readonly TrackedGrant[]> {
    const found: TrackedGrant[] = [];
    let seen = 0;
    for (const row of this.#rows.values()) {
      if (dayOf(row.toldWallMs) === day) found.push(row);
      seen += 1;
      if (seen % AT_ONCE === 0) await setImmediate();
    }
    return found.sort((one, other) => one.toldWallMs - other.toldWallMs);
  }

  /** Told once more, in the same words and for the same moment, though nothing is left of it. Lanes know the last few hundred of those. */
  isOver(grant: Grant, laneId: string | undefined): boolean {
    const row = this.#rows.get(grant.id);
    if (row?.told !== wordsOf(grant) || row.lane !== laneId || !isOfMoment(row, grant)) return false;
    const { uses, count, ended } = row;
    // What a full lane gave up may be held by another.
    return uses.length >= count || (ended !== undefined && ended.fate !== 'givenUp');
  }

  /** A lane is fed a payment. */
  heard(grant: Grant): void {
    if (grant.direction === 'entry' || this.#heard.get(grant.id)?.grant === grant) return;
    this.#heard.delete(grant.id);
    this.#heard.set(grant.id, { grant, isTracked: false });
    const [oldest] = this.#heard.keys();
    if (this.#heard.size > HEARD_MOST && oldest !== undefined) this.#heard.delete(oldest);
  }

  take(laneId: string, effect: LaneEffect): void {
    const { wallOf } = this.#options;
    if (effect.kind === 'note' && effect.fact.kind === 'grantUsed' && effect.grantId !== undefined) {
      const way = String(effect.fact.values?.way ?? '');
      const use = { lane: laneId, way, atWallMs: Math.round(wallOf(effect.atMs)) };
      // The journal may tell it again after a start.
      const isKnown = (each: GrantUse): boolean =>
        each.lane === use.lane && each.way === use.way && each.atWallMs === use.atWallMs;
      this.#change(effect.grantId, (row) => (row.uses.some(isKnown) ? row : { ...row, uses: [...row.uses, use] }));
    }
    if (effect.kind !== 'count' || effect.counted.of !== 'payment') return;
    const { grantId, fate } = effect.counted;
    if (fate === 'told') this.#told(laneId, grantId, effect.atMs);
    // Of a payment for the park each lane says so; one that was used is used.
    else if (fate !== 'used' && fate !== 'late' && fate !== 'elsewhere')
      this.#change(grantId, (row) => {
        if (row.uses.length >= row.count || (row.ended !== undefined && row.ended.fate !== 'expired')) return row;
        return { ...row, ended: { fate, atWallMs: Math.round(wallOf(effect.atMs)) } };
      });
  }

  #told(laneId: string, grantId: string, atMs: number): void {
    const heard = this.#heard.get(grantId);
    if (heard === undefined || heard.isTracked) return;
    heard.isTracked = true;
    const own = formerId(heard.grant);
    const before = this.#rows.get(grantId);
    // The journal tells it again after a start, of a payment for the park each lane's.
    if (this.#rows.get(own) !== undefined || (before !== undefined && isSameTelling(before, heard.grant, own, atMs)))
      return;
    if (before?.formerId !== undefined && before.formerId !== own && !CORRECTED.has(before.ended?.fate))
      this.#set(before.formerId, before);
    const { id, source, till, operator, plate, kind, count, amount, scope, written } = heard.grant;
    const where = till ?? operator;
    this.#set(id, {
      ...{ formerId: own, id, source, kind, count, toldMs: Math.round(atMs), uses: [] },
      toldWallMs: Math.round(this.#options.wallOf(atMs)),
      ...(where !== undefined && { till: where }),
      ...(plate !== undefined && { plate }),
      ...(scope === 'lane' && { lane: laneId }),
      ...(amount !== undefined && { amount }),
      ...{ told: wordsOf(heard.grant), ...written },
    });
  }

  #change(key: string, to: (row: Row) => Row): void {
    const row = this.#rows.get(key);
    if (row === undefined) return;
    const next = to(row);
    if (next === row) return;
    this.#set(key, next);
    this.#options.changed(next);
  }

  #set(key: string, row: Row): void {
    this.#rows.set(key, row);
    this.#options.parkFacts.along([{ kind: 'grant', key, atMs: row.toldMs, body: JSON.stringify(row) }]);
  }
}
