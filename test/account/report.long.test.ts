/** `lanewarden report`: the sheet of a kept day, as text, CSV, JSON and a picture, and each refusal with its reason. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { handClock } from '../sim/hand-clock.ts';
import { dist, dropByTwo, open, record, release, temporaryFolder } from '../store/open.ts';

const DAY = '2026-11-25';
const AT_MS = Date.parse(`${DAY}T10:20:00+08:00`);
/** Whole: a frame header, a scan, an end. */
const JPEG = Uint8Array.from([...[0xff, 0xd8, 0xff, 0xc0, 0, 2, 0xff, 0xda, 0, 2], ...[7, 7, 7, 0xff, 0xd9]]);
const folder = temporaryFolder.keep();

/** The built program: its store has a thread. */
const run = (...words: string[]) => start('report', '--store', folder, ...words);

async function start(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  const args = [join(dist, 'src/main.js'), ...words];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, LANG: 'en_GB.UTF-8', LANGUAGE: '', LC_ALL: '' },
  });
  const texts = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    texts.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    texts.err += text;
  });
  const code = await new Promise<number>((resolve) => child.on('close', (value) => resolve(value ?? -1)));
  return { code, ...texts };
}

beforeAll(async () => {
  const store = await open({ path: folder, clock: handClock(1_000, AT_MS), wallTrusted: true });
  // Nine o'clock has a shift; the rest are rows of a version that knew none.
  const shift = `\t${AT_MS - 140 * 60_000}`;
  const row = (hour: number, part: string, column: string, count: number, amount = 0) =>
    [`${hour}\t${hour === 9 ? '张三' : ''}\t${part}\t${column}${hour === 9 ? shift : ''}`, [count, amount]] as const;
  const day = (...rows: readonly ReturnType<typeof row>[]) =>
    JSON.stringify({ rows: Object.fromEntries(rows), questions: [], moreQuestions: 0, corrections: [] });
  await store.accounts.keep(
    '1001',
    DAY,
    day(
      ...[
        row(9, 'opening', 'granted.paid', 40),
        row(9, 'passage', 'covered.paid', 40),
        row(9, 'payment', 'used', 40, 40_000),
      ],
      ...[
        row(10, 'opening', 'hand.button', 3),
        row(10, 'passage', 'reported.manual', 3),
        row(10, 'extra', 'tailgating', 1),
      ],
      ...[row(10, 'passage', 'reported.tailgating', 1)],
    ),
    JSON.stringify({ passages: 44 }),
  );
  await store.accounts.keep(
    '1002',
    DAY,
    day(row(9, 'opening', 'granted.paid', 2), row(9, 'passage', 'covered.paid', 1)),
    JSON.stringify({ passages: 1 }),
  );
  for (const id of ['a', 'b', 'c'])
    await store.outbox.put(
      record(id, {
        release: release(id, { releaseAtMs: 1_000, plate: { text: '粤B12345', confidence: 1 } }),
        releaseWallMs: AT_MS,
      }),
    );
  await store.outbox.attach(1, { bytes: JPEG, mediaType: 'image/jpeg', atMs: 1_000 });
  const [last] = await store.review.list({ limit: 1 });
  await dropByTwo(store.review, last?.id ?? 0, 'li', 'let out by the owner');
  await store.close();
});

