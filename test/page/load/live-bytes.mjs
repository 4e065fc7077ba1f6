/**
 * What an open page costs: `npm start`, and beside it `node test/page/load/live-bytes.mjs http://127.0.0.1:8080 180`. Reads the live stream for so
 * many seconds and prints bytes a second, in all and by event.
 */
const [url = 'http://127.0.0.1:8080', seconds = '180'] = process.argv.slice(2);
const { headers } = await fetch(`${url}/api/v1/session`);
const cookie = headers.get('set-cookie')?.split(';')[0] ?? '';
const { body } = await fetch(`${url}/api/v1/live`, { headers: { cookie } });
const began = Date.now();
const byEvent = {};
let total = 0;
let text = '';
const decoder = new TextDecoder();
for await (const chunk of body) {
  total += chunk.length;
  text += decoder.decode(chunk, { stream: true });
  const blocks = text.split('\n\n');
  text = blocks.pop();
  for (const block of blocks) {
    const event = /^event: (.*)$/m.exec(block)?.[1] ?? 'beat';
    byEvent[event] ??= { count: 0, bytes: 0 };
    byEvent[event].count += 1;
    byEvent[event].bytes += Buffer.byteLength(block) + 2;
  }
  if (Date.now() - began > Number(seconds) * 1_000) break;
}
const forSeconds = (Date.now() - began) / 1_000;
process.stdout.write(`${Math.round(total / forSeconds)} B/s over ${Math.round(forSeconds)} s\n`);
for (const [event, { count, bytes }] of Object.entries(byEvent))
  process.stdout.write(`${event}: ${count} events, ${Math.round(bytes / forSeconds)} B/s\n`);
process.exit(0);
