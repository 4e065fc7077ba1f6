// Generated broken packages, each signed and given to a box that works: it comes back unattended, and each opening that nobody paid for is at the platform once.
//   node test/box/broken-packages.mjs [--base FOLDER] [--count 12] [--seed 1] [--first N] [KIND…]
// Each kind in turn. As root, from the package that `npm run package` built; times of trial and probation are handed in. Nothing leaves its own namespaces.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { debianRoot } from './root.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    base: { type: 'string', default: 'dist-deb/root-box' },
    count: { type: 'string', default: '12' },
    seed: { type: 'string', default: '1' },
    first: { type: 'string', default: '0' },
  },
});
const base = resolve(values.base);
if (process.env.LANEWARDEN_BROKEN === undefined) {
  debianRoot(base);
  const work = mkdtempSync(join(tmpdir(), 'lanewarden-broken-'));
  // A network and mounts of its own: the disks outlive a machine, and not this program.
  const words = ['--pdeathsig', 'TERM', 'unshare', '--net', '--mount', process.execPath, ...process.argv.slice(1)];
  const { status } = spawnSync('setpriv', words, {
    stdio: 'inherit',
    env: { ...process.env, LANEWARDEN_BROKEN: work },
  });
  rmSync(work, { recursive: true, force: true });
  process.exit(status ?? 1);
}
const { startBoard } = await import('./board.mjs');
const { openedUnpaid, platformOf, releasesOf, watching, withStep } = await import('./carry-over.mjs');
const { drawFrom, faultsFor } = await import('./faults.mjs');
const { startBox } = await import('./lanewarden-box.mjs');
const { atRun, variant } = await import('./packages.mjs');
const { POINTS } = await import('./unpaid.mjs');

const [PAGE_PORT, INTAKE_PORT, PLATFORM_PORT] = [18_080, 18_191, 18_190];
const SECRET = 'canary-4711';
const GOOD = '1.0.0';
/**
 * A trial is what a box with little of the processor needs to work, and no more. A probation outlasts what breaks in it, and is short enough for the
 * supervisor to look each second (in that of lanewarden-box.mjs it looks every 15).
 */
const timesOf = (trialS) => `LANEWARDEN_TRIAL_S=${trialS} LANEWARDEN_PROBATION_S=350`;
const TRIAL_S = 45;
/** Of what never shows that it works, however long one waits: as long as a good one takes. */
const HOPELESS_TRIAL_S = 18;
const HOPELESS = ['page', 'intake', 'uploader'];
const BACK_WITHIN_MS = 300_000;
/** Of the disk: what a package takes, and not much more to be filled. */
const DISK = '1200m';
const faults = faultsFor({ pagePort: PAGE_PORT, intakePort: INTAKE_PORT, platformPort: PLATFORM_PORT });

const work = process.env.LANEWARDEN_BROKEN;
const disk = join(work, 'disk');
const debs = join(work, 'debs');
for (const folder of [disk, debs]) mkdirSync(folder);
execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK},mode=0755`, 'box', disk]);
execFileSync('ip', ['link', 'set', 'lo', 'up']);
const board = await startBoard();
const platform = platformOf(SECRET, PLATFORM_PORT);
let box;

const start = async () => {
  box = await startBox(base, { name: 'lanewarden-broken', port: PAGE_PORT, debs, times: timesOf(TRIAL_S), disk });
};
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

function configure() {
  const points = POINTS.map((role, at) => `${role}: io.di${at + 1}`).join(', ');
  box.write(
    '/etc/lanewarden/lanewarden.yaml',
    `version: 1
park: { uuid: "49f0cc52-e8c7-41e3-b54d-af666b8cc11a" }
cloud: { url: "http://127.0.0.1:${PLATFORM_PORT}", appSecret: { secret: cloud.appSecret }, clockHold: 0, mode: production }
lines: [{ id: a, port: "tcp://127.0.0.1:${board.port}", devices: [{ id: io, kind: modbus, profile: waveshare-modbus-rtu-io-8ch, unit: 1, timeoutMs: 3000 }] }]
lanes: [{ id: "1001", name: 通道A, direction: exit, reporting: { by: tester, reason: nothing tells of payments }, points: { ${points} }, settings: { settle: 1s, reportFrom: possible } }]
intake: { http: { enabled: true, listen: "127.0.0.1:${INTAKE_PORT}", tokens: [{ name: pms, secret: intake.pms }] } }
store: { path: /var/lib/lanewarden }
page: { listen: "127.0.0.1:${PAGE_PORT}", https: false }
`,
    0o600,
  );
  box.write(
    '/etc/lanewarden/secrets.yaml',
    `cloud.appSecret: "${SECRET}"\nintake.pms: "token-of-the-test-long-enough"\n`,
    0o600,
  );
  box.must('chown', '-R', 'lanewarden:', '/etc/lanewarden');
}

const answersOn = (port, path) =>
  fetch(`http://127.0.0.1:${port}${path}`).then(
    ({ status }) => status < 500,
    () => false,
  );

