/** `lanewarden profile` as a person runs it. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { profileCommand } from '../../src/cli/profile.ts';
import { programRun } from '../cli/program-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'lanewarden-profile-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (...words: string[]) => programRun([profileCommand], ['profile', '--lang', 'en', ...words], {});

function write(name: string, content: string): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

const GOOD = `maker: Nobody
model: X8
source: measured on the bench
transport: [rtu]
read:
  - { kind: level, function: 2, address: 0, quantity: 4, points: { in1: 0, in2: 1 } }
`;

describe('lanewarden profile', () => {
  it('lists every profile, for people and for programs', async () => {
    const { code, out } = await run('list');
    expect(code).toBe(0);
    expect(out).toMatch(/^waveshare-modbus-rtu-io-8ch +modbus modbus-listen +Waveshare Modbus RTU IO 8CH$/m);
    const rows = JSON.parse((await run('list', '--json')).out) as { name: string }[];
    expect(rows.length).toBe(out.trim().split('\n').length);
    expect(rows.map(({ name }) => name)).toContain('came-gard-rse2');
  });

  it('shows one: its points, how long a look takes, and the file itself', async () => {
    const { code, out } = await run('show', 'waveshare-modbus-rtu-io-8ch');
    expect(code).toBe(0);
    expect(out).toContain('points: di1 di2 di3 di4 di5 di6 di7 di8');
    expect(out).toContain('23.6 ms at 9600 8N1');
    expect(out).toContain('maker: Waveshare');
    expect(JSON.parse((await run('show', 'came-gard-rse2', '--json')).out).points).toContain('operations');
  });

  it('names the profile that was probably meant', async () => {
    const { code, err } = await run('show', 'waveshare-modbus-rtu-io-8h');
    expect(code).toBe(66);
    expect(err).toContain('did you mean waveshare-modbus-rtu-io-8ch?');
  });

  it('checks a file of one’s own, with the line of every fault', async () => {
    const good = await run('lint', write('nobody-x8.yaml', GOOD));
    expect(good.code).toBe(0);
    expect(good.out).toContain('2 points; unproven');
    expect(good.out).toContain('no probe');
    const bad = await run(
      'lint',
      write('bad.yaml', GOOD.replace('function: 2', 'function: 5').replace('in2: 1', 'in2: 4')),
    );
    expect(bad.code).toBe(78);
    expect(bad.err).toMatch(/bad\.yaml:6:\d+: read\[0\]/);
    const beyond = await run('lint', write('beyond.yaml', GOOD.replace('in2: 1', 'in2: 4')));
    expect(beyond.err).toContain('the point in2 lies beyond its block');
    const unknown = await run('lint', write('unknown.yaml', `${GOOD}when: night\n`));
    expect(unknown.err).toMatch(/unknown\.yaml:7:1: when/);
    expect((await run('lint', join(folder, 'none.yaml'))).code).toBe(66);
    expect((await run('lint', write('x.txt', GOOD))).code).toBe(78);
  });

  it('says what is missing', async () => {
    expect((await run()).code).toBe(2);
    expect((await run('show')).code).toBe(2);
    expect((await run('write', 'x')).code).toBe(2);
  });
});

describe('lanewarden profile of a platform', () => {
  const heldBack = (name: string) =>
    readFileSync(new URL(`../delivery/request/held-back/${name}`, import.meta.url), 'utf8');
  const GATE = 'gate-events-v2.yaml';

  it('is listed and shown with what a destination must give', async () => {
    expect((await run('list', '--kind', 'platform')).out).toMatch(/^4pyun +platform +4PYun /m);
    const { out } = await run('show', '4pyun');
    expect(out).toContain('# values: parkUuid [appId] [noPlate]; secrets: appSecret');
    expect(JSON.parse((await run('show', '4pyun', '--json')).out).kind).toBe('platform');
    expect((await run('show', '4pyn')).err).toContain('did you mean 4pyun?');
  });

  it('is compared with the transcript beside it, or says that it has none', async () => {
    const file = write(GATE, heldBack(GATE));
    expect((await run('lint', file)).out).toContain('nothing proves that it is as the other side documents it');
    mkdirSync(join(folder, 'transcripts'), { recursive: true });
    const transcript = write(join('transcripts', GATE), heldBack(`transcripts/${GATE}`));
    const proven = await run('lint', file);
    expect(proven.code).toBe(0);
    expect(proven.out).toContain('2 examples (0 published), 8 answers, all as written');
    writeFileSync(transcript, heldBack(`transcripts/${GATE}`).replace('"amount":25.50', '"amount":25.5'));
    const other = await run('lint', file);
    expect(other.code).toBe(78);
    expect(other.err).toMatch(/transcripts\/gate-events-v2\.yaml:20:\d+: body of the example "a remote opening/);
    expect(other.err).toMatch(/profile: +….*"amount":25.50}}/);
    expect((await run('lint', file, '--transcript', join(folder, 'none.yaml'))).code).toBe(66);
    const foreign = write('other-name.yaml', heldBack(GATE));
    expect((await run('lint', foreign, '--transcript', transcript)).err).toContain('of the profile "gate-events-v2"');
    writeFileSync(transcript, heldBack(`transcripts/${GATE}`).replace('owed: 2550', 'oved: 2550'));
    expect((await run('lint', file)).err).toMatch(/facts\.oved: there is no key "oved"\n.*did you mean owed/);
  });

  it('has a JSON Schema for editors', async () => {
    const schema = JSON.parse((await run('schema', '--kind', 'platform')).out) as { properties: object };
    expect(Object.keys(schema.properties)).toContain('request');
    expect((await run('schema')).code).toBe(2);
  });
});
