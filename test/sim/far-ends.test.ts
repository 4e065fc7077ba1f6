/** What stands between a board or a camera and the network: the Modbus TCP header, the digest login, the answers of port 8131. */
import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { DIGEST_CHALLENGE, isLoggedIn } from '../../src/sim/devices/digest.ts';
import { createWaveshareBoard } from '../../src/sim/devices/modbus-slave.ts';
import { createModbusTcp } from '../../src/sim/devices/modbus-tcp.ts';
import { openVzenithPort } from '../../src/sim/devices/vzenith-port.ts';

const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex');
const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));

describe('a board behind Modbus TCP', () => {
  const board = createWaveshareBoard({ inputs: () => [true, false, true] });
  it('answers with the header of the request and no checksum', () => {
    const device = createModbusTcp(board);
    const [answer] = device.receive(bytes('1234 0000 0006 01 02 0000 0008'));
    expect(hex(answer)).toBe('1234000000040102' + '0105');
  });

  it('in pieces, two at a time, and not at all for what is no Modbus', () => {
    const device = createModbusTcp(board);
    expect(device.receive(bytes('0001 0000 00'))).toEqual([]);
    expect(device.receive(bytes('06 01 02 0000 0008 0002 0000 0006 01 02 0000 0008')).map(hex)).toEqual([
      '00010000000401020105',
      '00020000000401020105',
    ]);
    expect(device.receive(bytes('0001 0700 0006 01 02 0000 0008'))).toEqual([]);
    expect(device.receive(bytes('0003 0000 0006 01 02 0000 0008')).map(hex)).toEqual(['00030000000401020105']);
  });

  it('counts what would write', () => {
    createModbusTcp(board).receive(bytes('0001 0000 0006 01 05 0000 ff00'));
    expect(board.commandsSeen).toHaveLength(1);
  });
});

describe('a digest login', () => {
  const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
  const header = (password: string): string => {
    const [, realm = ''] = /realm="([^"]*)"/.exec(DIGEST_CHALLENGE) ?? [];
    const [, nonce = ''] = /nonce="([^"]*)"/.exec(DIGEST_CHALLENGE) ?? [];
    const proof = md5(`${md5(`me:${realm}:${password}`)}:${nonce}:00000001:abc:auth:${md5('GET:/picture')}`);
    return `Digest username="me", realm="${realm}", nonce="${nonce}", uri="/picture", qop=auth, nc=00000001, cnonce="abc", response="${proof}"`;
  };
  it('is right only with the password', () => {
    const login = { user: 'me', password: 'secret' };
    expect(isLoggedIn(header('secret'), 'GET', login)).toBe(true);
    expect(isLoggedIn(header('guess'), 'GET', login)).toBe(false);
    expect(isLoggedIn(header('secret'), 'POST', login)).toBe(false);
    expect(isLoggedIn('Basic bWU6c2VjcmV0', 'GET', login)).toBe(false);
    expect(isLoggedIn(undefined, 'GET', login)).toBe(false);
  });
});

describe('port 8131', () => {
  it('gives a picture, and counts what would open a gate', async () => {
    const port = await openVzenithPort(async () => Buffer.from('a picture'));
    const packet = (request: object): Buffer => {
      const body = Buffer.from(JSON.stringify(request));
      const head = Buffer.from([0x56, 0x5a, 0, 0, 0, 0, 0, body.length]);
      return Buffer.concat([head, body]);
    };
    const socket = connect(port.port, '127.0.0.1');
    const answered = new Promise<Buffer>((resolve) => socket.once('data', resolve));
    socket.write(packet({ cmd: 'ioctl', io: 0, value: 2 }));
    socket.write(packet({ cmd: 'get_snapshot', id: 'x' }));
    const answer = JSON.parse((await answered).subarray(8).toString()) as { readonly imgdata: string };
    expect(Buffer.from(answer.imgdata, 'base64').toString()).toBe('a picture');
    expect(port.commandsSeen).toHaveLength(1);
    socket.destroy();
    await port.close();
  });
});
