/** The contract of a port: its settings, the bytes it carries, and the times of its wire. It opens nothing; `openPort` does. */
import type { BindingInterface } from '@serialport/bindings-interface';
import type { Clock, LinkError } from '../driver.ts';

/** What the wire carries: bytes of a serial port, the same bytes through a transparent serial server, or Modbus TCP. */
export type Transport = 'serial' | 'tcp' | 'modbus-tcp';
export type Parity = 'none' | 'even' | 'odd' | 'mark' | 'space';

export interface PortSettings {
  /** A path (`/dev/serial/by-id/…`), `tcp://host:port` (transparent serial server) or `modbus-tcp://host:port`. */
  readonly port: string;
  readonly baudRate: number;
  readonly dataBits: 5 | 6 | 7 | 8;
  readonly parity: Parity;
  readonly stopBits: 1 | 1.5 | 2;
  /** Another master owns this wire: `write` refuses, and RTS stays low for adapters that key their transmitter with it. */
  readonly listenOnly?: boolean;
}

export interface PortListener {
  /** The bytes are the port's own buffer and are overwritten later: copy what you keep. */
  bytes(chunk: Uint8Array): void;
  /** Called once, whichever side closed it. */
  closed(error: LinkError): void;
}

export interface Port {
  readonly transport: Transport;
  /** Milliseconds one character takes on the wire; 0 where there is no wire to wait for (Modbus TCP). */
  readonly characterMs: number;
  /** Silence that ends a frame (t3.5). */
  readonly gapMs: number;
  readonly isOpen: boolean;
  /** The tty that is open, whatever the path; undefined: a socket, or a simulated port. */
  readonly device?: string;
  /** Whether the kernel delivers bytes without its 16 ms of buffering. undefined: the adapter does not report it. */
  readonly lowLatency?: boolean;
  /** One listener. Bytes received before it was attached are dropped: they answer no request of ours. */
  listen(listener: PortListener): void;
  /** Resolves when the operating system has the bytes. Nothing is queued: a closed port refuses. */
  write(bytes: Uint8Array): Promise<void>;
  /** Drops unread bytes buffered by the operating system. */
  discard(): Promise<void>;
  close(): Promise<void>;
}

export interface PortOptions {
  readonly clock: Clock;
  /** The binding under serialport's own stream; tests and the demo pass a simulated one. */
  readonly binding?: BindingInterface;
  /** Aborts an attempt to open. */
  readonly signal?: AbortSignal;
}

export function transportOf(port: string): Transport {
  if (port.startsWith('modbus-tcp://')) return 'modbus-tcp';
  return port.startsWith('tcp://') ? 'tcp' : 'serial';
}

export type WireSettings = Pick<PortSettings, 'port' | 'baudRate' | 'dataBits' | 'parity' | 'stopBits'>;

/** Start bit, data bits, parity bit, stop bits. */
export function characterMs(settings: WireSettings): number {
  if (transportOf(settings.port) === 'modbus-tcp') return 0;
  const bits = 1 + settings.dataBits + (settings.parity === 'none' ? 0 : 1) + settings.stopBits;
  return (bits * 1_000) / settings.baudRate;
}

/** t3.5: 3.5 characters of 11 bits up to 19200 baud, 1.75 ms above (Modbus over Serial Line V1.02, 2.5.1.1); none for Modbus TCP. */
export function frameGapMs(settings: WireSettings): number {
  if (transportOf(settings.port) === 'modbus-tcp') return 0;
  return settings.baudRate > 19_200 ? 1.75 : 38_500 / settings.baudRate;
}
