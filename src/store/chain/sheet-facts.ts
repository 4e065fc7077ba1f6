/** Where in the chain a sheet stands, for a command beside the program. */
import { openReadOnly } from '../files/journal-reader.ts';
import { parsed } from '../thread/json.ts';
import type { BoxFact } from './chain.ts';

export interface SheetFact {
  readonly seq: number;
  readonly wallMs: number;
  readonly fact: Extract<BoxFact, { kind: 'sheet' }>;
}

/** Its last word. undefined: it is not final, or its row is older than the chain is kept. */
export function sheetFact(folder: string, span: string): SheetFact | undefined {
  const database = openReadOnly(folder);
  try {
    const sql = `SELECT seq, wall_ms AS wallMs, event FROM journal WHERE lane_id = '' AND event LIKE ? ORDER BY seq DESC LIMIT 1`;
    const row = database.prepare(sql).get(`{"kind":"sheet","span":"${span}"%`) as
      | { readonly seq: number; readonly wallMs: number; readonly event: string }
      | undefined;
    const fact = row && parsed<SheetFact['fact']>(row.event);
    return row && fact && { seq: row.seq, wallMs: row.wallMs, fact };
  } finally {
    database.close();
  }
}
