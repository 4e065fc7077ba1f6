/** The bytes of a wire in words. Frames with their checksums are those of devices.md, 3.1. */
import { expect, it } from 'vitest';
import { createFrameDescriber } from '../../drivers/modbus/describe-frames.ts';
import { wireText } from '../../src/text/wire.ts';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const words = (describeFrames: ReturnType<typeof createFrameDescriber>, direction: 'in' | 'out', hex: string) =>
  describeFrames(direction, bytes(hex)).map(({ meaning }) => wireText(meaning).en);

it('pairs an answer with its question', () => {
  const describeFrames = createFrameDescriber('serial');
  expect(words(describeFrames, 'out', '01 01 00 00 00 08 3D CC')).toEqual(['asks unit 1: read coils (FC1) 0x0000×8']);
  expect(words(describeFrames, 'in', '01 01 01 00 51 88')).toEqual([
    'answers unit 1: read coils (FC1) 0x0000×8 = 00000000',
  ]);
});

it('takes apart what another master and its board said in one piece, and names a command', () => {
  const describeFrames = createFrameDescriber('serial');
  const pieces = describeFrames('in', bytes('01 05 00 00 FF 00 8C 3A 01 01 00 00 00 08 3D CC 01 01 01 00 51 88'));
  expect(pieces.map(({ meaning }) => meaning.kind)).toEqual(['command', 'read', 'values']);
  expect(pieces.map(({ bytes: { length } }) => length)).toEqual([8, 8, 6]);
});

it('shows noise as noise, whole, and finds the frame behind it', () => {
  const describeFrames = createFrameDescriber('serial');
  const pieces = describeFrames('in', bytes('55 AA 03 01 01 00 00 00 08 3D CC'));
  expect(pieces.map(({ meaning, bytes: piece }) => [meaning.kind, piece.length])).toEqual([
    ['broken', 3],
    ['read', 8],
  ]);
});

it('reads a refusal and a Modbus TCP header', () => {
  const describeFrames = createFrameDescriber('modbus-tcp');
  expect(words(describeFrames, 'out', '00 01 00 00 00 06 01 02 00 00 00 08')).toEqual([
    'asks unit 1: read inputs (FC2) 0x0000×8',
  ]);
  expect(words(describeFrames, 'in', '00 01 00 00 00 03 01 82 02')).toEqual([
    'refuses unit 1: read inputs (FC2): no such address (2)',
  ]);
});
