/** A lane that has never heard of a payment, through the whole program: on a real serial path, at a platform in a process of its own. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { carLetOutByButton, polled } from './board.ts';
import { laneOnPty, run } from './lane.ts';
import { eventually, program } from './processes.ts';

it('sends nothing that rests on that by itself, sends what a person says, and has the signature of an installer in the audit log', async () => {
  const { folder, wired, platform, config } = await laneOnPty('unproven-secret');
  const signed = readFileSync(config, 'utf8');
  writeFileSync(config, signed.replace(/^ *reporting: .*\n/m, ''));
  const store = join(folder, 'state');
  const first = run(config);
  await polled(wired.board, first);
  await carLetOutByButton(wired, first);
  await first.says('kept back: opened by the button');
  expect((await first.end('SIGTERM')).code, first.output()).toBe(0);
  expect(platform.records()).toEqual([]);

  const listed = program(['queue', 'ls', '--state', 'kept', '--json', '--store', store]);
  expect(await listed.ended, listed.output()).toBe(0);
  const [kept] = JSON.parse(listed.output()) as { readonly id: number; readonly serial: string }[];
  const sent = program(['queue', 'retry', String(kept?.id), '--by', '张三', '--store', store]);
  expect(await sent.ended, sent.output()).toBe(0);

  writeFileSync(config, signed);
  const second = run(config);
  await second.says('reports “nobody paid” from now on: signed (tester: nothing tells of payments)');
  await eventually('the platform has what a person sent', () => platform.records().length === 1, second.output);
  expect(platform.records()[0]).toMatchObject({ fields: { parking_serial: kept?.serial } });
  const audit = readFileSync(join(store, 'page/audit.jsonl'), 'utf8');
  expect(audit).toContain('tester');
  expect((await second.end('SIGTERM')).code, second.output()).toBe(0);
});
