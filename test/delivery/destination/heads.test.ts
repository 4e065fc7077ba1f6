/** Heads of the chain by every way out: noted when the far end has them, in a form that `verify --heads` takes, and compared when they come back. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, expect, it } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { heartbeatBody } from '../../../src/delivery/mqtt/published-messages.ts';
import { openBoxKey } from '../../../src/evidence/box-key.ts';
import { keptHeads } from '../../../src/evidence/kept-heads.ts';
import { OutsideHeads } from '../../../src/evidence/outside-heads.ts';
import { signHead } from '../../../src/evidence/signed-heads.ts';
import { headText, type SignedHead } from '../../../src/store/chain/chain.ts';
import type { AcceptedAnswer } from '../../../src/store/record-types.ts';
import type { Store } from '../../../src/store/types.ts';
import { open, record, temporaryFolder } from '../../store/open.ts';
import { receiptOf } from '../by-hand.ts';
import { boxWith, chat, webhook } from './receivers.ts';

const endings: (() => unknown)[] = [];
afterEach(() => endings.splice(0).forEach((end) => void end()));

interface Request {
  readonly agent: string;
  readonly body: string;
}

async function server(
  answer: string,
): Promise<{ readonly url: string; readonly port: number; readonly got: Request[] }> {
  const got: Request[] = [];
  const listening = createServer(async (request: IncomingMessage, response) => {
    let body = '';
    for await (const part of request) body += String(part);
    got.push({ agent: request.headers['user-agent'] ?? '', body });
    response.end(answer);
  });
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  endings.push(() => listening.close());
  const { port } = listening.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, got };
}

/** With some rows and a head over them. */
async function sealed(): Promise<{ readonly path: string; readonly store: Store; readonly head: SignedHead }> {
  const path = temporaryFolder();
  const store = await open({ path, wallTrusted: true });
  await store.outbox.put(record('r1'));
  const folder = join(path, 'page');
  const head = await signHead({ store, clock: systemClock(), folder }, await openBoxKey(folder));
  return { path, store, head: head as SignedHead };
}

const beat = (head: SignedHead) => heartbeatBody('1001', { wallMs: 1, version: '1', config: '', upMs: 0, head });

it('number and time of the platform’s answer are a row', async () => {
  const { path, store } = await sealed();
  const [put] = await store.review.list({ limit: 1 });
  const [date, text] = ['Tue, 24 Nov 2026 04:00:00 GMT', '{"code":"1001","seqno":"77"}'];
  const receipt = receiptOf({ status: 200, date, text, verified: true }, 'production', (each) => each);
  await store.outbox.delivered(put?.id as number, receipt as AcceptedAnswer);
  await store.close();
  const database = new Sqlite(join(path, 'lanewarden.db'), { readonly: true });
  const rows = database.prepare(`SELECT event FROM journal WHERE event LIKE '{"kind":"delivered"%'`).pluck().all();
  database.close();
  expect(rows.map((row) => JSON.parse(String(row)))).toMatchObject([{ seqno: '77', dateMs: Date.parse(date) }]);
});

it('a ping bears the head in the log of its server', async () => {
  const { store, head } = await sealed();
  const far = await server('ok');
  const takes = { facts: [], confidence: 'possible' } as const;
  await boxWith([{ kind: 'ping', name: 'watch', url: `${far.url}/ping`, everyMs: 60_000, timeoutMs: 5_000, takes }], {
    store,
  });
  await expect.poll(async () => (await store.chain.lastSigned())?.ways).toEqual(['ping']);
  const { chain, last, head: digits } = head;
  expect(keptHeads(`127.0.0.1 "GET /ping" 200 "${far.got[0]?.agent}"`)).toEqual([{ chain, last, head: digits }]);
});

it('the message of the day bears its date and 12 digits', async () => {
  const { store, head } = await sealed();
  const far = await server('{"errcode":0}');
  await boxWith([chat(far.url, { daySheetAtMinutes: 0 })], { store });
  await expect.poll(async () => (await store.chain.lastSigned())?.ways).toEqual(['chat']);
  const { content } = (JSON.parse(far.got.at(-1)?.body ?? '') as { text: { content: string } }).text;
  expect(content).toMatch(/日报/);
  const day = new Date(head.wallMs + 8 * 3_600_000).toISOString().slice(0, 10);
  expect(keptHeads(content)).toEqual([{ day, digits: head.head.slice(0, 12) }]);
});

it('heads that anybody can make are told once for each key, and accuse nobody of rewriting', async () => {
  const { store, head } = await sealed();
  const outside = new OutsideHeads(store);
  const answers = [1, 2, 3].map((at) => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const made = { chain: head.chain, last: head.last, head: `${at}`.repeat(64), wallMs: head.wallMs };
    const key = publicKey.export({ format: 'der', type: 'spki' }).subarray(12).toString('hex');
    return {
      ...made,
      key,
      signature: sign(null, Buffer.from(headText(made, made.wallMs)), privateKey).toString('hex'),
    };
  });
  for (const made of [...answers, ...answers]) await outside.returned(JSON.stringify(made), 'webhook');
  const told = (await store.looks.observations(50)).filter(({ seen }) => seen.why === 'outside');
  const detail = (at: number) => ({ seen: { detail: { found: 'otherKey', head: `${at}`.repeat(64) } } });
  expect(told).toMatchObject([3, 2, 1].map(detail));
});

it('a webhook has it with the heartbeat; what its receiver remembers is compared', async () => {
  const { store, head } = await sealed();
  const { chain, last, head: digits } = head;
  const own = await server(JSON.stringify({ evidence: beat(head).evidence }));
  const { destinations, stop } = await boxWith([webhook(own.port)], { store });
  destinations.tell('heartbeat', beat(head));
  await expect.poll(async () => (await store.chain.lastSigned())?.ways).toEqual(['webhook']);
  expect(keptHeads(own.got.map(({ body }) => body).join('\n'))).toContainEqual({ chain, last, head: digits });
  await stop();
  const outside = async () => (await store.looks.observations(50)).filter(({ seen }) => seen.why === 'outside');
  expect(await outside()).toEqual([]);
  const other = (await sealed()).head;
  const far = await server(JSON.stringify({ evidence: beat(other).evidence }));
  const { destinations: second } = await boxWith([webhook(far.port)], { store });
  second.tell('heartbeat', beat(head));
  await expect.poll(outside).toHaveLength(1);
  expect((await outside())[0]?.seen).toMatchObject({
    detail: { way: 'webhook', found: 'otherChain', head: other.head },
  });
  // It goes out like any other report.
  await expect.poll(() => far.got.some(({ body }) => body.includes('"kind":"outside"'))).toBe(true);
});
