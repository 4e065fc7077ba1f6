/** A row of the box at the end of the chain, in the words of the program, as whoever has the card can write it. */
import { createHash } from 'node:crypto';
import type Sqlite from 'better-sqlite3';

export function append(database: Sqlite.Database, fact: object): void {
  const last = database.prepare('SELECT * FROM journal ORDER BY seq DESC LIMIT 1').get() as Record<string, number>;
  const { seq = 0, boot_seq, at_ms, wall_ms } = last;
  const [event, salt] = [JSON.stringify(fact), '0123456789abcdef0123456789abcdef'];
  const digest = createHash('sha256')
    .update([seq + 1, boot_seq, '', at_ms, wall_ms, salt, event].join('\n'))
    .digest('hex');
  database
    .prepare('INSERT INTO journal (seq, boot_seq, lane_id, at_ms, wall_ms, event, link) VALUES (?, ?, ?, ?, ?, ?, ?)')
    .run(seq + 1, boot_seq, '', at_ms, wall_ms, event, Buffer.from(salt + digest.slice(0, 16), 'hex'));
}
