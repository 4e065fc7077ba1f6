/**
 * A management system that does all forty stories right, written from docs/en/vendor*.md. CARELESS makes one of the mistakes that vendors make:
 * noRetry, newId, slowArm, forgets (its queue is in memory), hammers (does not wait for Retry-After), noKind, blind (ignores the answers),
 * lateTimes (the time of sending for that of paying), quiet (answers nobody), ownTimes (its own clock for that of the till), yuan (for fen), unwarned
 * (shows no warning). lateAnswer is no mistake: its arms are quick, its answers are not.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectAsync } from 'mqtt';

const {
  LANEWARDEN_INTAKE: intake,
  LANEWARDEN_PAGE: page,
  LANEWARDEN_READ_TOKEN: readToken,
  LANEWARDEN_ARM: arm,
  LANEWARDEN_MQTT: broker,
  LANEWARDEN_BOX: box,
  LANEWARDEN_FOLDER: folder,
  CARELESS: careless,
} = process.env;
let token = process.env.LANEWARDEN_TOKEN;

const BATCH = 500;
const ANSWER_MS = 4_000;
const WAITING_AFTER_MS = 6_000;
const AGAIN_MS = [1_000, 2_000, 4_000, 8_000];

let aheadMs = 0;
const now = (beforeMs = 0) => new Date(Date.now() + aheadMs - beforeMs).toISOString();
const MINUTE_MS = 60_000;

/** Messages not told yet: `{ path, body, key }`. */
const queue = [];
const queueFile = join(folder, 'queue.json');
const save = () => {
  if (careless === 'forgets') return;
  writeFileSync(`${queueFile}.new`, JSON.stringify(queue.map(({ path, body }) => ({ path, body }))), { flush: true });
  renameSync(`${queueFile}.new`, queueFile);
};

let clockError = 0;
let newToken = () => {};
let tokenChanged = new Promise((resolve) => (newToken = resolve));

