/** What was dropped, removed, put aside or decided by a person: kept beside the records, oldest forgotten first. */

import type { Moment } from '../messages.ts';
import type { Database } from './database.ts';
import { jsonField } from './json.ts';
import type { TimelineReader } from './timeline.ts';

const INCIDENTS_KEPT = 5_000;

export const INCIDENT_KINDS = [
  'requeued',
  'corrected',
  'dropped',
  'gap',
  'clockStep',
  'quarantined',
  'salvaged',
] as const;

export class Incidents {
  readonly #timeline: TimelineReader;
  readonly #insert;
  readonly #trim;
  readonly #quarantined;

  /** `idFloor`: numbers begin above it, in a database that takes the place of a damaged one. */
  constructor(database: Database, timeline: TimelineReader, idFloor: number) {
    this.#timeline = timeline;
    this.#insert = database.prepare(
      `INSERT INTO incident (id, at_ms, wall_ms, kind, detail) VALUES (max(${idFloor}, (SELECT coalesce(max(id), 0) FROM incident)) + 1, ?, ?, ?, ?)`,
    );
    this.#quarantined = database.prepare(
      `SELECT 1 FROM incident WHERE kind = 'quarantined' AND ${jsonField('detail', '$.folder')} = ?`,
    );
    // By their count: numbers leap over what a damaged database may have given.
    this.#trim = database.prepare(
      'DELETE FROM incident WHERE id <= (SELECT id FROM incident ORDER BY id DESC LIMIT 1 OFFSET ?)',
    );
  }

  /** Whether it is told that this folder was put aside. */
  tellsOf(folder: string): boolean {
    return this.#quarantined.get(folder) !== undefined;
  }

  add(kind: (typeof INCIDENT_KINDS)[number], detail: Readonly<Record<string, unknown>>, moment: Moment): void {
    this.#insert.run(this.#timeline.laneMs(moment.nowMs), Math.round(moment.wallMs), kind, JSON.stringify(detail));
    this.#trim.run(INCIDENTS_KEPT);
  }
}
