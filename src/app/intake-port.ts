/**
 * Opens the intake's port, and retries while another program holds it: the lanes neither wait for it nor end because of it. A part of the
 * composition root; it knows no message.
 */
import type { Clock } from '../clock.ts';
import type { Intake } from '../intake/intake-contract.ts';
import { thrownText } from '../text/thrown.ts';

/** Paid exits cannot be received. */
export interface IntakeFault {
  readonly address: string;
  readonly why: string;
  readonly sinceMs: number;
}

export interface IntakePort {
  /** undefined while it does not listen. */
  readonly url: string | undefined;
  readonly fault: IntakeFault | undefined;
  /** Retries until `signal` aborts, then closes. */
  run(signal: AbortSignal): Promise<void>;
}

const AGAIN_MS = 2_000;
/** A lasting fault is reported once per interval. */
const REPORT_EVERY_MS = 60_000;

/**
 * Resolves after the first attempt, whatever its result. `create`: a new intake for each attempt, because a failed server keeps its
 * listeners.
 */
export async function openIntakePort(options: {
  readonly address: string;
  readonly clock: Clock;
  readonly create: () => Intake;
  /** Called at once, then once a minute. */
  readonly failed: (fault: IntakeFault) => void;
}): Promise<IntakePort> {
  const { address, clock, create, failed } = options;
  let open: { readonly intake: Intake; readonly url: string } | undefined;
  let fault: IntakeFault | undefined;
  let reportedMs = Number.NEGATIVE_INFINITY;

  async function attempt(): Promise<void> {
    const intake = create();
    try {
      open = { intake, url: (await intake.listen()).url };
      fault = undefined;
    } catch (error) {
      const nowMs = clock.nowMs();
      fault = { address, why: thrownText(error), sinceMs: fault?.sinceMs ?? nowMs };
      if (nowMs - reportedMs < REPORT_EVERY_MS) return;
      reportedMs = nowMs;
      failed(fault);
    }
  }

  await attempt();
  return {
    get url() {
      return open?.url;
    },
    get fault() {
      return fault;
    },
    async run(signal) {
      while (open === undefined && !signal.aborted) {
        await clock.sleep(AGAIN_MS, signal);
        if (!signal.aborted) await attempt();
      }
      if (!signal.aborted)
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      await open?.intake.close();
    },
  };
}
