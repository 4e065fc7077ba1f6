/** kill -9 at many random moments under load: every acknowledged release is at the platform exactly once at the end, with its frame. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { ofMinutes } from '../at-length.ts';
import { testPlatform } from '../delivery/upload/platform.ts';
import { dist, temporaryFolder } from './open.ts';

const KILLS = ofMinutes(200, 60);
const CHAINS = 2;
/** After the first sign of life; a run takes some 30 ms to its first acknowledged record. */
const LONGEST_MS = 80;

interface Acknowledged {
  readonly puts: Map<string, string>;
  readonly pictures: Set<string>;
}

async function runOnce(arguments_: string[], killAfterMs: number | undefined, acknowledged: Acknowledged) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'crash-child.mjs'), ...arguments_], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    const [kind, id = '', serial = ''] = line.split(' ');
    if (kind === 'R' && killAfterMs !== undefined) setTimeout(() => child.kill('SIGKILL'), killAfterMs);
    if (kind === 'P' && serial !== '') acknowledged.puts.set(id, serial);
    if (kind === 'A') acknowledged.pictures.add(id);
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  expect({ code, signal, complaint }).toEqual(
    killAfterMs === undefined
      ? { code: 0, signal: null, complaint: '' }
      : { code: null, signal: 'SIGKILL', complaint: '' },
  );
}

it(`kill -9 at ${KILLS} random moments loses nothing and doubles nothing`, async () => {
  const platform = await testPlatform();
  const chain = async (name: string): Promise<Acknowledged> => {
    const acknowledged: Acknowledged = { puts: new Map(), pictures: new Set() };
    const folder = temporaryFolder();
    for (let run = 0; run < KILLS / CHAINS; run += 1) {
      const killAfterMs = Math.floor(Math.random() * LONGEST_MS);
      await runOnce([dist, folder, platform.url, `${name}${run}`, 'load'], killAfterMs, acknowledged);
    }
    await runOnce([dist, folder, platform.url, 'end', 'drain'], undefined, acknowledged);
    return acknowledged;
  };
  const chains = await Promise.all(Array.from({ length: CHAINS }, (_, index) => chain('ab'.charAt(index))));

  const bySerial = platform.kept;
  const serialsOf = new Map<string, string[]>();
  for (const [serial, { fields }] of bySerial) {
    const id = fields.reason ?? '';
    serialsOf.set(id, [...(serialsOf.get(id) ?? []), serial]);
  }
  let records = 0;
  for (const { puts, pictures } of chains) {
    records += puts.size;
    for (const [id, serial] of puts) expect(serialsOf.get(id), `release ${id}`).toEqual([serial]);
    for (const id of pictures) {
      const text = bySerial
        .get(puts.get(id) ?? '')
        ?.picture?.subarray(25, 25 + 128)
        .toString();
      expect(text, `picture of ${id}`).toBe(createHash('sha512').update(id).digest('hex'));
    }
  }
  // The load was one: otherwise the test proves nothing.
  expect(records).toBeGreaterThan(KILLS / 4);
  expect([...serialsOf.values()].filter((serials) => serials.length !== 1)).toEqual([]);
});
