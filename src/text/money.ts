/** Fen as yuan, as it is written everywhere: 12.50. */
export const yuan = (fen: number): string => (fen / 100).toFixed(2);
