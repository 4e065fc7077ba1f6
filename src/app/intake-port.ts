/**
 * Opens a port of the intake, and retries while another program holds it: the lanes neither wait for it nor end because of it. A part of the
 * composition root; it knows no message.
 */
import type { Clock } from '../clock.ts';
import { thrownText } from '../text/thrown.ts';

/** Paid exits cannot be received at this address. */
export interface IntakeFault {
  /** The key of the configuration that names the address. */
  readonly key: string;
  readonly address: string;
  readonly why: string;
  readonly sinceMs: number;
}

export interface IntakePort {
  /** undefined while it does not listen. */
  readonly url: string | undefined;
  readonly fault: IntakeFault | undefined;
  /** Retries until it listens or `signal` aborts. */
  run(signal: AbortSignal): Promise<void>;
}

const AGAIN_MS = 2_000;
/** A lasting fault is reported once per interval. */
const REPORT_EVERY_MS = 60_000;

/** Resolves after the first attempt, whatever its result. */
export async function openIntakePort(options: {
  readonly key: string;
  readonly address: string;
  readonly clock: Clock;
  readonly open: () => Promise<{ readonly url: string }>;
  /** Called at once, then once a minute. */
  readonly failed: (fault: IntakeFault) => void;
}): Promise<IntakePort> {
  const { key, address, clock, open, failed } = options;
  let url: string | undefined;
  let fault: IntakeFault | undefined;
  let reportedMs = Number.NEGATIVE_INFINITY;

  async function attempt(): Promise<void> {
    try {
      url = (await open()).url;
      fault = undefined;
    } catch (error) {
      const nowMs = clock.nowMs();
      fault = { key, address, why: thrownText(error), sinceMs: fault?.sinceMs ?? nowMs };
      if (nowMs - reportedMs < REPORT_EVERY_MS) return;
      reportedMs = nowMs;
      failed(fault);
    }
  }

  await attempt();
  return {
    get url() {
      return url;
    },
    get fault() {
      return fault;
    },
    async run(signal) {
      while (url === undefined && !signal.aborted) {
        await clock.sleep(AGAIN_MS, signal);
        if (!signal.aborted) await attempt();
      }
    },
  };
}
