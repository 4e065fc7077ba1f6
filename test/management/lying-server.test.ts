/** A database server, or whoever answers at its address, whose answer has no end: no library counts it, and it would take the memory of the lanes. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const script = (name: string): string => join(import.meta.dirname, name);

it.each(['postgres', 'mysql', 'sqlserver'])('%s is cut off at more than a page can have', async (dialect) => {
  const server = spawn(process.execPath, [script('lying-server.mjs'), dialect], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [port] = await once(server.stdout, 'data');
  const { stdout } = await promisify(execFile)(process.execPath, [script('lied-to.mjs'), dialect, String(port).trim()]);
  server.kill();
  const { answer, grownMb } = JSON.parse(stdout);
  expect(answer).toEqual({ fault: 'the answer is too long: over 2 MB', known: 'tooLong' });
  // Of that some 50 are the thread and the library. Before, PostgreSQL's grew to 930 within four seconds.
  expect(grownMb).toBeLessThan(200);
});