/** One try: what the cashier sees, or how long to wait before the next. */
async function send({ path, body }) {
  try {
    const answer = await fetch(intake + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'accept-language': 'en' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    clockError = Math.round((Date.now() + aheadMs - Date.parse(answer.headers.get('date'))) / 1_000);
    const said = await answer.json();
    if (careless === 'blind') return { shown: 'told' };
    if (answer.status === 202) {
      const warned = said.warning !== undefined && careless !== 'unwarned';
      return { shown: said.status === 'expired' ? 'expired' : 'told', ...(warned && { warning: true }) };
    }
    if (answer.status === 401) return { again: 'token' };
    if ([408, 429, 500, 503].includes(answer.status))
      return { again: Number(answer.headers.get('retry-after') ?? 1) * 1_000 };
    return { shown: 'refused', field: said.errors?.[0]?.field };
  } catch {
    return {};
  }
}

/** Tries until it is told or refused. */
async function deliver(message) {
  for (let tries = 0; ; tries += 1) {
    const tried = tokenChanged;
    const result = await send(message);
    if (result.again === 'token') {
      message.onToken?.();
      await tried;
    } else if (result.shown !== undefined || careless === 'noRetry') {
      queue.splice(queue.indexOf(message), 1);
      save();
      return result;
    } else await sleep(careless === 'hammers' ? 100 : (result.again ?? AGAIN_MS[Math.min(tries, AGAIN_MS.length - 1)]));
    if (careless === 'lateTimes') message.body.issuedAt = now();
    if (careless === 'newId') message.body.id = `${message.body.id}+`;
  }
}

/** On the disk first. An order that comes twice is the message it was: written anew, its times would differ. */
const known = new Map();
function tell(path, body) {
  if (body.id !== undefined && careless !== 'newId') {
    if (!known.has(body.id)) known.set(body.id, tellNew(path, body));
    return known.get(body.id);
  }
  return tellNew(path, body);
}

function tellNew(path, body) {
  const message = { path, body };
  const refused = new Promise((resolve) => (message.onToken = () => resolve({ shown: 'token' })));
  queue.push(message);
  save();
  return Promise.race([deliver(message), refused, sleep(WAITING_AFTER_MS, { shown: 'waiting' }, { ref: false })]);
}

const lift = async (lane) => {
  const answer = await fetch(`${arm}/arm/open`, { method: 'POST', body: JSON.stringify({ lane }) });
  await answer.text();
};

const read = async (path) => {
  const answer = await fetch(intake + path, { headers: { authorization: `Bearer ${token}` } });
  return answer.json();
};

const payments = new Map();
const without = (fields) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

const heard = [];
const client = broker ? await connectAsync(broker) : undefined;
client?.on('message', (topic, payload) => {
  const release = JSON.parse(payload);
  if (!release.withdrawn && release.verdict !== undefined)
    heard.push({ lane: topic.split('/')[2], plate: release.plate });
});
await client?.subscribeAsync(`lanewarden/${box}/+/release`, { qos: 1 });

const EVENTS = {
  hello: () => ({}),
  pass: async ({ order, lane, plate, kind, count, amount, operator, by, till, paidAt }) => {
    const fen = careless === 'yuan' ? amount / 100 : amount;
    const fields = { plate, kind: careless === 'noKind' ? undefined : kind, count, amount: fen, operator, till };
    const issuedAt = careless === 'ownTimes' ? now() : (paidAt ?? now());
    const body = without({ id: order, lane, ...fields, issuedAt });
    payments.set(order, body);
    if (careless !== 'slowArm') await lift(lane);
    const send = async () => {
      await client.publishAsync('park/grants', JSON.stringify(body), { qos: 1 });
      return { shown: 'told' };
    };
    const result = await (by === 'mqtt' ? send() : tell('/api/v1/grants', body));
    if (careless === 'slowArm') await lift(lane);
    return { ...result, ...(Math.abs(clockError) > 10 && { clock: clockError }) };
  },
  prepaid: ({ order, plate, kind, amount, minutes, paidMinutesAgo = 0 }) => {
    const body = without({
      ...{ id: order, plate, kind, amount, issuedAt: now(paidMinutesAgo * MINUTE_MS) },
      expiresAt: now((paidMinutesAgo - minutes) * MINUTE_MS),
    });
    payments.set(order, body);
    return tell('/api/v1/grants', body);
  },
  rewrite: ({ order, plate, minutes }) => {
    known.delete(order);
    const expiresAt = minutes === undefined ? undefined : now(-minutes * MINUTE_MS);
    return tell('/api/v1/grants', without({ ...payments.get(order), plate, issuedAt: now(), expiresAt }));
  },
  retell: ({ order }) => tell('/api/v1/grants', { ...payments.get(order), id: `${order}-2` }),
  fate: async ({ order }) => ({ fate: (await read(`/api/v1/grants/${order}`)).status }),
  sheet: async ({ day }) => {
    const { lines } = await read(`/api/v1/grants?day=${day}`);
    const sum = (of) => lines.reduce((all, line) => all + of(line), 0);
    return {
      told: sum(({ told }) => told.count),
      counted: sum(({ by }) => by.used.count + by.late.count + by.waiting.count),
    };
  },
  correct: ({ order, plate }) =>
    tell('/api/v1/grants', { ...payments.get(order), id: `${order}-2`, plate, issuedAt: now() }),
  open: async ({ lane }) => {
    await lift(lane);
    if (careless === 'lateAnswer') await sleep(9_000);
    return {};
  },
  forward: ({ body }) => tell('/api/v1/grants', body),
  entry: ({ order, plate, lane, minutesAgo, carType }) =>
    tell('/api/v1/entries', { id: order, plate, lane, carType, at: now(minutesAgo * MINUTE_MS) }),
  charge: ({ order, plate, lane, amount }) => tell('/api/v1/charges', { id: order, plate, lane, amount, at: now() }),
  shift: ({ order, operator, lane, on }) =>
    tell('/api/v1/shifts', { id: order, operator, lanes: [lane], on, at: now() }),
  vehicles: async ({ plates, kind, from, to, removed }) => {
    const items = plates.split(' ').map((plate) => without({ plate, kind, from, to, removed }));
    const parts = [];
    for (let at = 0; at < items.length; at += BATCH) parts.push(tell('/api/v1/vehicles', items.slice(at, at + BATCH)));
    const results = await Promise.all(parts);
    return results.find(({ shown }) => shown !== 'told') ?? { shown: 'told' };
  },
  clock: ({ aheadSeconds }) => {
    aheadMs = aheadSeconds * 1_000;
    return {};
  },
  token: (event) => {
    token = event.token;
    newToken();
    tokenChanged = new Promise((resolve) => (newToken = resolve));
    return {};
  },
  unpaid: async ({ lane }) => {
    const answer = await fetch(`${page}/api/v1/releases?lane=${lane}&limit=100`, {
      headers: { authorization: `Bearer ${readToken}` },
    });
    const { items } = await answer.json();
    const unpaid = items.filter(({ state }) => state !== 'withdrawn' && state !== 'dropped');
    return { plates: unpaid.map(({ plate }) => plate).join(' ') };
  },
  heard: ({ lane }) => ({
    plates: heard
      .filter((one) => one.lane === lane)
      .map(({ plate }) => plate)
      .join(' '),
  }),
};

try {
  for (const message of JSON.parse(readFileSync(queueFile, 'utf8'))) {
    queue.push(message);
    void deliver(message);
  }
} catch {
  // the first start
}

for await (const line of createInterface({ input: process.stdin })) {
  const { n, event, ...fields } = JSON.parse(line);
  void Promise.resolve(EVENTS[event](fields)).then((result) => {
    if (careless === 'quiet' && event !== 'hello') return;
    process.stdout.write(`${JSON.stringify({ n, ...result })}\n`);
  });
}
process.exit(0);
