/** The uploader on a real store and a real server: order, back-off, pause, news in a backlog, and that nothing is lost or doubled. */
import net, { type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { createUploader } from '../../../src/delivery/upload/uploader.ts';
import { ownMs } from '../../own-time.ts';
import { handClock } from '../../sim/hand-clock.ts';
import { dropByTwo, jpeg, open, record, temporaryFolder } from '../../store/open.ts';
import { createClient } from '../flat-client.ts';
import { certificate, type TestPlatform, testPlatform } from './platform.ts';
import { settings } from './records.ts';
import { DAYS_MS, delivered, HELD_UP_MS, putMany, QUICK, run, TRUE_MS, twoDaysBack } from './uploading.ts';

/** The first request is answered when the function that comes is called; later ones at once. */
function holdFirst(platform: TestPlatform): (() => void)[] {
  const held: (() => void)[] = [];
  platform.behave = (request, response) => {
    request.resume().on('end', () => {
      const answer = () => void response.end('{"code":"1001"}');
      if (held.length === 0) held.push(answer);
      else answer();
    });
    return 'handled';
  };
  return held;
}

describe('the uploader', () => {
  it('sends what waits and what comes, each with its picture, once', async () => {
    const platform = await testPlatform();
    const store = await open({ path: temporaryFolder() });
    await putMany(store, 1, 5);
    const running = run(store, platform);
    await putMany(store, 6, 8);
    await expect.poll(delivered(store)).toBe(8);
    await running.stop();
    expect(platform.got).toHaveLength(8);
    expect(platform.kept.size).toBe(8);
    for (const [serial, got] of platform.kept) {
      const { id } = (await store.review.list({ limit: 20 })).find((found) => found.serial === serial) ?? { id: 0 };
      expect(got.picture).toEqual(Buffer.from(jpeg(500, id)));
    }
    expect((await store.review.list({ limit: 1 }))[0]).toMatchObject({ state: 'delivered', seqno: 'S1', sent: true });
  });

  it('goes on after a restart with what the last run left', async () => {
    const platform = await testPlatform();
    const path = temporaryFolder();
    const first = await open({ path });
    platform.answer = { status: 503, body: '{}', headers: {} };
    await putMany(first, 1, 3);
    const running = run(first, platform);
    await expect.poll(() => running.receipts.length).toBeGreaterThan(3);
    await running.stop();
    await first.close();
    platform.answer = { status: 200, body: '{"code":"1001"}', headers: {} };
    const second = await open({ path });
    const again = run(second, platform);
    await expect.poll(delivered(second)).toBe(3);
    await again.stop();
    expect(platform.kept.size).toBe(3);
  });

  it('sends nothing while a person has paused it, and says in a word what it does', async () => {
    const platform = await testPlatform();
    const store = await open({ path: temporaryFolder() });
    const running = run(store, platform);
    running.uploader.pause('张三');
    await putMany(store, 1, 3);
    await expect.poll(async () => (await store.outbox.due(10)).length).toBe(3);
    expect(running.uploader.state()).toBe('paused');
    expect(running.uploader.status().stopped).toMatchObject({ who: '张三' });
    platform.answer = { status: 503, body: '{}', headers: {} };
    expect(platform.got).toHaveLength(0);
    running.uploader.resume();
    await expect.poll(() => running.uploader.state()).toBe('offline');
    expect(running.uploader.status().failing?.why).toMatch(/^busy/);
    platform.answer = { status: 401, body: '{"code":"1401"}', headers: {} };
    await expect.poll(() => running.uploader.state()).toBe('refused');
    platform.answer = { status: 200, body: '{"code":"1001"}', headers: {} };
    running.uploader.resume();
    await expect.poll(delivered(store)).toBe(3);
    await expect.poll(() => running.uploader.state()).toBe('idle');
    await running.stop();
  });

  it('sends a record as it was put right, also when it had been picked already', async () => {
    const platform = await testPlatform();
    const store = await open({ path: temporaryFolder() });
    const running = run(store, platform, { ...QUICK, probeMs: 60_000 });
    platform.answer = { status: 401, body: '{"code":"1401"}', headers: {} };
    await putMany(store, 1, 3);
    await expect.poll(() => running.uploader.state()).toBe('refused');
    // As soon as it is not on the wire.
    await expect.poll(() => store.review.correct(2, { plate: { text: '粤B77777' } }, 'x', 'y')).toBe(true);
    platform.answer = { status: 200, body: '{"code":"1001"}', headers: {} };
    running.uploader.resume();
    await expect.poll(delivered(store)).toBe(3);
    await running.stop();
    // What each was sent as in the end; while it was refused the platform has seen some as they were before.
    const last = new Map(platform.got.map(({ fields }) => [fields.parking_serial, fields.plate]));
    expect([...last.values()].sort()).toEqual(['无牌车', '无牌车', '粤B77777'].sort());
  });

  it('does not send what was taken back while it stood ready behind another', async () => {
    const platform = await testPlatform();
    const store = await open({ path: temporaryFolder() });
    await putMany(store, 1, 3);
    const held = holdFirst(platform);
    const running = run(store, platform, QUICK, { timeoutMs: HELD_UP_MS });
    // The first is on the wire; the second is fetched and signed.
    await expect.poll(() => held.length).toBe(1);
    const { laneId } = record('2');
    expect(await store.outbox.withdraw(laneId, '2', 'paid')).toBe(true);
    for (const answer of held) answer();
    await expect.poll(delivered(store)).toBe(2);
    await running.stop();
    expect(running.receipts.map(({ id }) => id)).toEqual([1, 3]);
    expect(await store.outbox.counts()).toMatchObject({ delivered: 2, withdrawn: 1, waiting: 0 });
  });

  it('asks again for what stood ready for long: another process may have dropped it', async () => {
    const platform = await testPlatform();
    const path = temporaryFolder();
    const store = await open({ path });
    await putMany(store, 1, 3);
    const held = holdFirst(platform);
    const running = run(store, platform, QUICK, { timeoutMs: HELD_UP_MS });
    await expect.poll(() => held.length).toBe(1);
    const command = await open({ path, tool: true });
    expect(await dropByTwo(command.review, 2, 'x', 'y')).toBe(true);
    // Longer than what is in hand counts as fresh.
    await systemClock().sleep(300);
    for (const answer of held) answer();
    await expect.poll(delivered(store)).toBe(2);
    await running.stop();
    expect(running.receipts.map(({ id }) => id)).toEqual([1, 3]);
  });

  it.each([
    ['a fast line has three more of a backlog on it', 20, 30, 4],
    ['a slow line has one at a time, oldest first', 600, 8, 1],
  ])('%s', async (_, answersAfterMs, records, most) => {
    const platform = await testPlatform();
    const store = await open({ path: temporaryFolder() });
    await putMany(store, 1, records);
    let onWire = 0;
    let mostOnWire = 0;
    platform.behave = (request, response) => {
      onWire += 1;
      mostOnWire = Math.max(mostOnWire, onWire);
      request.resume().on('end', async () => {
        await systemClock().sleep(answersAfterMs);
        onWire -= 1;
        response.end('{"code":"1001"}');
      });
      return 'handled';
    };
    const running = run(store, platform);
    await expect.poll(delivered(store)).toBe(records);
    await running.stop();
    expect(mostOnWire).toBe(most);
    const order = running.receipts.map(({ id }) => id);
    if (most === 1) expect(order).toEqual(order.toSorted((a, b) => a - b));
  });

  it('a poison record holds up nobody and is parked', async () => {
    const platform = await testPlatform();
    const store = await open({ path: temporaryFolder() });
    const poison = await store.outbox.put(record('poison', { gateName: '毒' }));
    await store.outbox.attach(poison.id, { none: 'noCamera' });
    await putMany(store, 1, 4);
    platform.behave = (request, response) => {
      // Only the poison has no picture and is a form.
      if (!request.headers['content-type']?.startsWith('application/x-www')) return 'answer';
      request.resume().on('end', () => response.end('{"code":"1400","hint":"gate_name"}'));
      return 'handled';
    };
    const running = run(store, platform);
    await expect.poll(delivered(store)).toBe(4);
    await expect
      .poll(async () => (await store.review.get(poison.id))?.record)
      .toMatchObject({
        state: 'parked',
        lastWhy: 'rejected: 1400 gate_name',
      });
    await running.stop();
  });

  it('parks a record after ten answers that are in no table, and no sooner', async () => {
    const platform = await testPlatform();
    platform.answer.body = '{"code":"1777"}';
    const store = await open({ path: temporaryFolder() });
    await putMany(store, 1, 1);
    const running = run(store, platform);
    await expect.poll(async () => (await store.outbox.counts()).parked).toBe(1);
    await running.stop();
    expect(platform.got).toHaveLength(10);
  });

  it('holds a success with hint in integration mode, and sends it again when a person says so', async () => {
    const platform = await testPlatform();
    platform.answer.body = '{"code":"1001","hint":"sign: plate=?12345"}';
    const store = await open({ path: temporaryFolder() });
    await putMany(store, 1, 1);
    const running = run(store, platform);
    await expect.poll(async () => (await store.outbox.counts()).held).toBe(1);
    platform.answer.body = '{"code":"1001"}';
    expect(await store.review.requeue(1, '张三')).toBe(true);
    await expect.poll(delivered(store)).toBe(1);
    await running.stop();
  });

  it.each([401, 403])('on %i the whole queue pauses, probes with one record, and goes on', async (code) => {
    const platform = await testPlatform();
    platform.answer = { status: code, body: `{"code":"${code}","hint":"plate=?12345"}`, headers: {} };
    const store = await open({ path: temporaryFolder() });
    await putMany(store, 1, 6);
    const running = run(store, platform);
    await expect.poll(() => running.receipts.length).toBeGreaterThanOrEqual(3);
    expect(running.uploader.status().paused).toMatchObject({ hint: 'plate=?12345' });
    // One after the other: none of them is the probe for ever.
    expect(running.receipts.slice(0, 3).map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(await store.outbox.counts()).toMatchObject({ waiting: 6 });
    platform.answer = { status: 200, body: '{"code":"1001"}', headers: {} };
    await expect.poll(delivered(store)).toBe(6);
    expect(running.uploader.status().paused).toBeUndefined();
    await running.stop();
    expect(platform.kept.size).toBe(6);
  });

  it.each([401, 403])('one record that is always answered with %i holds up nobody', async (code) => {
    const platform = await testPlatform();
    const store = await open({ path: temporaryFolder() });
    const poison = await store.outbox.put(record('poison'));
    await store.outbox.attach(poison.id, { none: 'noCamera' });
    await putMany(store, 1, 20);
    platform.behave = (request, response) => {
      // Only the poison has no picture and is a form.
      if (!request.headers['content-type']?.startsWith('application/x-www')) return 'answer';
      request.resume().on('end', () => response.end(`{"code":"${code}"}`));
      return 'handled';
    };
    // Two probes at most may pass until it is known that it is this record.
    const running = run(store, platform, { ...QUICK, probeMs: 1_000 });
    await expect.poll(delivered(store), { timeout: HELD_UP_MS }).toBe(20);
    expect(running.uploader.status().paused).toBeUndefined();
    await running.stop();
    expect((await store.review.get(poison.id))?.record).toMatchObject({ state: 'waiting' });
  });

  it('a refusal that others on the wire contradict makes nobody wait for the probe', async () => {
    const platform = await testPlatform();
    const store = await open({ path: temporaryFolder() });
    await putMany(store, 1, 1);
    const answers: ((body: string) => void)[] = [];
    platform.behave = (request, response) => {
      if (answers.length === 2) return 'answer';
      request.resume().on('end', () => answers.push((body) => void response.end(body)));
      return 'handled';
    };
    const running = run(store, platform, { ...QUICK, probeMs: 3_600_000 });
    await expect.poll(() => answers.length).toBe(1);
    await putMany(store, 2, 2);
    await expect.poll(() => answers.length).toBe(2);
    answers[0]?.('{"code":"401"}');
    await expect.poll(() => running.uploader.status().paused).toBeDefined();
    answers[1]?.('{"code":"1001"}');
    await expect.poll(delivered(store)).toBe(2);
    await running.stop();
  });

  it('goes on at once when the credentials have changed', async () => {
    const platform = await testPlatform();
    platform.answer = { status: 401, body: '{"code":"401"}', headers: {} };
    const store = await open({ path: temporaryFolder() });
    await putMany(store, 1, 2);
    const running = run(store, platform, { ...QUICK, probeMs: 3_600_000 });
    await expect.poll(() => running.uploader.status().paused).toBeDefined();
    platform.answer = { status: 200, body: '{"code":"1001"}', headers: {} };
    running.uploader.resume();
    await expect.poll(delivered(store)).toBe(2);
    await running.stop();
  });

  it.each([
    ['honours Retry-After', '200', 200],
    ['of Retry-After no more than its own longest back-off', '99999999', 300],
  ])('%s for a backlog; a new record asks at once', async (_, retryAfter, seconds) => {
    const made = certificate();
    const platform = await testPlatform(made);
    const clock = handClock(1_000, Date.UTC(2026, 10, 24));
    platform.answer = { status: 503, body: '{"code":"503"}', headers: { 'retry-after': retryAfter } };
    const store = await open({ path: temporaryFolder(), clock });
    await putMany(store, 1, 3);
    const running = run(store, platform, QUICK, { ca: made.cert }, clock);
    await expect.poll(() => running.receipts.length).toBe(1);
    platform.answer = { status: 200, body: '{"code":"1001"}', headers: {} };
    await putMany(store, 4, 4);
    await expect.poll(delivered(store)).toBe(1);
    for (let second = 10; second < seconds; second += 10) {
      clock.jump(10_000);
      await store.journal.flush();
    }
    expect(running.receipts.map(({ id }) => id)).toEqual([1, 4]);
    clock.jump(20_000);
    await expect.poll(delivered(store)).toBe(4);
    await running.stop();
  });

  it('a captive portal that asks for patience mutes nobody', async () => {
    const portal = await testPlatform();
    portal.answer = { status: 503, body: '<html>log in</html>', headers: { 'retry-after': '99999999' } };
    const store = await open({ path: temporaryFolder() });
    await putMany(store, 1, 3);
    const running = run(store, portal);
    await expect.poll(() => running.receipts.length).toBeGreaterThanOrEqual(3);
    portal.answer = { status: 200, body: '{"code":"1001"}', headers: {} };
    await expect.poll(delivered(store)).toBe(3);
    await running.stop();
  });

  it('tries a dead platform seldom: with full jitter, one record at a time', async () => {
    const platform = await testPlatform();
    platform.behave = (_request, _response, socket) => {
      socket.resetAndDestroy();
      return 'handled';
    };
    let tries = 0;
    const store = await open({ path: temporaryFolder() });
    await putMany(store, 1, 30);
    const running = run(store, platform, { backOffMs: 200, backOffMaxMs: 60_000, random: () => 1 });
    await expect.poll(() => running.uploader.status().failures).toBeGreaterThanOrEqual(5);
    tries = running.receipts.length;
    // 2 at once, then after 200, 400, 800 ms …: without the wait between records there would be hundreds.
    expect(tries).toBeLessThanOrEqual(8);
    await running.stop();
    expect(await store.outbox.counts()).toMatchObject({ waiting: 30 });
  });

  it('lets what has just happened pass a backlog on a slow line', async () => {
    const platform = await testPlatform();
    const store = await open({ path: temporaryFolder() });
    await putMany(store, 1, 40, 20_000);
    // One record a second.
    const running = run(store, platform, { ...QUICK, bandwidthBytesPerSecond: 22_000 });
    await expect.poll(() => running.receipts.length).toBeGreaterThanOrEqual(1);
    await putMany(store, 41, 41);
    await expect.poll(() => running.receipts.map(({ id }) => id)).toContain(41);
    expect(running.receipts.length).toBeLessThan(10);
    await running.stop();
  });

  it('keeps to its bandwidth on the average', async () => {
    const platform = await testPlatform();
    const store = await open({ path: temporaryFolder() });
    await putMany(store, 1, 12, 18_000);
    const clock = systemClock();
    const began = clock.nowMs();
    const running = run(store, platform, { ...QUICK, bandwidthBytesPerSecond: 200_000 });
    await expect.poll(delivered(store)).toBe(12);
    // 12 records of 20 KB; all four who send may find the line free at once, also at the end.
    expect(clock.nowMs() - began).toBeGreaterThan(750);
    await running.stop();
  });

  it('does not send what was withdrawn', async () => {
    const platform = await testPlatform();
    const store = await open({ path: temporaryFolder() });
    await putMany(store, 1, 2);
    await store.outbox.withdraw('1001', '1', 'paid');
    const running = run(store, platform);
    await expect.poll(delivered(store)).toBe(1);
    await running.stop();
    expect(platform.got).toHaveLength(1);
  });

  it('ends within its grace when the platform hangs, and the record goes on waiting', async () => {
    const platform = await testPlatform();
    platform.behave = () => 'handled';
    const store = await open({ path: temporaryFolder() });
    await putMany(store, 1, 1);
    const running = run(store, platform);
    await expect.poll(() => running.uploader.status().inFlight).toBe(1);
    const beganMs = ownMs();
    await running.stop();
    expect(ownMs() - beganMs).toBeLessThan(1_900);
    expect((await store.review.get(1))?.record).toMatchObject({ state: 'waiting', attempts: 0, sent: true });
  });
});

describe('a box whose clock is two days back', () => {
  /** The platform knows the time; the box does not, and its hold is over. */
  async function late(platform: TestPlatform, ca?: string) {
    const { clock, store } = await twoDaysBack();
    const client = createClient(settings(platform.url, ca === undefined ? {} : { ca }), {
      clock,
      onDate: (nowMs, wallMs) => store.time.synced(nowMs, wallMs, 1_000, 'https'),
      clockKnown: () => store.time.quality !== 'unknown',
    });
    const stopping = new AbortController();
    const uploader = createUploader({ outbox: store.outbox, client, clock, settings: { ...QUICK, random: () => 1 } });
    const running = uploader.run(stopping.signal);
    const stop = async () => {
      stopping.abort();
      clock.jump(2_000);
      await running;
      await client.close();
    };
    return { clock, store, uploader, stop };
  }

  const sentTimes = (platform: TestPlatform) =>
    [...platform.kept.values()].map(({ fields }) => Math.abs(Date.parse(fields.release_time ?? '') - TRUE_MS));

  it('asks the platform for the time before the first record leaves', async () => {
    const made = certificate();
    const platform = await testPlatform(made);
    platform.answer.headers = { date: new Date(TRUE_MS).toUTCString() };
    const { store, stop } = await late(platform, made.cert);
    await expect.poll(delivered(store)).toBe(1);
    await stop();
    expect(sentTimes(platform)[0]).toBeLessThanOrEqual(1_000);
  });

  it('corrects a record that was tried while nobody could be reached', async () => {
    const platform = await testPlatform();
    const closed = net.createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const first = await late({ ...platform, url: `http://127.0.0.1:${port}` });
    await expect
      .poll(async () => (await first.store.review.get(1))?.record)
      .toMatchObject({ attempts: 1, sent: false, timeQuality: 'unknown' });
    first.clock.step(DAYS_MS);
    first.store.time.synced(first.clock.nowMs(), first.clock.wallMs(), 1, 'timesyncd');
    await first.stop();
    const again = run(first.store, platform);
    await expect.poll(delivered(first.store)).toBe(1);
    await again.stop();
    expect(sentTimes(platform)[0]).toBeLessThanOrEqual(3_000);
  });
});
