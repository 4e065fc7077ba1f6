/** What a test began is undone at its end, the last first, whichever helper began it: `undone.ts` sees to it, in each file of tests anew. */
export const endings: (() => unknown)[] = [];
/** Likewise, once the whole file is done. */
export const lastEndings: (() => unknown)[] = [];
