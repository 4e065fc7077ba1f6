/** In a network namespace of its own, with few open files: what becomes of datagrams. Prints what was seen as JSON. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../src/clock.ts';
import { localBroadcast } from '../../src/outward/local-broadcast.ts';

const [, , own, other] = process.argv;
const PORT = 8082;
const seen = { heard: [], failures: 0, isSent: false };

/** From this address straight to the box. */
async function send(from, text) {
  const socket = createSocket('udp4');
  socket.bind(0, from);
  await once(socket, 'listening');
  await new Promise((resolve) => socket.send(text, PORT, own, resolve));
  socket.close();
}

const network = localBroadcast({ purpose: 'witness' }, own, systemClock(), () => {
  seen.failures += 1;
});
const over = new AbortController();
// The port is somebody else's for two tries.
const blocker = createSocket('udp4');
blocker.bind(PORT);
await once(blocker, 'listening');
const listening = network.listen(
  (datagram) => {
    seen.heard.push(String(datagram));
    throw new TypeError('what was sent cannot be read');
  },
  () => undefined,
  over.signal,
);
await sleep(2_500);
blocker.close();
while (seen.heard.length < 2) {
  await send(other, 'far');
  await send(own, 'near');
  await sleep(20);
}
over.abort();
await listening;

// None is left for asking after the interfaces.
const opened = [];
try {
  for (;;) opened.push(openSync('/dev/null'));
} catch {
  await network.send('text');
  seen.isSent = opened.length > 0;
}
process.stdout.write(`${JSON.stringify({ ...seen, heard: [...new Set(seen.heard)] })}\n`, () => process.exit(0));
