/** Exponential back-off of every delivery. Pure but for the jitter, so that a thousand boxes do not return at once. */
export interface BackOffSettings {
  /** Longest first wait after a failure; each further one is up to twice as long. */
  readonly backOffMs?: number;
  readonly backOffMaxMs?: number;
  /** The shortest wait, as a share of the longest; default 0, full jitter. */
  readonly least?: number;
  /** 0 … 1, for the jitter. */
  readonly random?: () => number;
}

export const BACK_OFF_MS = 1_000;
/** Longest wait, whatever the far end asks for. */
export const BACK_OFF_MAX_MS = 300_000;

/** `failures`: before the one that is waited for. */
export function retryBackOffMs(failures: number, settings: BackOffSettings): number {
  const {
    backOffMs: firstMs = BACK_OFF_MS,
    backOffMaxMs = BACK_OFF_MAX_MS,
    least = 0,
    random = Math.random,
  } = settings;
  return (least + (1 - least) * random()) * Math.min(backOffMaxMs, firstMs * 2 ** Math.min(failures, 30));
}
