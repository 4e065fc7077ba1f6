// A broker that takes every connection and then floods it: flooding-broker.mjs pings | messages | long. It says its port.
import { createServer } from 'node:net';

const [how] = process.argv.slice(2);
const CONNACK = { 4: [0x20, 2, 0, 0], 5: [0x20, 3, 0, 0, 0] };
/** PUBLISH of a byte to the topic `a` at QoS 0. */
const MESSAGE = { 4: [0x30, 4, 0, 1, 0x61, 0x62], 5: [0x30, 5, 0, 1, 0x61, 0, 0x62] };
const times = (count, bytes) => Buffer.concat(Array(count).fill(Buffer.from(bytes)));

function flood(socket, version) {
  // One message of 268 MB: an odd number of bytes, five of them here.
  if (how === 'long') socket.write(Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f, 0, 1, 0x61, 0, 0]));
  const chunks = {
    pings: () => times(1 << 19, [0xd0, 0]),
    messages: () => times(1 << 17, MESSAGE[version]),
    long: () => times(1 << 19, [0xd0, 0]),
  };
  const chunk = chunks[how]();
  const write = () => {
    while (socket.writable && socket.write(chunk));
    socket.once('drain', write);
  };
  write();
}

const server = createServer((socket) => {
  let version = 4;
  socket.on('error', () => undefined);
  socket.on('data', (bytes) => {
    if (bytes[0] === 0x10) {
      version = bytes[bytes.indexOf('MQTT') + 4] ?? 4;
      socket.write(Buffer.from(CONNACK[version]));
    } else if (bytes[0] === 0x82) {
      const id = bytes.subarray(2, 4);
      socket.write(Buffer.from(version === 5 ? [0x90, 4, ...id, 0, 1] : [0x90, 3, ...id, 1]));
      // As the client acts on the subscription.
      setTimeout(() => flood(socket, version), 200);
    }
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