describe('lanewarden report', () => {
  it('says what closes, what does not, and what a person has taken back', async () => {
    const { code, out } = await run('--day', DAY);
    expect(code).toBe(0);
    expect(out).toContain('2 places do not reconcile');
    expect(out).toMatch(/1002 09:00 openings with a passage .* 2 ≠ 1/);
    expect(out).toMatch(/ 2 {2}reported · by hand/);
    expect(out).toMatch(/ 1 {2}withdrawn · taken back by a person/);
    expect(out).toContain('¥400.00');
    expect(out).toMatch(/By shift .*Paid ¥, told\n11-25 08:00 张三 +42 +41 .* 400\.00\n/);
    const one = await run('--day', DAY, '--lane', '1001', '--json');
    expect(JSON.parse(one.out)).toMatchObject({
      lane: '1001',
      gaps: [],
      passages: { total: 44 },
      trend: { length: 30 },
    });
  });

  it('gives CSV that Excel and WPS open as it is', async () => {
    const { out } = await run('--day', DAY, '--csv');
    expect(out.startsWith('\uFEFFDay,Lane,Hour,')).toBe(true);
    expect(out.split('\r\n')).toContain(`${DAY},1001,09:00,张三,Payments told,used,40,400.00,11-25 08:00`);
    expect(out.replaceAll('\r\n', '')).not.toContain('\n');
  });

  it('draws thirty days', async () => {
    const file = join(folder, 'trend.svg');
    await run('--day', DAY, '--trend', file);
    expect(readFileSync(file, 'utf8')).toMatch(/^<svg[^>]*>[\s\S]*<title>2026-11-25: 45<\/title>[\s\S]*<\/svg>\n$/);
  });

  it('puts several days together: a line each, one CSV, all of each as JSON', async () => {
    const days = ['--from', '2026-11-24', '--to', '2026-11-25'];
    const { code, out } = await run(...days);
    expect(code).toBe(0);
    expect(out).toMatch(
      /^Day .*\n2026-11-24 +0 +0 .*\n2026-11-25 +45 +45 +3 .*\nTotal +45 +45 +3 .*\n2 places do not reconcile/,
    );
    // What was paid is a sum in the line of each day, also of one without payments.
    expect(out).not.toContain('NaN');
    expect((await run(...days, '--csv')).out.match(/Day,Lane/g)).toHaveLength(1);
    expect(JSON.parse((await run(...days, '--json')).out)).toMatchObject([{ day: '2026-11-24' }, { day: DAY }]);
    expect(await run('--last', '60d')).toMatchObject({ code: 2, err: expect.stringContaining('31 days at most') });
  });

  it('packs the sheet, its records and small pictures into one file', async () => {
    const file = join(folder, 'sheet.zip');
    const { code, out } = await run('--day', DAY, '--zip', file);
    expect(code).toBe(0);
    expect(out).toMatch(/3 records, 1 pictures/);
    const names = Object.keys(unzipSync(readFileSync(file)));
    expect(names).toEqual([
      ...[`account-${DAY}.csv`, `records-${DAY}.csv`, `trend-${DAY}.svg`],
      'pictures/1020-1001-粤B12345-1.jpg',
    ]);
    expect(await run('--last', '2d', '--zip', file)).toMatchObject({ code: 2 });
  });

  it('refuses what it cannot do, with the reason', async () => {
    expect(await run('--day', '2026-02-30')).toMatchObject({ code: 2, err: expect.stringContaining('2026-02-30') });
    expect(await run('--csv', '--json')).toMatchObject({ code: 2 });
    expect(await run('--store', '/nowhere')).toMatchObject({ code: 66 });
    expect((await run('--day', '2020-01-01')).out).toContain('Nothing was recorded');
  });
});

describe('lanewarden why', () => {
  it('says the facts in words, with their times, in the language asked for', async () => {
    const english = await start('why', '1', '--store', folder);
    expect(english).toMatchObject({ code: 0, err: '' });
    expect(english.out).toMatch(/粤B12345/);
    expect(english.out).toMatch(/Facts:\n {2}· 10:19:59/);
    expect((await start('why', '1', '--store', folder, '--lang', 'zh')).out).toContain('依据：');
    const all = await start('why', '--day', DAY, '--store', folder);
    expect(all.out.match(/Facts:/g)).toHaveLength(3);
    expect(await start('why', '--last', '1h', '--store', folder)).toMatchObject({ code: 66 });
    expect(await start('why', '1', '--day', DAY, '--store', folder)).toMatchObject({ code: 2 });
    expect(await start('why', '99', '--store', folder)).toMatchObject({ code: 66 });
    expect(await start('why', '--store', folder)).toMatchObject({ code: 2 });
  });
});

describe('records of a time', () => {
  it('are listed, exported and proven', async () => {
    const from = ['--store', folder, '--lang', 'en'];
    expect(await start('queue', 'ls', '--day', DAY, ...from)).toMatchObject({
      out: expect.stringMatching(/(粤B12345[\s\S]*){3}/),
    });
    expect((await start('queue', 'ls', '--last', '1h', ...from)).out).not.toContain('粤B12345');
    const zip = join(folder, 'queue.zip');
    expect((await start('queue', 'export', zip, '--day', DAY, ...from)).out).toMatch(/^2 records/);
    expect((await start('queue', 'export', zip, '--last', '1h', ...from)).out).toMatch(/^0 records/);
    expect(await start('queue', 'retry', '1', '--last', '1h', ...from)).toMatchObject({ code: 2 });
    const proven = await start('evidence', '--day', DAY, '--folder', folder, ...from);
    expect(proven.out.match(/evidence-\d\.zip/g)).toEqual(['evidence-1.zip', 'evidence-2.zip', 'evidence-3.zip']);
    expect((await start('person', '粤B12345', '--day', DAY, ...from)).out).toMatch(/^3 records/);
    expect((await start('person', '粤B12345', '--last', '1h', ...from)).out).toMatch(/^0 records/);
    expect(await start('person', '粤B12345', '--last', '1h', '--erase', ...from)).toMatchObject({ code: 2 });
  });
});
