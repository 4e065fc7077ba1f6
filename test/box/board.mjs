// A Modbus RTU board behind a serial server (TCP): the arm is down, every other input is off, until it is told else. A process of its own, because
// it must answer while a test waits for a command.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

/** The first answer may have been on its way, and a change counts when it was read twice. */
const SEEN_AFTER = 4;
const SELF = fileURLToPath(import.meta.url);

export function startBoard() {
  const child = spawn(process.execPath, [SELF], { stdio: ['pipe', 'pipe', 'inherit'] });
  const said = new Promise((resolve) => child.stdout.once('data', resolve));
  return said.then((port) => ({
    port: Number(port),
    /** Resolves when it has been asked for these inputs so often that they were seen. */
    set: (inputs) => {
      const seen = new Promise((resolve) => child.stdout.once('data', resolve));
      child.stdin.write(`${inputs}\n`);
      return seen;
    },
    close: () => child.kill('SIGKILL'),
  }));
}

function answer() {
  let inputs = 1;
  let unseen = 0;
  process.stdin.on('data', (line) => {
    inputs = Number(line);
    unseen = SEEN_AFTER;
  });
  const server = createServer((socket) => {
    let bytes = Buffer.alloc(0);
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      for (; bytes.length >= 8; bytes = bytes.subarray(8)) {
        socket.write(answerTo(bytes, inputs));
        if (bytes[1] !== 2 || unseen === 0) continue;
        unseen -= 1;
        if (unseen === 0) process.stdout.write('seen\n');
      }
    });
  });
  // Whoever started it is gone.
  process.stdin.resume().on('end', () => process.exit());
  server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
}

/** The answer to the request that `bytes` begins with, of a board whose inputs are the bits of `inputs`. */
export function answerTo(bytes, inputs) {
  const [unit, code] = bytes;
  const quantity = bytes.readUInt16BE(4);
  const data = Buffer.alloc(code <= 2 ? Math.ceil(quantity / 8) : 2 * quantity);
  // By this register the board is known.
  if (bytes.readUInt16BE(2) === 0x4000) data[1] = 1;
  if (code === 2) data[0] = inputs;
  const frame = Buffer.concat([Buffer.from([unit, code, data.length]), data]);
  return Buffer.concat([frame, crc(frame)]);
}

function crc(bytes) {
  let value = 0xffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit += 1) value = (value >> 1) ^ (value & 1 ? 0xa001 : 0);
  }
  return Buffer.from([value & 0xff, value >> 8]);
}

if (process.argv[1] === SELF) answer();
