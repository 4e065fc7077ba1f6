/**
 * Clients that take a place and do nothing with it, as a process of its own: `node slow-sockets.mjs PORT COUNT BYTES…`, each BYTES (base64) what one kind
 * sends. From 127.0.0.1 to 127.0.0.10 in turn; each comes back a second after it was thrown out. Says `{connected}` four times a second; ends with its input.
 */
import { connect } from 'node:net';

const [port, count, ...kinds] = process.argv.slice(2);
const sockets = new Map();
const open = (n) => {
  const socket = connect({ port: Number(port), host: '127.0.0.1', localAddress: `127.0.0.${1 + (n % 10)}` });
  sockets.set(n, socket);
  socket.on('error', () => {});
  socket.on('data', () => {});
  socket.on('connect', () => socket.write(Buffer.from(kinds[n % kinds.length], 'base64')));
  socket.on('close', () => {
    sockets.delete(n);
    setTimeout(open, 1_000, n);
  });
};
for (let n = 0; n < Number(count); n += 1) open(n);
setInterval(() => {
  const connected = [...sockets.values()].filter(({ readyState }) => readyState === 'open').length;
  process.stdout.write(`${JSON.stringify({ connected })}\n`);
}, 250);
process.stdin.on('end', () => process.exit(0)).resume();
