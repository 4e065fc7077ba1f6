/** Exponential back-off of upload retries. Pure but for the jitter. */
export interface BackOffSettings {
  /** Longest first wait after a failure; each further one is up to twice as long. */
  readonly backOffMs?: number;
  readonly backOffMaxMs?: number;
  /** 0 … 1, for the jitter. */
  readonly random?: () => number;
}

export const BACK_OFF_MS = 1_000;
/** Longest wait, whatever the platform asks for. */
export const BACK_OFF_MAX_MS = 300_000;

/** Full jitter: from zero to the limit, so that a thousand boxes do not return at once. */
export function retryBackOffMs(attempts: number, settings: BackOffSettings): number {
  const { backOffMs = BACK_OFF_MS, backOffMaxMs = BACK_OFF_MAX_MS, random = Math.random } = settings;
  return random() * Math.min(backOffMaxMs, backOffMs * 2 ** Math.min(attempts, 30));
}
