/** Texts of the page of a bundle of evidence that a person prints, in Chinese and English. */
import * as table from './evidence-sheet.made.ts';

export const evidenceSheetText = {
  ...table.evidenceSheetText,
  /** A row of the box in short; its own words are in rows.jsonl. */
  fact: ({ kind, ...rest }: { readonly kind: string }): string => {
    return `${kind} ${JSON.stringify(kind === 'record' ? { ...rest, record: '…' } : rest)}`;
  },
} as const;
