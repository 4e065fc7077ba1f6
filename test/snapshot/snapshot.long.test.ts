/** The frame around changes that are meant to change nothing: it notices one text, one default, one message. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../store/open.ts';

const root = process.cwd();

/** A checkout whose built program may be changed. */
function checkout(): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'src/delivery'), { recursive: true });
  for (const name of ['node_modules', 'deploy', 'drivers', 'test', 'package.json', 'src/delivery/profiles'])
    symlinkSync(join(root, name), join(folder, name));
  cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
  return folder;
}

function change(folder: string, file: string, from: string, to: string): void {
  const path = join(folder, 'dist/src', file);
  const text = readFileSync(path, 'utf8');
  expect(text, `${file} has ${from}`).toContain(from);
  writeFileSync(path, text.replaceAll(from, to));
}

function snapshot(folder: string, parts: string) {
  const words = [join(root, 'test/snapshot/snapshot.mjs'), '--only', parts];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { cwd: folder, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

it('the snapshot of an unchanged program is the same, and one changed text, default or message is named', () => {
  const folder = checkout();
  const parts = 'texts,configuration,wire';
  expect(snapshot(folder, parts)).toMatchObject({ status: 0 });
  const again = snapshot(folder, parts);
  expect(again.output).toContain('the same as .snapshot');
  expect(again.status).toBe(0);

  change(folder, 'text/lanes/lane.made.js', '按钮开闸', '按扭开闸');
  change(folder, 'lane/settings.js', "'settleMs', 5 *", "'settleMs', 6 *");
  change(folder, 'delivery/destination/webhook.js', 'webhook-timestamp', 'webhook-time');
  const changed = snapshot(folder, parts);
  expect(changed.output).toMatch(/differs: texts\/literals\.txt/);
  expect(changed.output).toMatch(/differs: configuration\//);
  expect(changed.output).toMatch(/differs: wire\/requests\.json/);
  expect(changed.status).toBe(1);
});
