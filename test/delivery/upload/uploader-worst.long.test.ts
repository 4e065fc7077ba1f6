/** A platform at its worst, in every way that the answers table knows: no record is lost, none has its effect twice. */
import { expect, it } from 'vitest';
import { pacedClock } from '../../../src/clock.ts';
import { jpeg, open, temporaryFolder } from '../../store/open.ts';
import type { CloudMode } from '../by-hand.ts';
import { certificate, testPlatform } from './platform.ts';
import { putMany, run } from './uploading.ts';

const KINDS = ['reset', 'stall', 'half', 'html', '401', 'hint', '503', '500'] as const;
type Kind = (typeof KINDS)[number];
const FRAME_BYTES = 120_000;
/** So that seconds of patience do not take seconds; the clock stands still while this process is held up. */
const FASTER = 10;

it.each<[CloudMode, number]>([
  ['production', 500],
  ['integration', 200],
])('in %s: of %i records of 120 KB every third goes wrong, none is lost and none doubled', async (mode, records) => {
  const clock = pacedClock(FASTER);
  const made = certificate();
  const platform = await testPlatform(made);
  const store = await open({ path: temporaryFolder(), clock });
  await putMany(store, 1, records, FRAME_BYTES);
  const happened = new Map<Kind, number>();
  const hinted: number[] = [];
  /** When each answer that asks for patience was given; no two with the same patience are under way at once. */
  const asked: { readonly afterMs: number; readonly atMs: number }[] = [];
  let turn = 0;
  // A walk with a fixed seed: the same trouble in every run.
  let seed = 7;
  const dice = (): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed / 2 ** 31;
  };
  platform.behave = (request, response, socket) => {
    if (dice() > 0.3) return 'answer';
    const kind = KINDS[turn % KINDS.length] as Kind;
    const patience = String(1 + (Math.floor(turn / KINDS.length) % 3));
    turn += 1;
    happened.set(kind, (happened.get(kind) ?? 0) + 1);
    const answer = (status: number, body: string, headers: Record<string, string> = {}) => {
      request.resume().on('end', () => {
        if (status === 503) asked.push({ afterMs: Number(patience) * 1_000, atMs: clock.nowMs() });
        response.writeHead(status, headers).end(body);
      });
      return 'handled' as const;
    };
    switch (kind) {
      case 'reset':
        socket.destroy();
        return 'handled';
      case 'stall':
        return 'handled';
      case 'half':
        // Whole request, half an answer: the platform has it, we do not know.
        request.on('end', () => {
          response.writeHead(200, { 'content-length': '40' });
          response.write('{"code":"10', () => socket.destroy());
        });
        return 'answer';
      case 'html':
        return answer(200, '<html>log in</html>');
      case '401':
        return answer(401, '{"code":"401","hint":"plate=?12345"}');
      case 'hint':
        request.resume().on('end', () => {
          hinted.push(platform.got.length);
          response.end('{"code":"1001","hint":"plate=?12345","seqno":"S2"}');
        });
        // While joining, the platform says it so when it has thrown the record away.
        return mode === 'production' ? 'answer' : 'handled';
      case '503':
        return answer(503, '{"code":"503"}', { 'retry-after': patience });
      case '500':
        return answer(500, '');
    }
  };
  const running = run(
    store,
    platform,
    { backOffMs: 100, backOffMaxMs: 800, probeMs: 1_000 },
    { mode, timeoutMs: 4_000, slowestBytesPerSecond: 2_000_000, ca: made.cert },
    clock,
  );
  await expect.poll(async () => (await store.outbox.counts()).waiting, { interval: 100 }).toBe(0);
  const list = await store.review.list({ limit: 1_000 });
  if (mode === 'production') {
    // Delivered, and the hint stays with it.
    const warned = list.filter(({ warning }) => warning === 'hint: plate=?12345').map(({ serial }) => serial);
    expect(warned.sort()).toEqual(hinted.map((at) => platform.got[at]?.fields.parking_serial).sort());
  } else {
    expect(list.filter(({ state }) => state === 'held')).toHaveLength(hinted.length);
    // A person has put the credentials right.
    const hints = hinted.length;
    while ((await store.review.requeueAll(['held'], '张三')) > 0)
      await expect.poll(async () => (await store.outbox.counts()).waiting).toBe(0);
    expect(hints).toBeGreaterThan(0);
  }
  expect(await store.outbox.counts()).toMatchObject({ delivered: records, waiting: 0, held: 0, parked: 0 });
  await running.stop();
  // Sleepers of a closed clock do not sleep.
  await store.close();
  clock.close();

  for (const kind of KINDS) expect(happened.get(kind), kind).toBeGreaterThanOrEqual(5);
  // The effects: the platform acts on the first of each serial, and on nothing that is not signed.
  const serials = new Map(list.map(({ serial, release }) => [serial, Number(release.id)]));
  expect([...platform.kept.keys()].sort()).toEqual([...serials.keys()].sort());
  for (const [serial, { picture }] of platform.kept)
    expect(picture?.equals(jpeg(FRAME_BYTES, serials.get(serial))), serial).toBe(true);
  expect(platform.got.filter(({ signed }) => !signed)).toEqual([]);
  // A record that was answered with success is never sent again: nothing but what broke off is at the platform twice.
  const twice = platform.got.length - platform.kept.size;
  expect(twice).toBeLessThanOrEqual((happened.get('half') ?? 0) + (mode === 'production' ? 0 : hinted.length));

  // Patience runs from an answer's arrival: after it was given, and before the store has kept it.
  for (const afterMs of [1_000, 2_000, 3_000]) {
    const kept = running.receipts.filter(({ receipt }) => receipt.kind === 'retry' && receipt.afterMs === afterMs);
    const given = asked.filter((each) => each.afterMs === afterMs);
    expect(kept.length).toBeGreaterThan(0);
    expect(kept).toHaveLength(given.length);
    for (const [at, { atMs }] of kept.entries()) {
      const untilMs = (given[at]?.atMs ?? 0) + afterMs;
      expect(running.left.filter((left) => left.atMs > atMs && left.atMs < untilMs)).toEqual([]);
    }
  }
});
