// The board of test/box in this process, behind a serial server (TCP) or the socket of a virtual serial port: its inputs are `inputs`, off at
// first; `isSilent`: it answers nothing.
import { createServer } from 'node:net';
import { answerTo } from '../box/board.mjs';

export function startBoard() {
  const board = { port: 0, inputs: 0, requests: 0, isSilent: false, close: () => server.close() };
  const server = createServer((socket) => {
    let bytes = Buffer.alloc(0);
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      for (; bytes.length >= 8; bytes = bytes.subarray(8)) {
        board.requests += 1;
        if (!board.isSilent) socket.write(answerTo(bytes, board.inputs));
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
