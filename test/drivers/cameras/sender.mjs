/**
 * A process of its own that speaks bytes over real sockets, in pieces, as a camera on the network does. It knows no protocol.
 *   push PORT PIECE PAUSE_MS LENGTH… what comes on standard input is sent to PORT, so many bytes at a time, each on a connection of its own once the one
 *                                    before has ended; what comes back of each is a line in base64
 *   serve PIECE PAUSE_MS [TIMES]     says its port in a line; sends standard input to whoever connects and says something, TIMES at most
 *                                    (then hangs up at once); each piece received is a line in base64
 */
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const [mode, ...words] = process.argv.slice(2);
const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const bytes = Buffer.concat(chunks);

async function inPieces(socket, bytes, piece, pauseMs) {
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
  const [port, piece, pauseMs, ...lengths] = words.map(Number);
  let at = 0;
  for (const length of lengths) {
    const socket = connect({ port, host: '127.0.0.1' });
    const back = [];
    socket.setNoDelay(true);
    socket.on('data', (data) => back.push(data));
    socket.on('error', () => {});
    const closed = new Promise((resolve) => socket.once('close', resolve));
    void inPieces(socket, bytes.subarray(at, at + length), piece, pauseMs);
    await closed;
    process.stdout.write(`${Buffer.concat(back).toString('base64')}\n`);
    at += length;
  }
} else {
  const [piece, pauseMs, times = Infinity] = words.map(Number);
  let served = 0;
  const server = createServer((socket) => {
    served += 1;
    if (served > times) return socket.destroy();
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.on('data', (data) => process.stdout.write(`${data.toString('base64')}\n`));
    socket.once('data', () => void inPieces(socket, bytes, piece, pauseMs));
  });
  server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
}
