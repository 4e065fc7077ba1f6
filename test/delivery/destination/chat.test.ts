/** Group robots, as small servers that check by the makers' published formulas: signature, success, limits, what is said and what is hidden. */
import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Secret } from '../../../src/config/secrets.ts';
import { chatContent } from '../../../src/delivery/destination/chat.ts';
import { record, release } from '../../store/open.ts';
import { boxWith, chat } from './receivers.ts';

interface Said {
  readonly url: URL;
  readonly body: Readonly<Record<string, unknown>>;
  readonly atMs: number;
}

const endings: (() => void)[] = [];
afterEach(() => endings.splice(0).forEach((end) => void end()));

/** `answer`: of the request that is the how-many-th; 0 the first. */
async function robot(
  answer: (said: Said, at: number) => object,
): Promise<{ readonly url: string; readonly said: Said[] }> {
  const said: Said[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const one = {
      url: new URL(request.url ?? '', 'http://robot'),
      body: JSON.parse(Buffer.concat(parts).toString()) as Said['body'],
      atMs: performance.now(),
    };
    said.push(one);
    response.end(JSON.stringify(answer(one, said.length - 1)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endings.push(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, said };
}

const plate = { plate: { text: '粤B12345', confidence: 1 } } as const;
const ok = (): object => ({ errcode: 0, errmsg: 'ok' });
const content = ({ body }: Said): string =>
  (body.text as { content: string } | undefined)?.content ?? (body.content as { text: string }).text;

describe('each robot', () => {
  it('企业微信 has its key in the address; the plate is masked', async () => {
    const far = await robot(ok);
    const { store } = await boxWith([chat(far.url)]);
    await store.outbox.put(record('r1', { release: release('r1', plate) }));
    await expect.poll(() => far.said.length).toBe(1);
    const [one] = far.said as [Said];
    expect([one.url.pathname, one.url.search]).toEqual(['/cgi-bin/webhook/send', '?key=the-key']);
    expect(one.body.msgtype).toBe('text');
    expect(content(one)).toMatch(/^【通道A】按钮开闸 · 粤B\*\*\*45 · \d\d-\d\d \d\d:\d\d:\d\d\n按钮开闸后有车通过$/);
  });

  it('钉钉 is signed in the query, and what it refuses comes again', async () => {
    const secret = 'SEC0123456789';
    const far = await robot(({ url }, at) => {
      const stamp = url.searchParams.get('timestamp') ?? '';
      const right = createHmac('sha256', secret).update(`${stamp}\n${secret}`, 'utf8').digest('base64');
      const fits = url.searchParams.get('sign') === right && Math.abs(Date.now() - Number(stamp)) < 3_600_000;
      if (!fits || url.searchParams.get('access_token') !== 'the-key')
        return { errcode: 310_000, errmsg: 'sign not match' };
      return at === 0 ? { errcode: -1, errmsg: 'system busy' } : { errcode: 0, errmsg: 'ok' };
    });
    const { store, destinations } = await boxWith([
      chat(far.url, { robot: 'dingtalk', secret: new Secret(secret), maskPlates: false, language: 'en' }),
    ]);
    await store.outbox.put(record('r1', { release: release('r1', plate) }));
    const view = async () => (await destinations.views())[0];
    await expect.poll(view).toMatchObject({ arrived: 1, failed: 1, lastError: '-1: system busy' });
    expect(far.said.map(({ url }) => url.pathname)).toEqual(['/robot/send', '/robot/send']);
    expect(content(far.said[1] as Said)).toContain('opened by the button · 粤B12345');
  });

  it('飞书 is signed in the body', async () => {
    const secret = 'feishu secret';
    const far = await robot(({ body }) => {
      const right = createHmac('sha256', `${String(body.timestamp)}\n${secret}`).digest('base64');
      const isRecent = Math.abs(Date.now() / 1000 - Number(body.timestamp)) < 3_600;
      return body.sign === right && isRecent ? { code: 0, msg: 'success' } : { code: 19_021, msg: 'sign match fail' };
    });
    const { store, destinations } = await boxWith([chat(far.url, { robot: 'feishu', secret: new Secret(secret) })]);
    await store.outbox.put(record('r1'));
    await expect.poll(async () => (await destinations.views())[0]).toMatchObject({ arrived: 1, failed: 0 });
    const [one] = far.said as [Said];
    expect([one.url.pathname, one.body.msg_type]).toEqual(['/open-apis/bot/v2/hook/the-key', 'text']);
  });
});

it('alarms come at once; of what comes after, at most 20 requests a minute, with the rest summed up', async () => {
  const far = await robot(ok);
  const { store, alarms, destinations } = await boxWith([chat(far.url)]);
  const beganMs = performance.now();
  alarms.report('1001', { kind: 'alarm', alarm: 'heldOpen', on: true } as never);
  await expect.poll(() => far.said.length).toBe(1);
  expect((far.said[0] as Said).atMs - beganMs).toBeLessThan(1_000);
  expect(content(far.said[0] as Said)).toContain('【通道A】告警：闸杆长时间未落');
  await Promise.all(Array.from({ length: 60 }, (_, at) => store.outbox.put(record(`r${at}`))));
  await expect.poll(async () => (await destinations.views())[0]?.arrived).toBe(61);
  const apart = far.said.slice(1).map(({ atMs }, at) => atMs - (far.said[at] as Said).atMs);
  expect(Math.min(...apart)).toBeGreaterThan(3_000);
  expect(far.said.length).toBeLessThanOrEqual(3);
  expect(far.said.map(content).join('\n')).toMatch(/60 条消息：[\s\S]*另有 \d+ 条，见本机网页/);
});

it('a robot that is asked too often is left alone for as long as its maker says', async () => {
  const far = await robot(() => ({ errcode: 45_009, errmsg: 'api freq out of limit' }));
  const { store, destinations } = await boxWith([chat(far.url)]);
  await store.outbox.put(record('r1'));
  await expect.poll(async () => (await destinations.views())[0]).toMatchObject({ state: 'failing', failed: 1 });
  await store.outbox.put(record('r2'));
  await new Promise((resolve) => setTimeout(resolve, 4_000));
  expect(far.said).toHaveLength(1);
});

it('what is for review, and a blind time that was not asked for, is not said', async () => {
  const far = await robot(ok);
  const { store } = await boxWith([chat(far.url, { takes: { facts: ['release', 'alarm'], confidence: 'possible' } })]);
  await store.outbox.put(record('review', { release: release('review', { reported: false }) }));
  await store.looks.observe('1001', { why: 'points', roles: ['barrier'], fromMs: 0, toMs: 9 } as never);
  await store.outbox.put(record('r2', { gateName: '通道B' }));
  await expect.poll(() => far.said.length).toBe(1);
  expect(content(far.said[0] as Said)).toContain('通道B');
});

it('a message never exceeds what the strictest robot takes', () => {
  const long = '按钮开闸后有车通过'.repeat(200);
  for (const texts of [
    [long],
    Array.from({ length: 100 }, () => long),
    Array.from({ length: 100 }, (_, at) => `消息 ${at}`),
  ])
    expect(Buffer.byteLength(chatContent(texts, 'zh'))).toBeLessThanOrEqual(2_048);
});

it('alarms of one cause within a minute are one, in the words of the first', async () => {
  const far = await robot(ok);
  const { alarms } = await boxWith([chat(far.url)]);
  const alarm = (kind: string, root?: string) =>
    alarms.report('1001', { kind: 'alarm', alarm: kind, on: true } as never, root);
  alarm('heldOpen');
  await expect.poll(() => far.said.length).toBe(1);
  alarm('pointsLost', 'rs485-1');
  alarm('pointsLost', 'rs485-1');
  alarm('barrierUnknown', 'rs485-1');
  alarm('loopStuck');
  await expect.poll(() => far.said.length).toBe(2);
  const [lost, stuck, ...rest] = content(far.said[1] as Said)
    .split('\n')
    .slice(1);
  expect(lost).toMatch(/^• 【通道A】告警：信号丢失 · .*（rs485-1 没有应答，同因另有 2 条）$/);
  expect(stuck).toContain('地感长时间占用');
  expect(rest).toEqual([]);
});
