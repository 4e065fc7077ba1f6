// Registers a kind of device whose loop stops for ever after a few polls (node --import): the mistake a watchdog is for.
import { z } from 'zod';
import { DRIVER_KINDS } from '../../dist/drivers/index.js';

DRIVER_KINDS.push({
  kind: 'stuck',
  schema: z.strictObject({ unit: z.int() }),
  wireUse: () => ({ everyMs: 50, turns: [{ requestBytes: 8, answerBytes: 6, turnaroundMs: 0, gapMs: 0 }] }),
  create: ({ unit }, { bus, clock }) => ({
    points: ['di1'],
    async run(report, signal) {
      for (let polls = 0; polls < 5 && !signal.aborted; polls += 1) {
        const request = Uint8Array.from([unit, 2, 0, 0, 0, 8]);
        await bus.exchange(request, (bytes) => ({ frame: bytes, used: bytes.length }), 200).catch(() => undefined);
        report({ kind: 'level', point: 'di1', value: false, atMs: clock.nowMs(), uncertaintyMs: 50 });
      }
      await new Promise(() => undefined);
    },
  }),
});
