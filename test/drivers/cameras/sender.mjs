/**
 * A process of its own that speaks bytes over real sockets, in pieces, as a camera on the network does. It knows no protocol.
 *   push PORT PIECE PAUSE_MS         what comes on standard input is sent to PORT; what comes back goes to standard output
 *   serve PIECE PAUSE_MS [TIMES]     says its port in a line; sends standard input to whoever connects and says something, TIMES at most
 *                                    (then hangs up at once); each piece received is a line in base64
 */
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const [mode, ...words] = process.argv.slice(2);
const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const bytes = Buffer.concat(chunks);

async function inPieces(socket, piece, pauseMs) {
  for (let at = 0; at < bytes.length && !socket.destroyed; at += piece) {
    if (!socket.write(bytes.subarray(at, at + piece)))
      await Promise.race([
        new Promise((resolve) => socket.once('drain', resolve)),
        new Promise((resolve) => socket.once('close', resolve)),
      ]);
    if (pauseMs > 0) await sleep(pauseMs);
  }
}

if (mode === 'push') {
  const [port, piece, pauseMs] = words.map(Number);
  const socket = connect({ port, host: '127.0.0.1' });
  socket.setNoDelay(true);
  socket.on('data', (data) => process.stdout.write(data));
  socket.on('error', () => {});
  socket.on('close', () => process.exit(0));
  await inPieces(socket, piece, pauseMs);
} else {
  const [piece, pauseMs, times = Infinity] = words.map(Number);
  let served = 0;
  const server = createServer((socket) => {
    served += 1;
    if (served > times) return socket.destroy();
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.on('data', (data) => process.stdout.write(`${data.toString('base64')}\n`));
    socket.once('data', () => void inPieces(socket, piece, pauseMs));
  });
  server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
}
