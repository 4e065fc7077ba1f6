/** Ten minutes of requests made to hold up the lanes (`npm run proof -- stories`); MINUTES=1 takes one. */
import { expect, it } from 'vitest';
import { latenessUnder } from './hostile.ts';
import { pageBox } from './page-box.ts';

const MS = Number(process.env.MINUTES ?? 10) * 60_000;

it(
  'a week of hostile requests, compressed, never makes the lanes late',
  async () => {
    const box = await pageBox();
    try {
      const lateness = await latenessUnder(box, MS);
      console.log(lateness);
      expect(lateness.p999Ms, JSON.stringify(lateness)).toBeLessThan(100);
    } finally {
      await box.close();
    }
  },
  MS * 3,
);
