// A Modbus RTU board behind a serial server (TCP, or the socket of a virtual serial port): its inputs are `inputs`, off at first;
// `isSilent`: it answers nothing. Enough for a program to read something.
import { createServer } from 'node:net';

export function startBoard() {
  const board = { port: 0, inputs: 0, requests: 0, isSilent: false, close: () => server.close() };
  const server = createServer((socket) => {
    let bytes = Buffer.alloc(0);
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      for (; bytes.length >= 8; bytes = bytes.subarray(8)) {
        const [unit, code] = bytes;
        const quantity = bytes.readUInt16BE(4);
        const data = Buffer.alloc(code <= 2 ? Math.ceil(quantity / 8) : 2 * quantity);
        if (code <= 2) data[0] = board.inputs;
        board.requests += 1;
        if (board.isSilent) continue;
        // By this register the board is known.
        if (bytes.readUInt16BE(2) === 0x4000) data[1] = 1;
        const answer = Buffer.concat([Buffer.from([unit, code, data.length]), data]);
        socket.write(Buffer.concat([answer, crc(answer)]));
      }
    });
  });
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => {
      board.port = server.address().port;
      resolve(board);
    }),
  );
}

function crc(bytes) {
  let value = 0xffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit += 1) value = (value >> 1) ^ (value & 1 ? 0xa001 : 0);
  }
  return Buffer.from([value & 0xff, value >> 8]);
}
