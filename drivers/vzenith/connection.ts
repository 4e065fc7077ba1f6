/** One TCP connection to port 8131 of a Vzenith camera, as packets. It must not know what they mean. */
import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { type Clock, LinkError } from '../../src/driver.ts';
import { openTcp } from '../../src/outward/outward.ts';
import { type AllowedAddresses, cameraRule, isAllowedHost, notLocal } from '../camera-http/address.ts';
import { asFault } from '../camera-http/client.ts';
import { createReceiveBuffer } from '../camera-http/receive-buffer.ts';
import { decodePacket, HEARTBEAT, PACKET_BYTES_MAX, type Packet } from './codec.ts';

/** Interval of our heartbeat, as in the maker's own client. */
const HEARTBEAT_MS = 5_000;
const CONNECT_MS = 5_000;
/** Held before the camera has to wait. */
const HELD_BYTES_MAX = PACKET_BYTES_MAX + 65_536;

export interface CameraSocket {
  /** The next packet, valid until the following call. undefined after `silenceMs` without one. Throws LinkError, ProtocolError. */
  next(silenceMs: number): Promise<Packet | undefined>;
  send(packet: Uint8Array): void;
  close(): void;
}

/** Throws LinkError. `signal` ends the connection at any time; pending calls then reject with `closed`. */
export async function openVzenithSocket(
  target: AllowedAddresses & { readonly port: number },
  clock: Clock,
  signal: AbortSignal,
): Promise<CameraSocket> {
  if (!isAllowedHost(target)) throw notLocal(target.host);
  const name = `${target.host}:${target.port}`;
  const socket = openTcp({ purpose: 'camera', rule: cameraRule(target) }, { host: target.host, port: target.port });
  const ended = new AbortController();
  const stop = (): void => void socket.destroy();
  signal.addEventListener('abort', stop, { once: true, signal: ended.signal });
  const held = createReceiveBuffer();
  let fault: unknown;
  let wake = (): void => {};
  const news = (): void => wake();
  socket.setNoDelay(true).setKeepAlive(true, 10_000);
  socket.on('data', (bytes) => {
    held.add(bytes);
    // Back-pressure: when the reader is slower than the camera, the network buffers the rest.
    if (held.view().length > HELD_BYTES_MAX) socket.pause();
    news();
  });
  socket.on('connect', news);
  socket.on('error', (error) => {
    fault = asFault(error, name);
    news();
  });
  socket.on('close', () => {
    ended.abort();
    fault ??= signal.aborted ? new LinkError('closed', `${name} was closed`) : new LinkError('gone', `${name} hung up`);
    news();
  });
  void beat(socket, clock, ended.signal);

  const until = async (ready: () => boolean, ms: number): Promise<boolean> => {
    const timer = new AbortController();
    const late = clock.sleep(ms, timer.signal).then(() => true);
    try {
      while (!ready() && fault === undefined) {
        const came = new Promise<false>((resolve) => {
          wake = () => resolve(false);
        });
        if (await Promise.race([came, late])) return ready();
      }
    } finally {
      timer.abort();
    }
    return ready();
  };

  let used = 0;
  if (signal.aborted) stop();
  if (!(await until(() => !socket.connecting && fault === undefined && !socket.destroyed, CONNECT_MS))) {
    socket.destroy();
    throw fault ?? new LinkError('timeout', `${name}: no connection in time`);
  }
  return {
    async next(silenceMs) {
      held.drop(used);
      used = 0;
      // A turn of its own: with packets held, nothing else would run.
      await setImmediate();
      if (signal.aborted) throw new LinkError('closed', `${name} was closed`);
      if (held.view().length <= HELD_BYTES_MAX) socket.resume();
      let packet: Packet | undefined;
      const came = await until(() => {
        const decoded = decodePacket(held.view());
        packet = decoded?.frame;
        used = decoded?.used ?? 0;
        return decoded !== undefined;
      }, silenceMs);
      if (came) return packet;
      if (fault !== undefined) throw fault;
      return undefined;
    },
    send: (packet) => void (socket.writable && socket.write(packet)),
    close: stop,
  };
}

async function beat(socket: Socket, clock: Clock, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(HEARTBEAT_MS, signal);
    if (!signal.aborted && socket.writable) socket.write(HEARTBEAT);
  }
}
