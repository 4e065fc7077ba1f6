/** The tables `numbering` and `outgoing`, in the store thread: numbers of messages that leave, and the messages until they have arrived. */
import { randomBytes } from 'node:crypto';
import type { NumberBlock, NumberedMessage, Numbering } from '../numbers.ts';
import type { Database } from '../thread/database.ts';
import type { ChainRows } from './chain-rows.ts';

/** Numbers reserved at once: so many messages may leave while the disk refuses. */
const BLOCK = 64;
/** Of a destination; beyond it the oldest go, and whoever receives the rest sees the gap. */
export const NUMBERED_MAX = 500;

interface Row {
  readonly chain: string;
  readonly series: string;
  readonly used: number;
  readonly reserved: number;
  readonly record: number;
}

export class NumberRows {
  readonly #chain: ChainRows;
  readonly #sql;

  constructor(database: Database, chain: ChainRows) {
    this.#chain = chain;
    this.#sql = {
      row: database.prepare('SELECT * FROM numbering WHERE destination = ?'),
      begin: database.prepare('INSERT OR REPLACE INTO numbering VALUES (?, ?, ?, 0, 0, ?)'),
      newestRecord: database.prepare('SELECT coalesce(max(id), 0) FROM release').pluck(),
      waiting: database.prepare('SELECT series, n, topic, payload FROM outgoing WHERE destination = ? ORDER BY id'),
      reserve: database.prepare('UPDATE numbering SET reserved = ? WHERE destination = ?'),
      used: database.prepare(
        'UPDATE numbering SET used = max(used, @n), record = max(record, @record) WHERE destination = @destination AND series = @series',
      ),
      keep: database.prepare('INSERT INTO outgoing (destination, series, n, topic, payload) VALUES (?, ?, ?, ?, ?)'),
      drop: database.prepare(
        `DELETE FROM outgoing WHERE destination = @destination AND id <=
           (SELECT id FROM outgoing WHERE destination = @destination ORDER BY id DESC LIMIT 1 OFFSET ${NUMBERED_MAX})`,
      ),
      arrived: database.prepare('DELETE FROM outgoing WHERE destination = ? AND series = ? AND n = ?'),
      giveBack: database.prepare('UPDATE numbering SET reserved = max(used, min(reserved, ?)) WHERE destination = ?'),
    };
  }

  numbering(destination: string): Numbering {
    const { series, used, reserved, record } = this.#present(destination);
    return {
      ...{ series, record, waiting: this.#sql.waiting.all(destination) as NumberedMessage[] },
      ...(reserved > used && { notUsed: { first: used + 1, last: reserved } }),
    };
  }

  reserve(destination: string): NumberBlock {
    const { series, reserved } = this.#present(destination);
    this.#sql.reserve.run(reserved + BLOCK, destination);
    return { series, first: reserved + 1, last: reserved + BLOCK };
  }

  keep(destination: string, { series, n, topic, payload }: NumberedMessage, record: number): void {
    this.#sql.used.run({ destination, series, n, record });
    this.#sql.keep.run(destination, series, n, topic, payload);
    this.#sql.drop.run({ destination });
  }

  arrived(destination: string, series: string, n: number): void {
    this.#sql.arrived.run(destination, series, n);
  }

  giveBack(destination: string, last: number): void {
    this.#sql.giveBack.run(last, destination);
  }

  /** Begins a series where there is none, and where the chain is another than that of the last: a restored box may give a number twice. */
  #present(destination: string): Row {
    const chain = this.#chain.id ?? '';
    const row = this.#row(destination);
    if (row?.chain === chain) return row;
    const record = row?.record ?? (this.#sql.newestRecord.get() as number);
    this.#sql.begin.run(destination, chain, randomBytes(8).toString('hex'), record);
    return this.#row(destination) as Row;
  }

  #row(destination: string): Row | undefined {
    return this.#sql.row.get(destination) as Row | undefined;
  }
}
