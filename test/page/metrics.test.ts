/** `/metrics`: what promtool says of it, the table of the documents, and counters that never fall. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { METRICS, type MetricName, metricsOf } from '../../src/page/metrics.ts';
import { metricText } from '../../src/text/fleet/metrics.made.ts';
import { type PageBox, pageBox } from './page-box.ts';

const textOf = (answer: ReturnType<typeof metricsOf>): string => ('bytes' in answer ? String(answer.bytes) : '');
const rowsIn = (text: string): readonly string[] => text.split('\n').filter((line) => !/^(#|$)/.test(line));
const nameOf = (row: string): string => row.replace(/[{ ].*$/, '');

/** As Debian's `prometheus` brings it. */
function promtool(text: string): { readonly status: number | null; readonly said: string } {
  const { status, stdout, stderr, error } = spawnSync('promtool', ['check', 'metrics'], {
    input: text,
    encoding: 'utf8',
  });
  return { status, said: `${error?.message ?? ''}${stdout}${stderr}` };
}

it('says that nothing runs, and nothing of what is not known', () => {
  const text = textOf(metricsOf({ version: '1.2.3', counted: [], running: undefined }));
  expect(rowsIn(text).map(nameOf)).toEqual([
    'lanewarden_build_info',
    'lanewarden_running',
    'process_cpu_seconds_total',
    'process_resident_memory_bytes',
  ]);
  expect(text).toContain(`lanewarden_build_info{version="1.2.3",node="${process.versions.node}"} 1\n`);
  expect(text).toContain('lanewarden_running 0\n');
});

it('is clean by promtool with every metric, whatever stands in a label', () => {
  const byItself = rowsIn(textOf(metricsOf({ version: '1.2.3', counted: [], running: undefined }))).map(nameOf);
  const counted = (Object.keys(METRICS) as MetricName[])
    .filter((name) => !byItself.includes(name))
    .map((name) => [name, METRICS[name].labels.map(() => '一号"口\\\n'), 1.5] as const);
  const text = textOf(metricsOf({ version: '1.2.3', counted, running: undefined }));
  expect(new Set(rowsIn(text).map(nameOf))).toEqual(new Set(Object.keys(METRICS)));
  expect(promtool(text)).toEqual({ status: 0, said: '' });
});

it.each(['zh', 'en'] as const)('docs/%s/page-api.md has the table of them all', (language) => {
  const table = (Object.keys(METRICS) as MetricName[]).map((name) => {
    const { type, labels } = METRICS[name];
    return `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(' ')} | ${metricText[name][language]} |`;
  });
  const written = readFileSync(new URL(`../../docs/${language}/page-api.md`, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => /^\| `(lanewarden|process)_/.test(line));
  expect(written, 'the rows of docs/*/page-api.md are those of src/page/metrics.ts').toEqual(table);
});

describe('of a running box', () => {
  let box: PageBox;
  let cookie: string;
  const scrape = async (): Promise<string> => (await box.ask('GET', '/metrics', { cookie })).text;
  const counters = (text: string): ReadonlyMap<string, number> =>
    new Map(
      rowsIn(text)
        .filter((row) => METRICS[nameOf(row) as MetricName].type === 'counter')
        .map((row) => [row.replace(/ \S+$/, ''), Number(row.split(' ').at(-1))]),
    );
  const counted = async (row: string): Promise<number> => counters(await scrape()).get(row) ?? 0;

  beforeAll(async () => {
    box = await pageBox({ speed: 3 });
    cookie = await box.as('installer');
  });
  afterAll(async () => {
    await box?.close();
  });

  it('counts a release by hand on its way, and is clean by promtool', async () => {
    box.park.controls.send('manual');
    await expect
      .poll(() => counted('lanewarden_uploads_total{destination="4pyun",result="accepted"}'))
      .toBeGreaterThan(0);
    const text = await scrape();
    expect(text).toMatch(/^lanewarden_releases_total\{lane="1001",method="manual",verdict="manual"\} 1$/m);
    expect(text).toMatch(/^lanewarden_passages_total\{lane="1001",how="uncovered"\} 1$/m);
    expect(text).toMatch(/^lanewarden_upload_tries_total\{destination="4pyun"\} [1-9]/m);
    expect(await counted('lanewarden_store_commits_total')).toBeGreaterThan(0);
    expect(text).toMatch(/^lanewarden_config_info\{digest="[0-9a-f]{64}",state="good"\} 1$/m);
    expect(promtool(text)).toEqual({ status: 0, said: '' });
  });

  it('goes on counting when another configuration comes into force', async () => {
    const before = counters(await scrape());
    const status = () => box.box.host.app?.store.status().commits ?? 0;
    const store = status();
    await box.box.host.replace('test', async () => undefined);
    await expect.poll(status).toBeGreaterThan(0);
    expect(status(), 'a store of its own').toBeLessThan(store);
    const after = counters(await scrape());
    for (const [row, value] of before) expect(after.get(row) ?? 0, row).toBeGreaterThanOrEqual(value);
  });
});