/** By itself: it runs, nothing is judged any more, page and intake answer. */
async function isBack() {
  const lateMs = Date.now() + BACK_WITHIN_MS;
  const holds = async () =>
    box.current() === `releases/${GOOD}` &&
    !box.isJudging() &&
    box.isActive() &&
    (await answersOn(PAGE_PORT, '/api/v1/session')) &&
    (await answersOn(INTAKE_PORT, '/'));
  while (!(await holds())) {
    assert.ok(Date.now() < lateMs, `it never came back\n${box.log()}\n${box.journal('lanewarden-supervisor.service')}`);
    await sleep(200);
  }
}

/** An opening that nobody paid for, sent: from now on the platform is known to work. */
async function release() {
  await watching(box);
  const before = releasesOf(box).length;
  await openedUnpaid(board);
  await box.until('the release is sent', () => {
    const now = releasesOf(box);
    return now.length > before && now.every(([, state]) => state === 'delivered');
  });
}

/** Each kind: how the package is changed, and what happens while it is installed. */
const KINDS = {
  ...Object.fromEntries(
    Object.entries(faults).map(([kind, fault]) => [kind, { change: (draw) => (_, root) => fault(root, draw) }]),
  ),
  full: {
    // It changes the database, so that the former one needs its copy back.
    change: () => (app) => {
      withStep(app);
      atRun('setTimeout(() => process.exit(1), 4000);')(app);
    },
    meanwhile: async (update) => {
      await update;
      box.run('sh', '-c', 'cat /dev/zero >/var/lib/lanewarden/filling 2>/dev/null');
      await sleep(25_000);
      box.must('rm', '/var/lib/lanewarden/filling');
    },
  },
  cut: {
    change: (draw) => (_, root) => faults[['flag', 'unit', 'late', 'page'][draw(4)]](root, draw),
    meanwhile: async (_, draw) => {
      await sleep(500 + draw(25_000));
      await box.end();
      await start();
    },
  },
};

async function tell(number, kind) {
  const draw = drawFrom(Number(values.seed) * 1000 + number + 1);
  const version = `2.0.${number}`;
  const { change, meanwhile } = KINDS[kind];
  const name = variant(debs, version, change(draw));
  cpSync(join(debs, name), box.inside(`/root/${name}`));
  cpSync(join(debs, `${name}.sig`), box.inside(`/root/${name}.sig`));
  await release();
  box.handIn(timesOf(HOPELESS.includes(kind) ? HOPELESS_TRIAL_S : TRIAL_S));
  const update = box.update(version, '--no-wait');
  if (meanwhile === undefined) await update;
  else await meanwhile(update, draw);
  await isBack();
  for (const each of [name, `${name}.sig`]) {
    rmSync(join(debs, each));
    box.must('rm', '-f', `/root/${each}`);
  }
  const due = releasesOf(box).map(([serial]) => serial);
  assert.deepEqual(platform.serials().sort(), due.sort(), 'each release at the platform once');
}

const failed = [];
try {
  variant(debs, GOOD);
  await start();
  box.must('dpkg', '--install', `/root/lanewarden_${GOOD}.deb`);
  for (const ending of ['', '.sig']) rmSync(join(debs, `lanewarden_${GOOD}.deb${ending}`));
  configure();
  await platform.start();
  await box.restart();
  box.cookie = await box.page.setUp(box.read('/var/lib/lanewarden/page/setup-code').trim());
  const kinds = positionals.length > 0 ? positionals : Object.keys(KINDS);
  for (let number = Number(values.first); number < Number(values.first) + Number(values.count); number += 1) {
    const kind = kinds[number % kinds.length];
    const begunMs = Date.now();
    const fault = await tell(number, kind).then(
      () => undefined,
      (error) => error,
    );
    const took = `${((Date.now() - begunMs) / 1000).toFixed(0)} s`;
    process.stdout.write(`${fault === undefined ? 'ok ' : 'RED'} ${took.padStart(5)}  ${number} ${kind}\n`);
    if (fault === undefined) continue;
    process.stdout.write(`${fault.message}\n`);
    failed.push(number);
    // One that did not come back takes no other.
    break;
  }
} finally {
  await platform.stop();
  board.close();
  await box?.end();
}
process.stdout.write(
  failed.length === 0
    ? `${values.count} boxes came back\n`
    : `package ${failed} of seed ${values.seed} is not turned back\n`,
);
process.exit(failed.length === 0 ? 0 : 1);
