/**
 * Datagrams to all that listen in the networks this machine is in: one port, the broadcast addresses of its own interfaces, one hop. No caller names an
 * address, so nothing reaches a device of anybody's choice.
 */
import { createSocket } from 'node:dgram';
import { BlockList, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Clock } from '../clock.ts';
import { isInNetwork } from './network-class.ts';

const PORT = 8082;
/** Of a datagram in one frame. */
const BYTES_MAX = 1_472;
/** Above it the socket is closed for a second, and a flood costs this process nothing. */
const PER_SECOND_MAX = 300;
/** Of those sent straight to this box from other networks, which nobody reads. */
const FAR_PER_SECOND_MAX = 3_000;
const SECOND_MS = 1_000;

export interface LocalBroadcast {
  /** Never rejects: a network that is down is no fault of the box. */
  send(text: string): Promise<void>;
  /** Ends when `signal` aborts. What `take` throws is dropped with its datagram. `flooded`: each time that more comes than is read. */
  listen(take: (datagram: Buffer) => void, flooded: () => void, signal: AbortSignal): Promise<void>;
}

/** `host`: where the box listens, a wildcard for all its networks. `failed`: once, when the port cannot be had. undefined: where it is for itself. */
export function localBroadcast(
  _exit: { readonly purpose: 'witness' },
  host: string,
  clock: Clock,
  failed: (error: Error) => void,
): LocalBroadcast | undefined {
  if (isIP(host) === 0 || isInNetwork('loopback', host)) return undefined;
  return {
    send: async (text) => {
      for (const network of networksOf(host)) await sendTo(network, text);
    },
    listen: async (take, flooded, signal) => {
      let isTold = false;
      while (!signal.aborted) {
        const ended = await listenOnce(host, take, clock, signal);
        if (ended === 'flooded') flooded();
        if (ended instanceof Error && !isTold) failed(ended);
        isTold ||= ended instanceof Error;
        await clock.sleep(SECOND_MS, signal);
      }
    },
  };
}

interface Network {
  readonly own: string;
  readonly broadcast: string;
  readonly bits: number;
}

/** Private ones and links: what a park is in. Asked each time, because cables are plugged in later; none where files or memory are short. */
function networksOf(host: string): readonly Network[] {
  let interfaces: ReturnType<typeof networkInterfaces> = {};
  try {
    interfaces = networkInterfaces();
  } catch {
    return [];
  }
  const all = Object.values(interfaces).flatMap((each) => each ?? []);
  return all.flatMap(({ family, internal, address, netmask, cidr }) => {
    const isMeant = host === '0.0.0.0' || host === '::' || host === address;
    if (family !== 'IPv4' || internal || !isMeant) return [];
    const mask = netmask.split('.').map(Number);
    const isNear = isInNetwork('local', address) || address.startsWith('169.254.');
    // One peer, as behind a modem, is no network.
    if (!isNear || (mask[3] ?? 255) >= 254) return [];
    const broadcast = address.split('.').map((byte, at) => Number(byte) | (~(mask[at] ?? 255) & 255));
    return [{ own: address, broadcast: broadcast.join('.'), bits: Number(cidr?.split('/')[1]) }];
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
  host: string,
  take: (datagram: Buffer) => void,
  clock: Clock,
  signal: AbortSignal,
): Promise<'flooded' | 'ended' | Error> {
  // Several programs of one machine may listen.
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  let [sinceMs, count, far, near] = [Number.NEGATIVE_INFINITY, 0, 0, new BlockList()];
  const over = new AbortController();
  return new Promise<'flooded' | 'ended' | Error>((resolve) => {
    signal.addEventListener('abort', () => resolve('ended'), { signal: over.signal });
    socket.once('error', resolve);
    socket.on('message', (datagram, { address }) => {
      const nowMs = clock.nowMs();
      if (nowMs - sinceMs >= SECOND_MS) [sinceMs, count, far, near] = [nowMs, 0, 0, listOf(networksOf(host))];
      if (near.check(address)) count += 1;
      else far += 1;
      if (count > PER_SECOND_MAX || far > FAR_PER_SECOND_MAX) resolve('flooded');
      else if (datagram.length <= BYTES_MAX && near.check(address)) takeOne(take, datagram);
    });
    socket.bind(PORT);
  }).finally(() => {
    over.abort();
    socket.close();
  });
}

function listOf(networks: readonly Network[]): BlockList {
  const list = new BlockList();
  for (const { own, bits } of networks) list.addSubnet(own, bits);
  return list;
}

/** Anybody in the network may have sent it: no fault in reading it ends the program. */
function takeOne(take: (datagram: Buffer) => void, datagram: Buffer): void {
  try {
    take(datagram);
  } catch {
    // As if it had been lost.
  }
}
