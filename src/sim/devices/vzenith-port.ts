/**
 * TCP port 8131 of a Vzenith camera, as far as pictures go (devices.md 6.4): answers `get_snapshot`, and counts what must never come.
 * It must not know the program's codec.
 */
import { type AddressInfo, createServer, type Socket } from 'node:net';

export interface VzenithPort {
  readonly port: number;
  /** Requests that would have done something. There must be none, ever. */
  readonly commandsSeen: readonly string[];
  close(): Promise<void>;
}

const HEADER_BYTES = 8;
const READS: ReadonlySet<unknown> = new Set(['get_snapshot', 'ivsresult', 'get_gpio_value', 'getivsresult']);

/** `picture`: of now; undefined: the camera is dead and answers nothing. */
export async function openVzenithPort(picture: () => Promise<Buffer | undefined>): Promise<VzenithPort> {
  const commandsSeen: string[] = [];
  const sockets = new Set<Socket>();
  const answer = async (socket: Socket, text: string): Promise<void> => {
    const { cmd, id } = JSON.parse(text) as { readonly cmd?: string; readonly id?: string };
    if (!READS.has(cmd)) commandsSeen.push(text);
    if (cmd !== 'get_snapshot') return;
    const bytes = await picture();
    if (bytes === undefined || socket.destroyed) return;
    const result = { cmd, id, state_code: 200, imgformat: 'jpg', imgdata: bytes.toString('base64') };
    const body = Buffer.from(JSON.stringify(result));
    const header = Buffer.from([0x56, 0x5a, 0, 0, 0, 0, 0, 0]);
    header.writeUInt32BE(body.length, 4);
    socket.write(Buffer.concat([header, body]));
  };
  const server = createServer((socket) => {
    let heard = Buffer.alloc(0);
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes) => {
      heard = Buffer.concat([heard, bytes]);
      while (heard.length >= HEADER_BYTES && heard.length >= HEADER_BYTES + heard.readUInt32BE(4)) {
        const end = HEADER_BYTES + heard.readUInt32BE(4);
        const text = heard.subarray(HEADER_BYTES, end).toString('utf8');
        if (heard[2] === 0) answer(socket, text).catch(() => socket.destroy());
        heard = heard.subarray(end);
      }
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    commandsSeen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
