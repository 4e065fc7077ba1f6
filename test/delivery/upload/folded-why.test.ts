import { expect, test } from 'vitest';
import { foldedWhy } from '../../../src/text/cloud.ts';

test("a whole signed text is apart from the sentence, the platform's short words stay in it", () => {
  const signed = `1401 gate_id=1001&plate=${'x'.repeat(400)}&app_secret=***`;
  const long = foldedWhy(`signature: ${signed}`);
  expect(long.detail).toBe(signed);
  expect(long.why.zh).toMatch(/^平台说签名不对/);
  expect(long.why.zh + long.why.en).not.toContain('gate_id');
  const short = foldedWhy('dns: ENOTFOUND');
  expect(short.detail).toBeUndefined();
  expect(short.why.en).toContain('ENOTFOUND');
});
