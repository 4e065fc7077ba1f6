/** Texts of the status page. */

export { deviceKind, deviceState, overviewPageText, undecidedText, uploaderState } from './ui-overview.made.ts';

/** Whole days; below one whole hours, at least one. */
export const fitsForMs = (held: number): number =>
  held >= 1 ? Math.floor(held) * 86_400_000 : Math.max(1, Math.floor(held * 24)) * 3_600_000;
