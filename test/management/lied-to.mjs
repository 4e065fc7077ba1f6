// A box that reads a database server: lied-to.mjs DIALECT PORT. It says the answer, and by how many MB its memory has grown.
import { ReadingThread } from '../../dist/src/app/pull/reading-thread.js';
import { systemClock } from '../../dist/src/clock.js';

const [dialect, port] = process.argv.slice(2);
const thread = new ReadingThread(systemClock());
const own = { host: '127.0.0.1', port: Number(port), database: 'x', user: 'x', password: 'x', tls: false, file: '' };
const before = process.memoryUsage.rss();
let grownMb = 0;
const look = setInterval(() => {
  grownMb = Math.max(grownMb, (process.memoryUsage.rss() - before) / 1e6);
  // Before it takes the memory of others.
  if (grownMb > 800) say({ fault: 'the memory is full' });
}, 5);
function say(answer) {
  process.stdout.write(`${JSON.stringify({ answer, grownMb })}\n`);
  process.exit();
}
const statement = { text: 'SELECT 1', values: [] };
const answer = await thread.read({ kind: 'sql', system: 'x', source: { dialect, ...own }, statement });
clearInterval(look);
say(answer);
