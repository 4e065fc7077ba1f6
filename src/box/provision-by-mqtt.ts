/**
 * Provisioning files that come over MQTT. They are found good before anything is written: by the key of an operator this box trusts already, because no
 * person compares it here. A good one is left for the box like that of a command. How the last one went is published as long as the program runs.
 */
import type { App } from '../app/app.ts';
import type { Clock } from '../clock.ts';
import type { ReceivedMessage } from '../delivery/mqtt/packets.ts';
import type { Log } from '../log.ts';
import type { BoxPlaces } from '../provision/look.ts';
import { requireOperator } from '../provision/operator-key.ts';
import { olderThan, ProvisionError } from '../provision/provision-error.ts';
import { fileId, type ProvisionResult, type ProvisionSpool } from '../provision/spool.ts';
import { SMALL_BYTES } from '../small-file.ts';
import { provisionText } from '../text/fleet/provision.ts';
import { type ParseProcess, readProvisionBeside } from './parse-process.ts';

/** Whoever may write at the broker can send wrong files without end. */
const LOG_EVERY_MS = 60_000;
/** Files of the operator's that were overtaken, and are in the audit log. */
const OLDER_MAX = 1_000;

export interface ProvisionByMqttParts {
  readonly places: BoxPlaces;
  readonly parse: ParseProcess;
  readonly spool: ProvisionSpool;
  /** Of the machine. */
  readonly clock: Clock;
  readonly log: Log;
}

export class ProvisionByMqtt {
  readonly #parts: ProvisionByMqttParts;
  /** The newest of each topic. */
  readonly #received = new Map<string, ReceivedMessage>();
  readonly #older = new Set<string>();
  #answer: ProvisionResult | undefined;
  #loggedMs = Number.NEGATIVE_INFINITY;

  constructor(parts: ProvisionByMqttParts) {
    this.#parts = parts;
  }

  /** Never blocks. */
  readonly take = (message: ReceivedMessage): void => void this.#received.set(message.topic, message);

  /** Leaves the next one that came for the box, or refuses it. Throws when the disk refuses; the file is then gone, and comes again where it is retained. */
  async next(): Promise<void> {
    const [message] = this.#received.values();
    if (message === undefined) return;
    this.#received.delete(message.topic);
    const text = message.payload?.toString('utf8');
    // Somebody cleared what the broker retained.
    if (text === '') return;
    const id = fileId(text ?? '');
    try {
      if (text === undefined) throw new ProvisionError('damaged', `> ${SMALL_BYTES / 1e6} MB`);
      if (await this.#isToBeLeft(text, id, message.retained)) await this.#parts.spool.leave({ text });
    } catch (error) {
      if (!(error instanceof ProvisionError)) throw error;
      this.#answer = { id, state: 'failed', code: error.code, text: error.text };
      this.#logRefusal(error);
    }
  }

  /** Throws ProvisionError. What is retained comes again at each connection: it is answered, and not applied a second time. */
  async #isToBeLeft(text: string, id: string, retained: boolean): Promise<boolean> {
    const { places, parse, spool } = this.#parts;
    const [applied, last] = await Promise.all([spool.applied(), spool.result()]);
    if (applied?.id === id) {
      this.#answer = { id, state: 'done', text: provisionText.again };
      return false;
    }
    if (retained && last?.id === id) {
      this.#answer = last;
      return false;
    }
    const { file } = await readProvisionBeside(parse, text, places);
    await requireOperator({ configFile: places.configFile, folder: spool.folder }, file.key);
    const { madeWallMs } = file.body;
    if (applied === undefined || madeWallMs > applied.madeWallMs) return true;
    // Overtaken by a newer one, perhaps of the other topic: no news.
    if (retained) return false;
    // It stays so: what is done with a file that is left, and noted, is done once.
    if (this.#older.has(id) || this.#older.size >= OLDER_MAX) throw olderThan(applied, madeWallMs);
    this.#older.add(id);
    return true;
  }

  /** What became of the last one, whichever way it came. */
  async ended(): Promise<void> {
    this.#answer = (await this.#parts.spool.result()) ?? this.#answer;
  }

  /** Published once; again at each connection. */
  publish(app: App | undefined): void {
    if (this.#answer !== undefined) app?.published?.provisioned(this.#answer);
  }

  #logRefusal({ text }: ProvisionError): void {
    const { clock, log } = this.#parts;
    if (clock.nowMs() - this.#loggedMs < LOG_EVERY_MS) return;
    this.#loggedMs = clock.nowMs();
    log.warn(provisionText.refusedByMqtt(text));
  }
}
