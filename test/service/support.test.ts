/** The support file has what support asks for and no secret, whatever is broken on the box. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { openStore } from '../../src/store/store.ts';
import { keepCardSpeed, measureCard, measureOnce, readCardSpeed } from '../../src/system/disk-speed.ts';
import { redactor } from '../../src/system/redact.ts';
import { supportFile } from '../../src/system/support-file.ts';
import { handClock } from '../sim/hand-clock.ts';
import { storeThread, temporaryFolder } from '../store/open.ts';

const CANARY = 'canary "4711" 密';

describe('what leaves the box', () => {
  it('has no secret in any form it may be written in', () => {
    const redact = redactor([CANARY, 'abc']);
    for (const form of [
      CANARY,
      encodeURIComponent(CANARY),
      JSON.stringify({ said: CANARY }),
      Buffer.from(CANARY).toString('base64'),
      Buffer.from(CANARY).toString('hex'),
    ])
      expect(redact(`before ${form} after`)).toMatch(/before .*\*\*\*.* after/);
    expect(redact('abc is too short to be masked everywhere')).toContain('abc');
  });

  it('has no password of an address, no token of somebody, no whole plate', () => {
    const redact = redactor([]);
    expect(redact('rtsp://admin:pa55@192.0.2.64/1')).toBe('rtsp://***@192.0.2.64/1');
    expect(redact('Authorization: Bearer-xyz')).toBe('Authorization: ***');
    expect(redact('{"appSecret":"x1y2"}')).toBe('{"appSecret":***}');
    expect(redact('appSecret: { secret: cloud.appSecret }'), 'a name is no secret').toContain('cloud.appSecret');
    expect(redact('粤B12345 粤BD12345 京A1234警')).toBe('粤B***45 粤B****45 京A***4警');
    expect(redact('https://api.4pyun.com/gate/1.0')).toBe('https://api.4pyun.com/gate/1.0');
  });
});

/** A box with a store, and the canary wherever somebody may have put it. */
async function box() {
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-support-'));
  const stateFolder = join(folder, 'state');
  mkdirSync(stateFolder);
  const configFile = join(folder, 'lanewarden.yaml');
  writeFileSync(configFile, `# ${CANARY}\ncloud: { url: "https://user:pa55@example.invalid" }\n`);
  const clock = systemClock();
  const store = await openStore({ path: stateFolder, clock, thread: storeThread() });
  store.journal.append('1001', { kind: 'tick', atMs: 1 });
  await store.journal.flush();
  await store.close();
  const options = {
    clock,
    version: '1.2.3',
    configFile,
    stateFolder,
    secrets: [CANARY],
    check: `line 3: ${CANARY}`,
    hours: 24,
    releases: folder,
    storeThread,
  };
  return { folder, stateFolder, options };
}

const texts = (zip: Uint8Array): Record<string, string> =>
  Object.fromEntries(Object.entries(unzipSync(zip)).map(([name, bytes]) => [name, strFromU8(bytes)]));

describe('the support file', () => {
  it('has every part, and the canary in none', async () => {
    const { options } = await box();
    const { zip, parts } = await supportFile(options);
    const files = texts(zip);
    for (const name of [
      'about.json',
      'configuration.yaml',
      'check.txt',
      'queue.json',
      'journal.jsonl',
      'disk.json',
      'network.json',
      'ports.json',
    ])
      expect(files, name).toHaveProperty([name]);
    expect(parts.map(({ name }) => name)).toContain('log.txt');
    expect(files['queue.json']).toContain('"waiting": 0');
    expect(files['journal.jsonl']).toContain('"tick"');
    for (const [name, text] of Object.entries(files)) {
      expect(text, name).not.toContain('canary');
      expect(text, name).not.toContain('pa55');
    }
  });

  it('is made when the store is damaged and the configuration gone, and says what is missing', async () => {
    const { options, stateFolder } = await box();
    writeFileSync(join(stateFolder, 'lanewarden.db'), 'no database');
    const { zip, parts } = await supportFile({ ...options, configFile: '/nowhere/lanewarden.yaml' });
    const failed = parts.filter((part) => part.failed !== undefined).map(({ name }) => name);
    expect(failed).toEqual(expect.arrayContaining(['configuration.yaml', 'queue.json', 'journal.jsonl']));
    expect(texts(zip)['configuration.yaml.failed.txt']).toContain('ENOENT');
    expect(readFileSync(join(stateFolder, 'lanewarden.db'), 'utf8'), 'and nothing was changed').toBe('no database');
  });
});

describe('the speed of the disk', () => {
  it('is measured with what a release costs, and leaves nothing behind', async () => {
    const folder = temporaryFolder();
    const speed = await measureCard(folder, systemClock());
    expect(speed.writes).toBeGreaterThan(0);
    expect(speed.longestMs).toBeGreaterThanOrEqual(speed.medianMs);
    await keepCardSpeed(folder, speed);
    expect(readdirSync(folder)).toEqual(['card.json']);
    expect(await readCardSpeed(folder)).toEqual(speed);
  });

  it('is bad when writes take long, and given up after half a minute', async () => {
    const folder = temporaryFolder();
    const clock = handClock();
    // Each look at the clock finds it a second on: a write takes at least that.
    const slow = {
      ...clock,
      nowMs: () => {
        clock.jump(1_000);
        return clock.nowMs();
      },
    };
    const speed = await measureCard(folder, slow);
    expect(speed.level).toBe('bad');
    expect(speed.writes).toBeLessThan(20);
  });

  it('is measured once in the life of a disk, not before a minute has passed', async () => {
    const folder = temporaryFolder();
    const clock = handClock();
    const first = measureOnce(folder, clock, new AbortController().signal);
    while ((await Promise.race([first.then(() => 'done'), clock.advance(10_000)])) !== 'done');
    expect((await first)?.writes).toBeGreaterThan(0);
    expect(await measureOnce(folder, clock, new AbortController().signal)).toBeUndefined();
  });
});
