/** Times as parks and their programs write them. All sites are in Beijing time, which has no summer time. */
export const BEIJING_OFFSET_MS = 8 * 3_600_000;
/** Zeros alone, as databases have them where there is none. */
export const NO_TIME = /^[0\s:/.T-]*$/;
