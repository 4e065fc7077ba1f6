/**
 * A management system in a process of its own that tells of COUNT paid exits, evenly over MS milliseconds, and says how many were taken.
 *   http URL TOKEN COUNT MS        taken: answered 202
 *   mqtt PORT USER PASSWORD COUNT MS        taken: by the broker
 */
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const [way, ...words] = process.argv.slice(2);
const [count, overMs] = words.slice(-2).map(Number);
// Half of them for the lane, half paid ahead by plate.
const grant = (n) => ({
  id: `${way}-${n}`,
  issuedAt: new Date().toISOString(),
  ...(n % 2 === 0 ? { lane: '1001' } : { plate: `粤B${String(10_000 + n)}` }),
});

const tell = way === 'http' ? byHttp(words[0], words[1]) : await byMqtt(Number(words[0]), words[1], words[2]);
const startMs = performance.now();
const told = [];
for (let n = 0; n < count; n += 1) {
  const dueMs = startMs + (n * overMs) / count;
  if (dueMs > performance.now()) await sleep(dueMs - performance.now());
  told.push(tell(grant(n)));
}
const taken = (await Promise.all(told)).filter(Boolean).length;
process.stdout.write(`${JSON.stringify({ taken, tookMs: Math.round(performance.now() - startMs) })}\n`);
process.exit(0);

function byHttp(url, token) {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  return (message) =>
    new Promise((resolve) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const outgoing = request(`${url}/api/v1/grants`, { method: 'POST', agent, headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode === 202);
      });
      outgoing.once('error', () => resolve(false));
      outgoing.end(JSON.stringify(message));
    });
}

async function byMqtt(port, username, password) {
  const { connectAsync } = await import('mqtt');
  const client = await connectAsync({ host: '127.0.0.1', port, username, password });
  return (message) =>
    client.publishAsync('park/grants', JSON.stringify(message), { qos: 1 }).then(
      () => true,
      () => false,
    );
}
