import { readFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { openGate } from './gate.ts';

const text = readFileSync(new URL('../../docs/intake.md', import.meta.url), 'utf8');
const examples = [...text.matchAll(/curl -sS http:\/\/[^/]+(\/api\S+) .*?-d '(.*?)'/gs)].map((match) => ({
  path: match[1] ?? '',
  body: match[2] ?? '',
}));
const gate = await openGate();
afterAll(() => gate.close());

test('docs/intake.md has an example of everything', () => {
  expect(examples).toHaveLength(5);
});

test.each(examples)('what docs/intake.md sends to $path is accepted (%#)', async ({ path, body }) => {
  const answer = await gate.post(path, body);
  expect(answer.status).toBe(202);
  const statuses = answer.body.results?.map(({ status }) => status) ?? [answer.body.status];
  expect(new Set(statuses)).toEqual(new Set(['accepted']));
});
