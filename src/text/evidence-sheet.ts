/** Texts of the page of a bundle of evidence that a person prints, in Chinese and English. */
import type { BoxFact } from '../store/chain/chain.ts';
import * as table from './evidence-sheet.made.ts';

export const evidenceSheetText = {
  ...table.evidenceSheetText,
  /** A row of the box in short; its own words are in rows.jsonl. */
  fact: (fact: BoxFact): string => {
    const { kind, ...rest } = fact;
    return `${kind} ${JSON.stringify(kind === 'record' ? { ...rest, record: '…' } : rest)}`;
  },
} as const;
