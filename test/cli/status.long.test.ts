/** `lanewarden status`: beside a box that is well, one that is not, one without a page, one that has stopped, and where there is none. */
import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PageBox, pageBox } from '../page/page-box.ts';
import { dist, temporaryFolder } from '../store/open.ts';

let box: PageBox;
interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

beforeAll(async () => {
  box = await pageBox();
});
afterAll(() => box.close());

async function status(folder: string, ...words: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [join(dist, 'src/main.js'), 'status', '--store', folder, ...words]);
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

/** At once: the box is between two lives. */
const stoppedStatus = (folder: string) =>
  spawnSync(process.execPath, [join(dist, 'src/main.js'), 'status', '--store', folder, '--lang', 'en'], {
    encoding: 'utf8',
  });

it('is well beside a box that is well, and says first what is not', async () => {
  const state = join(box.folder, 'state');
  // Until a payment has come there may be none, which is no good state.
  box.park.controls.send('paid');
  const asked = () => status(state, '--json').then(({ code, out }) => ({ code, ...JSON.parse(out) }));
  await expect.poll(asked).toMatchObject({
    code: 0,
    well: true,
    complaints: [],
    program: { pid: process.pid },
    overview: { lanes: [{ id: '1001' }], config: { state: 'good' } },
    channels: [{ id: 'pms', up: true }],
    kept: { counts: { waiting: 0 } },
  });
  const english = await status(state, '--lang', 'en');
  expect(english).toMatchObject({ code: 0, err: '' });
  expect(english.out).toMatch(/^All is well\n\nProgram .*, up for .* process \d+\)/);
  expect((await status(state, '--lang', 'zh')).out).toMatch(/^一切正常\n\n程序 .*已运行/);

  const operator = await box.as('operator');
  await box.ask('POST', '/api/v1/queue/pause', { cookie: operator, body: {} });
  const paused = await status(state, '--lang', 'en');
  expect(paused.code).toBe(1);
  expect(paused.out).toMatch(/^\[Attention\] Uploads paused/);
});

it('says what the folder tells when nothing runs, and asks a box that has no page', async () => {
  const state = join(box.folder, 'state');
  let stopped: ReturnType<typeof stoppedStatus> | undefined;
  box = await box.restart(() => {
    writeFileSync(join(state, 'verified.json'), JSON.stringify({ atWallMs: 1, rows: 2, faults: 3 }));
    stopped = stoppedStatus(state);
  });
  expect(stopped).toMatchObject({ status: 1, stderr: '' });
  expect(stopped?.stdout).toMatch(
    /^\[Fault\] The program is not running: no lane is watched\n\[Fault\] The chain of evidence had 3 faults/,
  );
  await box.close();
  box = await pageBox({ noPage: true });
  const { out } = await status(join(box.folder, 'state'), '--json');
  expect(JSON.parse(out).overview.devices.length).toBeGreaterThan(0);
});

it('cannot ask where nothing ever ran, and does not take wrong words for an answer', async () => {
  expect(await status('/nowhere', '--lang', 'en')).toMatchObject({
    code: 2,
    out: '',
    err: expect.stringContaining('there is no state folder /nowhere'),
  });
  expect(await status(temporaryFolder(), 'now')).toMatchObject({ code: 2, out: '' });
});
