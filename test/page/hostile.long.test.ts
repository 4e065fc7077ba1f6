/** Half a minute of any requests at a running box; `npm run proof -- requests` takes ten. */
import { expect, it } from 'vitest';
import { latenessUnder } from './hostile.ts';
import { pageBox } from './page-box.ts';

it('no request at any route makes the lanes late or ends the program', async () => {
  // A text has less time than usual, so that more of them come in.
  const box = await pageBox({ parseLimits: { longestMs: 600 } });
  try {
    const lateness = await latenessUnder(box, 30_000, Math.trunc(Date.now() / 1_000) % 1_000_000, 31);
    // Only what this thread computes counts: that the machine is busy is in no figure.
    expect(lateness.p999Ms, JSON.stringify(lateness)).toBeLessThan(100);
    process.stdout.write(`${JSON.stringify(lateness)}\n`);
  } finally {
    await box.close();
  }
});
