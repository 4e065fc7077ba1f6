/**
 * Reads of one unit over a bus: modbus-serial builds the request and parses the answer; turns, framing, time-outs and the refusal to
 * write are ours. It knows no profile.
 */
import { EventEmitter } from 'node:events';
import modbus from 'modbus-serial';
import { type Bus, ProtocolError } from '../../src/driver.ts';
import {
  READ_FUNCTIONS,
  REQUEST_BYTES,
  type ReadFunction,
  type ReadRequest,
  rtuAnswer,
  tcpAnswer,
  tcpRequest,
} from './frame.ts';

export interface MasterOptions {
  readonly unit: number;
  readonly timeoutMs: number;
  readonly gapMs?: number;
}

export interface Master {
  /**
   * One bus turn at a time. Bits come as 0 and 1, registers as 0…65535, exactly `quantity` of them. Throws what the bus throws, and
   * ProtocolError('exception') when the device refuses.
   */
  read(read: ReadRequest): Promise<readonly number[]>;
}

export function createMaster(bus: Bus, options: MasterOptions): Master {
  const port = new TurnPort(bus, options);
  const client = new modbus.default(port);
  // No setTimeout on the client: the bus ends every turn by Clock, and a second time-out would use another clock.
  client.on('error', (error) => {
    throw error;
  });
  client.open();
  const ask = {
    1: client.writeFC1.bind(client),
    2: client.writeFC2.bind(client),
    3: client.writeFC3.bind(client),
    4: client.writeFC4.bind(client),
  } as const;
  return {
    read: ({ function: code, address, quantity }) =>
      new Promise((resolve, reject) => {
        port.failed = reject;
        // One callback for two shapes: bits as booleans padded to whole bytes, registers as numbers.
        const done = (error: unknown, result: { data: readonly (boolean | number)[] }): void => {
          if (error) reject(refusal(error, options.unit));
          else resolve(result.data.slice(0, quantity).map(Number));
        };
        ask[code](options.unit, address, quantity, done);
      }),
  };
}

/** modbus-serial numbers an exception answer; all its other checks have passed before it sees the frame. */
function refusal(error: unknown, unit: number): ProtocolError {
  const code = (error as { modbusCode?: number }).modbusCode;
  if (code !== undefined)
    return new ProtocolError('exception', `unit ${unit} refused: Modbus exception ${code}`, { exception: code });
  return new ProtocolError('frame', `unit ${unit}: ${(error as Error).message}`);
}

/** The port given to modbus-serial. A write is one bus turn; one whole, checked frame comes back, or `failed` receives the error. */
class TurnPort extends EventEmitter {
  readonly isOpen = true;
  failed: (error: unknown) => void = () => {};
  readonly #bus: Bus;
  readonly #options: MasterOptions;
  #transaction = 0;

  constructor(bus: Bus, options: MasterOptions) {
    super();
    this.#bus = bus;
    this.#options = options;
  }

  open(done: () => void): void {
    done();
  }

  close(done: () => void): void {
    done();
  }

  write(request: Uint8Array): void {
    this.#exchange(request).then(
      (frame) => this.emit('data', Buffer.from(frame)),
      (error: unknown) => this.failed(error),
    );
  }

  async #exchange(request: Uint8Array): Promise<Uint8Array> {
    const { timeoutMs, gapMs } = this.#options;
    mustRead(request, this.#options.unit);
    if (this.#bus.transport !== 'modbus-tcp') return this.#bus.exchange(request, rtuAnswer(request), timeoutMs, gapMs);
    this.#transaction = (this.#transaction + 1) & 0xffff;
    const framed = tcpRequest(request, this.#transaction);
    return this.#bus.exchange(framed, tcpAnswer(request, this.#transaction), timeoutMs, gapMs);
  }
}

/** The last gate before the wire: only a read of this unit passes. Unit 0 is every device at once. */
export function mustRead(request: Uint8Array, unit: number): void {
  const reads = (READ_FUNCTIONS as readonly number[]).includes(request[1] ?? 0);
  if (request.length !== REQUEST_BYTES || !reads || request[0] !== unit || unit === 0)
    throw new ProtocolError(
      'unexpected',
      `this driver only reads: function ${request[1]} to unit ${request[0]} refused`,
    );
}

export type { ReadFunction };
