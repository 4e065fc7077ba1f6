/** Incidents: what was dropped, removed, quarantined or decided by a person; the oldest are removed. */

import { type BoxFact, sha256 } from '../chain/chain.ts';
import type { Moment } from '../moment.ts';
import type { Database } from './database.ts';
import { jsonField } from './json.ts';
import type { TimelineReader } from './timeline.ts';

const INCIDENTS_KEPT = 5_000;

export const INCIDENT_KINDS = [
  'requeued',
  'corrected',
  'dismissed',
  'dropped',
  'gap',
  'clockStep',
  'quarantined',
  'salvaged',
] as const;

export class Incidents {
  readonly #timeline: TimelineReader;
  readonly #say: (fact: BoxFact, moment: Moment) => void;
  readonly #insert;
  readonly #trim;
  readonly #quarantined;

  /** `idFloor`: numbers begin above it, in the successor of a damaged database. */
  constructor(
    database: Database,
    timeline: TimelineReader,
    idFloor: number,
    say: (fact: BoxFact, moment: Moment) => void,
  ) {
    this.#timeline = timeline;
    this.#say = say;
    this.#insert = database.prepare(
      `INSERT INTO incident (id, at_ms, wall_ms, kind, detail) VALUES (max(${idFloor}, (SELECT coalesce(max(id), 0) FROM incident)) + 1, ?, ?, ?, ?)`,
    );
    this.#quarantined = database.prepare(
      `SELECT 1 FROM incident WHERE kind = 'quarantined' AND ${jsonField('detail', '$.folder')} = ?`,
    );
    // By count: numbers leap over those of a damaged database.
    this.#trim = database.prepare(
      'DELETE FROM incident WHERE id <= (SELECT id FROM incident ORDER BY id DESC LIMIT 1 OFFSET ?)',
    );
  }

  /** Whether the quarantine of this folder is recorded. */
  tellsOf(folder: string): boolean {
    return this.#quarantined.get(folder) !== undefined;
  }

  /** `record`: the text of a record that a person has corrected. */
  add(
    kind: (typeof INCIDENT_KINDS)[number],
    detail: Readonly<Record<string, unknown>>,
    moment: Moment,
    record?: string,
  ): void {
    this.#insert.run(this.#timeline.laneMs(moment.nowMs), Math.round(moment.wallMs), kind, JSON.stringify(detail));
    this.#trim.run(INCIDENTS_KEPT);
    this.#say({ kind: 'mark', what: kind, detail, ...(record !== undefined && { record: sha256(record) }) }, moment);
  }
}
