/** What a destination with pictures takes from the platform on a slow line that both share, and that `bandwidth` gives it back. */
import { createServer as createHttp } from 'node:http';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { createAlarmCauses } from '../../../src/app/alarm-causes.ts';
import { createDestinations } from '../../../src/app/destinations.ts';
import { systemClock } from '../../../src/clock.ts';
import { Secret } from '../../../src/config/secrets.ts';
import { destinationPeer } from '../../../src/config/written-peers.ts';
import { confirmedPeers } from '../../confirmed-peers.ts';
import { frame, open, record, temporaryFolder } from '../../store/open.ts';
import { testPlatform } from '../upload/platform.ts';
import { run } from '../upload/uploading.ts';
import { SECRET } from './receivers.ts';

const LINE_BYTES_PER_SECOND = 64_000;
const PICTURE_BYTES = 60_000;
const PIECE_BYTES = 1_400;
const BACKLOG = 40;
const RECORDS = 6;
const clock = systemClock();
const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** Lets so many bytes a second out in all, the connections in turn. Resolves to the port that leads to another. */
function slowLine() {
  const waiting = new Map<Socket, Buffer[]>();
  const turn = async (): Promise<void> => {
    let freeMs = clock.nowMs();
    while (!over.signal.aborted) {
      const [next] = [...waiting].filter(([, pieces]) => pieces.length > 0);
      if (next === undefined) {
        await clock.sleep(2, over.signal);
        continue;
      }
      const [socket, pieces] = next;
      const piece = pieces.shift() as Buffer;
      // To the end of the row.
      waiting.delete(socket);
      waiting.set(socket, pieces);
      socket.write(piece);
      freeMs = Math.max(freeMs, clock.nowMs() - 20) + (piece.length / LINE_BYTES_PER_SECOND) * 1_000;
      await clock.sleep(freeMs - clock.nowMs(), over.signal);
    }
  };
  const over = new AbortController();
  const running = turn();
  endings.push(async () => {
    over.abort();
    await running;
  });
  return async (port: number): Promise<number> => {
    const server = createServer((near) => {
      const far = connect(port, '127.0.0.1');
      waiting.set(far, []);
      near.on('data', (bytes) => {
        const pieces = waiting.get(far) ?? [];
        for (let at = 0; at < bytes.length; at += PIECE_BYTES) pieces.push(bytes.subarray(at, at + PIECE_BYTES));
        // As a modem does: what does not fit stays with whoever sends.
        if (pieces.length > 20) near.pause();
        const wait = setInterval(() => {
          if (pieces.length > 20) return;
          clearInterval(wait);
          near.resume();
        }, 5);
      });
      far.on('data', (bytes) => near.write(bytes));
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        one.on('error', () => undefined);
        one.on('close', () => {
          waiting.delete(far);
          other.destroy();
        });
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    endings.push(() => server.close());
    return (server.address() as AddressInfo).port;
  };
}

/** Milliseconds from a record to the platform's receipt, the median; and how many releases the webhook got meanwhile. */
async function measured(webhook: { readonly bandwidthBytesPerSecond?: number } | undefined) {
  const line = slowLine();
  const platform = await testPlatform();
  let got = 0;
  const receiver = createHttp((request, response) => {
    request.resume().on('end', () => {
      got += 1;
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', () => resolve()));
  endings.push(() => receiver.close());
  const store = await open({ path: temporaryFolder() });
  const over = new AbortController();
  const running: Promise<unknown>[] = [];
  if (webhook !== undefined) {
    const url = `http://127.0.0.1:${await line((receiver.address() as AddressInfo).port)}/`;
    const way = {
      name: 'office',
      kind: 'webhook',
      url,
      secret: new Secret(SECRET),
      timeoutMs: 60_000,
      ...webhook,
    } as const;
    const quiet = () => undefined;
    const config = { ...way, picture: 'base64', takes: { facts: ['release'], confidence: 'possible' } } as const;
    const destinations = createDestinations({
      peers: await confirmedPeers(store, [destinationPeer(config)]),
      config: {
        destinations: [config],
        lanes: [],
        page: { pauseMaxMs: 60_000, maskPlates: false, hosts: [], idleMs: 1 } as never,
      },
      ...{ store, clock, alarms: createAlarmCauses(), accounts: { keep: async () => undefined } },
      log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    });
    running.push(destinations.run(over.signal));
    await expect.poll(() => store.destinations()).toContain('office');
  }
  // Delivered to the platform already: it waits for the webhook alone.
  for (let at = 0; at < BACKLOG; at += 1) {
    const { id } = await store.outbox.put(record(`old${at}`));
    await store.outbox.attach(id, frame(PICTURE_BYTES, at));
    await store.outbox.delivered(id, {});
  }
  const url = `http://127.0.0.1:${await line(Number(new URL(platform.url).port))}`;
  const cloud = run(store, { url });
  const tookMs: number[] = [];
  for (let at = 0; at < RECORDS; at += 1) {
    const fromMs = clock.nowMs();
    const { id } = await store.outbox.put(record(`new${at}`));
    await store.outbox.attach(id, frame(PICTURE_BYTES, 1_000 + at));
    await expect.poll(() => cloud.receipts.find((each) => each.id === id)?.receipt.kind).toBe('accepted');
    tookMs.push((cloud.receipts.find((each) => each.id === id)?.atMs ?? 0) - fromMs);
  }
  over.abort();
  await Promise.all([cloud.stop(), ...running]);
  await store.close();
  return { medianMs: Math.round(tookMs.sort((a, b) => a - b)[RECORDS / 2] ?? 0), got };
}

it('with `bandwidth` the platform has its record about as soon as alone', async () => {
  const alone = await measured(undefined);
  const beside = await measured({});
  const limited = await measured({ bandwidthBytesPerSecond: 16_000 });
  process.stdout.write(`${JSON.stringify({ alone, beside, limited })}\n`);
  // Its quarter of the line costs the platform a third.
  expect(limited.medianMs).toBeLessThan(1.6 * alone.medianMs);
  expect(limited.medianMs).toBeLessThan(0.85 * beside.medianMs);
  expect(limited.got).toBeGreaterThan(0);
});
