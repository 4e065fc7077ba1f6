// A database server that answers without end: lying-server.mjs postgres | mysql | sqlserver. It says its port.
import { createServer } from 'node:net';

const [dialect] = process.argv.slice(2);

/** The kind, then the length with itself. */
function postgres(kind, content) {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length + 4);
  return Buffer.concat([Buffer.from(kind), length, content]);
}
const column = Buffer.from([0, 1, 0x61, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 25, 255, 255, 255, 255, 255, 255, 0, 0]);
/** Lets in whoever comes; then a row of one value of 1 GB. */
const WELCOME = [postgres('R', Buffer.alloc(4)), postgres('Z', Buffer.from('I'))];
const parsed = [postgres('1', Buffer.alloc(0)), postgres('2', Buffer.alloc(0)), postgres('T', column)];
const ROW = [...parsed, Buffer.from([0x44, 0x3f, 255, 255, 255, 0, 1, 0x3f, 255, 255, 0])];

const pieces = {
  postgres: Buffer.alloc(1 << 20, 0x61),
  // Its first word is a packet of 16 MB.
  mysql: Buffer.concat([Buffer.from([255, 255, 255, 0]), Buffer.alloc((1 << 24) - 1, 0x61)]),
  // A packet of an answer that has more packets.
  sqlserver: Buffer.concat([Buffer.from([4, 0, 255, 255, 0, 0, 1, 0]), Buffer.alloc(65_527, 0x61)]),
};

function flood(socket) {
  const write = () => {
    while (socket.writable && socket.write(pieces[dialect]));
    socket.once('drain', write);
  };
  write();
}

const server = createServer((socket) => {
  socket.on('error', () => undefined);
  if (dialect === 'mysql') return flood(socket);
  socket.once('data', () => {
    if (dialect === 'sqlserver') return flood(socket);
    socket.write(Buffer.concat(WELCOME));
    socket.once('data', () => {
      socket.write(Buffer.concat(ROW));
      flood(socket);
    });
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
