/** The inputs `lanewarden probe` shows of a board that missed an answer; a real pty. */
import { SerialPort } from 'serialport';
import { expect, it, onTestFinished } from 'vitest';
import { DRIVER_KINDS } from '../../drivers/index.ts';
import { systemClock } from '../../src/clock.ts';
import { readLevels } from '../../src/commission/levels.ts';
import { searchableOf } from '../../src/commission/searchable.ts';
import { createWaveshareBoard } from '../../src/sim/devices/modbus-slave.ts';
import { ptyPair } from '../line/pty.ts';

/** Read from a board whose answers are lost on the wire where `isLost` says so of the first, the second, and so on. */
async function levelsWhile(isLost: (answer: number) => boolean) {
  const { kind, profiles } = searchableOf(DRIVER_KINDS, '/nonexistent.yaml');
  const pair = await ptyPair();
  onTestFinished(() => pair.end());
  const far = new SerialPort({ path: pair.far, baudRate: 115_200 });
  onTestFinished(() => new Promise<void>((resolve) => far.close(() => resolve())));
  const board = createWaveshareBoard({ unit: 3, inputs: () => [true, false] });
  let answered = 0;
  far.on('data', (bytes: Buffer) => {
    for (const answer of board.receive(bytes)) {
      answered += 1;
      if (!isLost(answered)) far.write(Buffer.from(answer));
    }
  });
  const device = { kind, profile: profiles.get('waveshare-modbus-rtu-io-8ch'), unit: 3 };
  const settings = { port: pair.near, baudRate: 115_200, dataBits: 8, parity: 'none', stopBits: 1 } as const;
  const clock = systemClock();
  // It gives up sooner.
  const hasty = { ...clock, sleep: (ms: number, signal?: AbortSignal) => clock.sleep(Math.min(ms, 2_000), signal) };
  const parts = { clock: hasty, signal: new AbortController().signal };
  return { ...(await readLevels(device, settings, parts)), answered };
}

it('reads on after lost answers', async () => {
  // Of the first look at the inputs, and both tries of the next question.
  const { levels, answered } = await levelsWhile((answer) => [3, 5, 6].includes(answer));
  expect(answered).toBeGreaterThan(6);
  expect(levels).toMatchObject({ di1: true, di2: false });
});

it('says so when nothing more is answered', async () => {
  await expect(levelsWhile((answer) => answer > 2)).rejects.toMatchObject({ name: 'LinkError', code: 'timeout' });
});
