/**
 * A dead man's switch: fetches an address at intervals as long as the box runs, so that its silence is noticed elsewhere. It carries no message; the log of
 * the server has the newest head of the chain as the name of the program.
 */
import type { Clock } from '../../clock.ts';
import type { PingConfig } from '../settings.ts';
import { httpOutcome, requesterOf, type TransportParts } from './requests.ts';
import { SenderStatus } from './sender.ts';

/** After a fault: an address that answers again is not to wait for a whole interval. */
const AGAIN_MS = 30_000;

export class Ping {
  readonly status = new SenderStatus();
  readonly #config: PingConfig;
  readonly #parts: TransportParts;
  readonly #clock: Clock;

  constructor(config: PingConfig, parts: TransportParts) {
    this.#config = config;
    this.#parts = parts;
    this.#clock = parts.clock;
  }

  /** Ends when `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { url, everyMs } = this.#config;
    const requester = requesterOf(this.#config, this.#parts);
    while (!signal.aborted) {
      const head = await this.#parts.heads.newest();
      const headers = { 'user-agent': ['lanewarden', head?.chain, head?.last, head?.head].filter(Boolean).join(' ') };
      const answer = await requester.send({ url, method: 'GET', headers }, signal);
      const outcome = httpOutcome(answer, this.#clock.wallMs());
      if (!signal.aborted) this.status.add(outcome, 1);
      if (head !== undefined && outcome.kind === 'arrived') this.#parts.heads.left(head.last, 'ping');
      const waitMs = outcome.kind === 'arrived' ? everyMs : Math.min(everyMs, AGAIN_MS);
      await this.#clock.sleep(waitMs, signal);
    }
    await requester.close();
  }
}
