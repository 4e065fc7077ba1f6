/** The tables `numbering` and `outgoing`, in the store thread: numbers of messages that leave, and the messages until they have arrived. */
import { randomBytes } from 'node:crypto';
import type { ChainRows } from '../chain/chain-rows.ts';
import type { NumberedBatch, NumberedMessage, Numbering } from '../numbers.ts';
import type { OutboundCount } from '../outbound.ts';
import type { Database } from '../thread/database.ts';

type Row = Omit<Numbering, 'waiting'> & { readonly chain: string };

export class NumberRows {
  readonly #chain: ChainRows;
  readonly #sql;

  constructor(database: Database, chain: ChainRows) {
    this.#chain = chain;
    this.#sql = {
      row: database.prepare('SELECT * FROM numbering WHERE destination = ?'),
      begin: database.prepare(
        `INSERT INTO numbering (destination, chain, series, used, place, day)
         VALUES (@destination, @chain, @series, 0, (SELECT coalesce(max(id), 0) FROM outbound), '')
         ON CONFLICT (destination) DO UPDATE SET chain = @chain, series = @series, used = 0`,
      ),
      waiting: database.prepare(
        'SELECT series, n, topic, payload, record, wall_ms AS wallMs FROM outgoing WHERE destination = ? ORDER BY id',
      ),
      move: database.prepare(
        `UPDATE numbering SET used = @used, place = @place, day = coalesce(@day, day)
         WHERE destination = @destination AND series = @series AND used = @usedBefore AND place = @placeBefore`,
      ),
      keep: database.prepare(
        `INSERT INTO outgoing (destination, series, n, topic, payload, record, wall_ms)
         VALUES (@destination, @series, @n, @topic, @payload, @record, @wallMs)`,
      ),
      arrived: database.prepare('DELETE FROM outgoing WHERE destination = ? AND series = ? AND n = ?'),
      // The newest row stays: numbers never repeat.
      trim: database.prepare(
        `DELETE FROM outbound WHERE id <= (SELECT min(place) FROM numbering) AND id < (SELECT max(id) FROM outbound)`,
      ),
      destinations: database.prepare('SELECT destination FROM numbering ORDER BY destination').pluck(),
      count: database.prepare(
        `SELECT count(*) AS waiting, min(wall_ms) AS oldestWallMs FROM (
           SELECT wall_ms FROM outgoing WHERE destination = @destination
           UNION ALL SELECT wall_ms FROM outbound WHERE id > (SELECT place FROM numbering WHERE destination = @destination))`,
      ),
    };
  }

  /** Begins a series where there is none, and where the chain is another than that of the last: a restored box may give a number twice. */
  numbering(destination: string): Numbering {
    const chain = this.#chain.id ?? '';
    if (this.#row(destination)?.chain !== chain)
      this.#sql.begin.run({ destination, chain, series: randomBytes(8).toString('hex') });
    const { series, used, place, day } = this.#row(destination) as Row;
    return { series, used, place, day, waiting: this.#sql.waiting.all(destination) as NumberedMessage[] };
  }

  keep(destination: string, { series, after, place, day = null, messages }: WrittenBatch): boolean {
    const used = after.used + messages.length;
    const before = { usedBefore: after.used, placeBefore: after.place };
    if (this.#sql.move.run({ destination, series, used, place, day, ...before }).changes === 0) return false;
    for (const message of messages) this.#sql.keep.run({ destination, ...message });
    this.#sql.trim.run();
    return true;
  }

  arrived(destination: string, series: string, n: number): void {
    this.#sql.arrived.run(destination, series, n);
  }

  /** Those that ever received something. */
  destinations(): string[] {
    return this.#sql.destinations.all() as string[];
  }

  count(destination: string): OutboundCount {
    const { waiting, oldestWallMs } = this.#sql.count.get({ destination }) as {
      waiting: number;
      oldestWallMs: number | null;
    };
    return { waiting, ...(oldestWallMs !== null && { oldestWallMs }) };
  }

  #row(destination: string): Row | undefined {
    return this.#sql.row.get(destination) as Row | undefined;
  }
}

type WrittenBatch = Omit<NumberedBatch, 'day'> & { readonly day?: string | null };
