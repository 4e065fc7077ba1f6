/** Columns and states of the list of records as CSV. Chinese first. */
import * as table from './record-csv.made.ts';

/** In their order. */
export const csvText = { ...table.csvText, plate: table.COLUMN.plate, columns: Object.values(table.COLUMN) } as const;
