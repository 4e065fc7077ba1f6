/** What a mark of one record sends, and lacks. Pure. */
import type { MarkKind, MarkRow } from '../../page/api/api-duty.ts';

export interface MarkFields {
  readonly words: string;
  readonly plate: string;
  readonly yuan: string;
}

const isMoney = (kind: MarkKind): boolean => kind === 'owed' || kind === 'recovered';

/** Made in the list, where none was told. */
export const lacksAmount = ({ kind, amount }: Pick<MarkRow, 'kind' | 'amount'>): boolean =>
  isMoney(kind) && amount === undefined;

/** undefined: of money, without an amount. */
export function markBody(id: number, kind: MarkKind, { words, plate, yuan }: MarkFields): object | undefined {
  const amount = Math.round(Number(yuan) * 100);
  if (isMoney(kind) && !(amount > 0)) return undefined;
  return {
    ...{ ids: [id], kind },
    ...(words.trim() !== '' && { words: words.trim() }),
    ...(isMoney(kind) && plate.trim() !== '' && { plate: plate.trim() }),
    ...(isMoney(kind) && { amount }),
  };
}
