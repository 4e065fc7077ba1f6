// A client at a flooding broker: flooded-client.mjs intake4 | intake5 | publisher PORT MESSAGES. After two seconds, and so many messages or its end, it
// says its longest turn, in ms of processor time, by how many MB its memory has grown, and what ended it.
import { setTimeout } from 'node:timers/promises';
import { systemClock } from '../../../dist/src/clock.js';
import { PublishClient } from '../../../dist/src/delivery/mqtt/publish-client.js';
import { holdSession } from '../../../dist/src/intake/mqtt-session.js';

const [who, port, least] = process.argv.slice(2);
const clock = systemClock();
const config = { host: '127.0.0.1', port: Number(port), secure: false, clientId: 'x', grants: 'a' };
const nothing = () => undefined;
const seen = { turnMs: 0, grownMb: 0, messages: 0, ended: '' };
const message = () => {
  seen.messages += 1;
  return Promise.resolve(true);
};

function publisher() {
  const subscription = { topics: ['a'], bytesMax: 2_000, take: () => void message(), refused: nothing };
  const will = { topic: 'a', payload: 'b', retain: true };
  const client = new PublishClient({ config, will, clock, subscription, ca: undefined });
  return { ready: client.ready, ended: client.ended };
}

function intake(version) {
  let onReady = nothing;
  const ready = new Promise((resolve) => {
    onReady = resolve;
  });
  const session = { config, clock, version, onReady, cameraTopics: [], taker: { take: message } };
  return { ready, ended: holdSession({ ...session, fates: { connected: nothing } }, new AbortController().signal) };
}

const { ready, ended } = who === 'publisher' ? publisher() : intake(Number(who.slice(-1)));
void ended.then((fault) => {
  seen.ended = String(fault);
});
await ready;
const before = process.memoryUsage.rss();
let spent = process.threadCpuUsage();
setInterval(() => {
  const { user, system } = process.threadCpuUsage(spent);
  spent = process.threadCpuUsage();
  seen.turnMs = Math.max(seen.turnMs, (user + system) / 1_000);
  seen.grownMb = Math.max(seen.grownMb, (process.memoryUsage.rss() - before) / 1e6);
}, 2);
do await setTimeout(2_000);
while (seen.messages < Number(least) && seen.ended === '');
process.stdout.write(`${JSON.stringify(seen)}\n`);
process.exit();
