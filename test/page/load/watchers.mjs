/**
 * Browsers that watch, as a process of its own: `node watchers.mjs URL COUNT MS`. Each keeps the live stream open, with signals and frames, and
 * asks for the overview, the releases and the queue once a second. Says `{streams, events, answers}` when the time is over.
 */
import { Agent, get } from 'node:http';

const [url = '', count = '20', forMs = '10000'] = process.argv.slice(2);
const told = { streams: 0, events: 0, answers: 0 };
const agent = new Agent({ keepAlive: true });

const ask = (path, cookie) =>
  new Promise((resolve, reject) => {
    get(`${url}${path}`, { agent, headers: cookie === undefined ? {} : { cookie } }, (response) => {
      response.resume();
      response.on('end', () => resolve(response));
    }).on('error', reject);
  });

async function browser() {
  const { headers } = await ask('/api/v1/session');
  const cookie = headers['set-cookie'][0].split(';')[0];
  const stream = get(
    `${url}/api/v1/live?signals=1&frames=rs485-1`,
    { agent: false, headers: { cookie } },
    (response) => {
      told.streams += Number(response.statusCode === 200);
      response.on('data', (chunk) => {
        told.events += chunk.toString().split('\nevent: ').length - 1;
      });
      response.on('error', () => {});
    },
  );
  stream.on('error', () => {});
  const timer = setInterval(() => {
    for (const path of ['overview', 'releases', 'queue'])
      ask(`/api/v1/${path}`, cookie).then(({ statusCode }) => {
        told.answers += Number(statusCode === 200);
      });
  }, 1_000);
  return () => {
    clearInterval(timer);
    stream.destroy();
  };
}

const ends = await Promise.all(Array.from({ length: Number(count) }, browser));
await new Promise((resolve) => setTimeout(resolve, Number(forMs)));
for (const end of ends) end();
process.stdout.write(`${JSON.stringify(told)}\n`);
process.exit(0);
