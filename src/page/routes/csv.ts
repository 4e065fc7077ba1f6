/** Releases as CSV lines. Pure. */

import { csvText } from '../../text/lanes/record-csv.ts';
import { MARK_NAME, owedText } from '../../text/page/ui-review.ts';
import { csvLines } from '../../text/spreadsheet.ts';
import { type Language, yuan } from '../../text/text.ts';
import { BEIJING_OFFSET_MS } from '../../written-time.ts';
import type { ReleaseListRow } from '../api/api.ts';

/** `isHead`: the names of the columns. */
export function csvOf(rows: readonly ReleaseListRow[], language: Language, isHead = false): string {
  const head = isHead ? [csvText.columns.map((column) => column[language])] : [];
  return csvLines([...head, ...rows.map((row) => cells(row, language))]);
}

function cells(row: ReleaseListRow, language: Language): readonly string[] {
  return [
    new Date(row.releaseWallMs + BEIJING_OFFSET_MS).toISOString().slice(0, 19).replace('T', ' '),
    row.laneName,
    row.plate ?? '',
    row.desc[language],
    row.reason[language],
    csvText.states[row.state][language],
    row.serial,
    row.seqno ?? '',
    row.lastWhy?.[language] ?? '',
    row.operator ?? '',
    row.mark === undefined ? '' : MARK_NAME[row.mark.kind][language],
    row.mark?.reason ?? row.mark?.words ?? '',
    row.owed === undefined ? '' : yuan(row.owed.amount),
    row.owed === undefined ? '' : owedText.how[row.owed.by][language],
  ];
}
