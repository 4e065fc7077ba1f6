/**
 * The bytes of a port, both ways, for the live view of the page. Without a subscriber it costs one comparison a chunk. It knows no frame
 * and cannot put a byte on the wire.
 */
import type { Port } from './port-contract.ts';

export type WireDirection = 'out' | 'in';
/** The bytes are a copy and may be kept. */
export type WireListener = (direction: WireDirection, bytes: Uint8Array) => void;

/** The same port; `current` returns the subscriber, if any, at every chunk. */
export function tapped(port: Port, current: () => WireListener | undefined): Port {
  return {
    transport: port.transport,
    characterMs: port.characterMs,
    gapMs: port.gapMs,
    ...(port.lowLatency !== undefined && { lowLatency: port.lowLatency }),
    ...(port.device !== undefined && { device: port.device }),
    get isOpen() {
      return port.isOpen;
    },
    listen: (listener) =>
      port.listen({
        bytes(chunk) {
          current()?.('in', Uint8Array.from(chunk));
          listener.bytes(chunk);
        },
        closed: (error) => listener.closed(error),
      }),
    write(bytes) {
      current()?.('out', Uint8Array.from(bytes));
      return port.write(bytes);
    },
    discard: () => port.discard(),
    close: () => port.close(),
  };
}
