/** The simulated I/O board against the frames printed by its maker (devices, section 3.1). */
import { describe, expect, it } from 'vitest';
import { createLaneBoard } from '../../src/sim/devices/board.ts';
import { createWaveshareBoard } from '../../src/sim/devices/modbus-slave.ts';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const hex = (frames: readonly Uint8Array[]): string[] => frames.map((frame) => Buffer.from(frame).toString('hex'));
const plain = (...frames: string[]): string[] => frames.map((frame) => frame.replaceAll(' ', '').toLowerCase());
const board = (inputs: readonly boolean[] = []) => createWaveshareBoard({ inputs: () => inputs });

describe('the frames of the manual', () => {
  it('reads eight relays, all off', () => {
    expect(hex(board().receive(bytes('01 01 00 00 00 08 3D CC')))).toEqual(plain('01 01 01 00 51 88'));
  });

  it('reads eight inputs, the first in the lowest bit', () => {
    const [reply] = board([true, false, true]).receive(bytes('01 02 00 00 00 08 79 CC'));
    expect(hex([reply as Uint8Array])[0]).toMatch(/^01020105/);
    expect(reply).toHaveLength(6);
  });

  it('reads the version by broadcast, and answers under unit 0', () => {
    expect(hex(board().receive(bytes('00 03 80 00 00 01 AC 1B')))).toEqual(plain('00 03 02 00 C8 84 12'));
  });

  it('reads the modes of all channels', () => {
    const modes = [0, 1, 2, 3, 0, 0, 0, 1];
    const [reply] = createWaveshareBoard({ inputs: () => [], modes }).receive(bytes('01 03 10 00 00 08 40 CC'));
    const expected = ['01', '03', '10', ...modes.map((mode) => `000${mode}`)].join('');
    expect(
      Buffer.from(reply as Uint8Array)
        .toString('hex')
        .slice(0, -4),
    ).toBe(expected);
  });
});

describe('what it refuses', () => {
  it.each([
    ['a function it does not have', '01 04 00 00 00 01 31 CA', '01 84 01 82 C0'],
    ['an input it does not have', '01 02 00 08 00 01 38 08', '01 82 02 C1 61'],
    ['no inputs at all', '01 02 00 00 00 00 78 0A', '01 82 03 00 A1'],
    ['a register it does not have', '01 03 00 00 00 01 84 0A', '01 83 02 C0 F1'],
  ])('%s', (_, request, reply) => {
    expect(hex(board().receive(bytes(request)))).toEqual(plain(reply));
  });

  it.each([['01 05 00 00 FF 00 8C 3A'], ['01 05 02 00 00 07 8D B0'], ['00 06 40 00 00 01 5C 1B']])(
    'the command %s, and remembers it',
    (command) => {
      const seen = board();
      const replies = seen.receive(bytes(command));
      expect(hex(seen.commandsSeen)).toEqual(plain(command));
      expect(replies.every((reply) => ((reply[1] ?? 0) & 0x80) !== 0)).toBe(true);
    },
  );

  it('a request with a wrong checksum, in silence', () => {
    const deaf = board();
    expect(deaf.receive(bytes('01 02 00 00 00 08 79 CD'))).toEqual([]);
    expect(deaf.answered).toBe(0);
  });

  it('requests for others, in silence', () => {
    expect(createWaveshareBoard({ inputs: () => [], unit: 2 }).receive(bytes('01 02 00 00 00 08 79 CC'))).toEqual([]);
  });
});

describe('finding a request', () => {
  const request = bytes('01 02 00 00 00 08 79 CC');

  it('byte by byte', () => {
    const listener = board();
    const replies = [...request].flatMap((byte) => listener.receive(Uint8Array.of(byte)));
    expect(replies).toHaveLength(1);
  });

  it('behind noise, the answer of another unit, and half a request', () => {
    const before = [bytes('FF 00 01'), bytes('02 02 01 00 A1 CC'), request.slice(0, 5)];
    const listener = board();
    expect(before.flatMap((piece) => listener.receive(piece))).toEqual([]);
    expect(listener.receive(request)).toHaveLength(1);
  });

  it('twice in one piece', () => {
    expect(board().receive(Uint8Array.from([...request, ...request]))).toHaveLength(2);
  });

  it('after a flood that never becomes a request', () => {
    const listener = board();
    for (let count = 0; count < 100; count += 1) listener.receive(new Uint8Array(64).fill(0xa5));
    expect(listener.receive(request)).toHaveLength(1);
  });

  it('not without power', () => {
    const off = board();
    off.powered = false;
    expect(off.receive(request)).toEqual([]);
    off.powered = true;
    expect(off.receive(request)).toHaveLength(1);
  });
});

it('shows the contacts of a lane at its terminals, as they are at the moment of the request', () => {
  const levels = {
    ...{ down: true, up: false, approach: false, barrier: true, exit: false },
    ...{ auto: false, button: true, remote: false, fire: false, mains: true },
  };
  const wired = createLaneBoard({ levels: () => levels });
  const inputs = () => wired.receive(bytes('01 02 00 00 00 08 79 CC'))[0]?.[3];
  expect(inputs()).toBe(0b0010_1001);
  levels.barrier = false;
  levels.exit = true;
  expect(inputs()).toBe(0b1010_0001);
});
