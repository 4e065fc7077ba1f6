/** What was dropped, removed, put aside or decided by a person: kept beside the records, oldest forgotten first. */
import type { Database } from './database.ts';
import type { Moment } from './messages.ts';
import type { Timeline } from './timeline.ts';

const INCIDENTS_KEPT = 5_000;

export class Incidents {
  readonly #timeline: Timeline;
  readonly #insert;
  readonly #trim;

  constructor(database: Database, timeline: Timeline) {
    this.#timeline = timeline;
    this.#insert = database.prepare('INSERT INTO incident (at_ms, wall_ms, kind, detail) VALUES (?, ?, ?, ?)');
    this.#trim = database.prepare('DELETE FROM incident WHERE id <= ?');
  }

  add(kind: string, detail: Readonly<Record<string, unknown>>, moment: Moment): void {
    const { lastInsertRowid } = this.#insert.run(
      this.#timeline.laneMs(moment.nowMs),
      Math.round(moment.wallMs),
      kind,
      JSON.stringify(detail),
    );
    this.#trim.run(Number(lastInsertRowid) - INCIDENTS_KEPT);
  }
}
