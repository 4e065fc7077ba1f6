/** "Give a capture" of a wire: what goes over it for a board becomes the transcript that the board was played from. */
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { WireCapture } from '../../src/ui/signals/wire-capture.ts';
import { type Transcript, transcripts } from '../drivers/transcript.ts';

const board = transcripts().find(({ profile }) => profile === 'waveshare-modbus-rtu-io-8ch') as Transcript;
const device = { id: 'io1', kind: 'modbus', profile: board.profile as string, unit: 1 };

/** A header of Modbus TCP in the place of the checksum. */
const asTcp = (rtu: string): string => {
  const body = rtu.toLowerCase().split(' ').slice(0, -2);
  return ['00', '07', '00', '00', '00', body.length.toString(16).padStart(2, '0'), ...body].join(' ');
};

it.each([
  ['/dev/ttyUSB0', (hex: string) => hex.toLowerCase()],
  ['modbus-tcp://192.168.1.9:502', asTcp],
])('of %s', (port, written) => {
  const capture = new WireCapture({ id: 'line', port, devices: [device] });
  let levels: Readonly<Record<string, boolean>> | undefined;
  const frame = (direction: 'out' | 'in', hex: string): void =>
    capture.add({ line: 'line', atWallMs: 0, direction, hex: written(hex) }, (id) =>
      id === device.id ? levels : undefined,
    );
  for (const look of board.looks) {
    for (const { ask, answer } of [...board.exchanges, ...(look.exchanges ?? [])]) {
      frame('out', ask);
      frame('in', answer);
    }
    levels = look.levels;
  }
  frame('out', '01 02 00 00 00 08 79 CC');
  const [file, ...others] = capture.transcripts();
  expect([file?.name, others]).toEqual([`${device.profile}-io1.yaml`, []]);
  const given = parse(file?.text ?? '') as Transcript;
  const bytes = (all: Transcript['exchanges'] = []) => all.map(({ ask, answer }) => `${ask} > ${answer}`).sort();
  expect(given).toMatchObject({ kind: 'modbus', profile: device.profile, device: { unit: 1 } });
  expect(bytes(given.exchanges)).toEqual(bytes(board.exchanges));
  const shown = ({ looks }: Transcript) => looks.map((look) => ({ bytes: bytes(look.exchanges), levels: look.levels }));
  expect(shown(given)).toEqual(expect.arrayContaining(shown(board)));
  expect(file?.text).not.toMatch(/192\.168|ttyUSB/);
});
