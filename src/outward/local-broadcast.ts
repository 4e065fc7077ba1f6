/**
 * Datagrams to all that listen in the networks this machine is in: one port, the broadcast addresses of its own interfaces, one hop. No caller names an
 * address, so nothing reaches a device of anybody's choice.
 */
import { createSocket } from 'node:dgram';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Clock } from '../clock.ts';
import { isInNetwork } from './network-class.ts';

const PORT = 8082;
/** Of a datagram in one frame. */
const BYTES_MAX = 1_472;
/** Above it the socket is closed for a second, and a flood costs this process nothing. */
const PER_SECOND_MAX = 300;
const SECOND_MS = 1_000;

export interface LocalBroadcast {
  /** Never rejects: a network that is down is no fault of the box. */
  send(text: string): Promise<void>;
  /** Ends when `signal` aborts. `flooded`: each time that more comes than is read. */
  listen(take: (datagram: Buffer) => void, flooded: () => void, signal: AbortSignal): Promise<void>;
}

/** `host`: where the box listens, a wildcard for all its networks. undefined: where it is for itself. */
export function localBroadcast(
  _exit: { readonly purpose: 'witness' },
  host: string,
  clock: Clock,
): LocalBroadcast | undefined {
  if (isIP(host) === 0 || isInNetwork('loopback', host)) return undefined;
  return {
    send: async (text) => {
      for (const network of networksOf(host)) await sendTo(network, text);
    },
    listen: async (take, flooded, signal) => {
      while (!signal.aborted) {
        if ((await listenOnce(take, clock, signal)) === 'flooded') flooded();
        await clock.sleep(SECOND_MS, signal);
      }
    },
  };
}

interface Network {
  readonly own: string;
  readonly broadcast: string;
}

/** Private ones and links: what a park is in. Asked each time, because cables are plugged in later. */
function networksOf(host: string): readonly Network[] {
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return all.flatMap(({ family, internal, address, netmask }) => {
    const isMeant = host === '0.0.0.0' || host === '::' || host === address;
    if (family !== 'IPv4' || internal || !isMeant) return [];
    const mask = netmask.split('.').map(Number);
    const isNear = isInNetwork('local', address) || address.startsWith('169.254.');
    // One peer, as behind a modem, is no network.
    if (!isNear || (mask[3] ?? 255) >= 254) return [];
    const broadcast = address.split('.').map((byte, at) => Number(byte) | (~(mask[at] ?? 255) & 255));
    return [{ own: address, broadcast: broadcast.join('.') }];
  });
}

function sendTo({ own, broadcast }: Network, text: string): Promise<void> {
  const socket = createSocket('udp4');
  return new Promise<void>((resolve) => {
    socket.once('error', () => resolve());
    socket.bind(0, own, () => {
      socket.setBroadcast(true);
      socket.setTTL(1);
      socket.send(text, PORT, broadcast, () => resolve());
    });
  }).finally(() => socket.close());
}

/** Until the socket is closed, and why. */
function listenOnce(
  take: (datagram: Buffer) => void,
  clock: Clock,
  signal: AbortSignal,
): Promise<'flooded' | 'failed' | 'ended'> {
  // Several programs of one machine may listen.
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  let [sinceMs, count] = [clock.nowMs(), 0];
  const over = new AbortController();
  return new Promise<'flooded' | 'failed' | 'ended'>((resolve) => {
    signal.addEventListener('abort', () => resolve('ended'), { signal: over.signal });
    socket.once('error', () => resolve('failed'));
    socket.on('message', (datagram) => {
      const nowMs = clock.nowMs();
      if (nowMs - sinceMs >= SECOND_MS) [sinceMs, count] = [nowMs, 0];
      count += 1;
      if (count > PER_SECOND_MAX) resolve('flooded');
      else if (datagram.length <= BYTES_MAX) take(datagram);
    });
    socket.bind(PORT);
  }).finally(() => {
    over.abort();
    socket.close();
  });
}
