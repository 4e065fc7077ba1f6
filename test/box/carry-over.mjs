// An update whose database has a step more, and which is thrown back after it has worked: what came meanwhile, at a platform that is there now and then,
// each with a picture that is larger than the platform takes.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startBoard } from './board.mjs';
import { startCamera } from './camera.mjs';
import { atRun } from './packages.mjs';
import { POINTS, UNPAID } from './unpaid.mjs';

const PLATFORM = fileURLToPath(new URL('../sim/platform-main.ts', import.meta.url));
const [PLATFORM_PORT, INTAKE_PORT] = [18_090, 18_091];
const TOKEN = 'token-of-the-test-long-enough';
const LANE = '1001';
const PLATFORM_TAKES = 500_000;
/** Of one of the steps; behind it the last of them ends. */
const LINE = 'salt BLOB, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;';
/** Of the package that has it: a table and a column more. */
const STEP =
  'CREATE TABLE extra (id INTEGER PRIMARY KEY, note TEXT) STRICT; ALTER TABLE release ADD COLUMN extra TEXT;';

/** The real program with one step more of the database, which does everything but prove itself. */
export function withStep(app) {
  const file = readdirSync(app).find(
    (name) => name.endsWith('.js') && readFileSync(join(app, name), 'utf8').includes(LINE),
  );
  const text = readFileSync(join(app, file), 'utf8');
  const from = text.indexOf(LINE);
  const end = from + text.slice(from).search(/(?<!\\)`,?\s*\]/);
  assert.ok(end > from, 'the steps of the database end somewhere');
  writeFileSync(join(app, file), `${text.slice(0, end)}\`, \`${STEP}${text.slice(end)}`);
  atRun('delete process.env.LANEWARDEN_TRIAL;')(app);
}

/** It is there from `start` to `stop`; what it has taken stays. */
export function platformOf(secret, port = PLATFORM_PORT) {
  const records = [];
  let child;
  return {
    serials: () => records.map(({ fields }) => fields.parking_serial),
    pictureBytes: () => records.map(({ pictureBytes }) => pictureBytes),
    start: async () => {
      child = spawn(process.execPath, [PLATFORM, String(port), secret], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let rest = '';
      await new Promise((resolve) =>
        child.stdout.setEncoding('utf8').on('data', (text) => {
          const lines = (rest + text).split('\n');
          rest = lines.pop();
          records.push(...lines.map((line) => JSON.parse(line)).filter((line) => line.fields !== undefined));
          resolve();
        }),
      );
    },
    stop: async () => {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** A lane that reports, at that platform; payments come in, and a camera is asked. */
function configure(box, boardPort, cameraPort) {
  const points = POINTS.map((role, at) => `${role}: io.di${at + 1}`).join(', ');
  box.write(
    '/etc/lanewarden/lanewarden.yaml',
    `version: 1
park: { uuid: "49f0cc52-e8c7-41e3-b54d-af666b8cc11a" }
cloud: { url: "http://127.0.0.1:${PLATFORM_PORT}", appSecret: { secret: cloud.appSecret }, clockHold: 0, mode: production }
lines:
  - { id: a, port: "tcp://127.0.0.1:${boardPort}", devices: [{ id: io, kind: modbus, profile: own-board, unit: 1, timeoutMs: 3000 }] }
cameras: [{ id: cam, kind: camera-http, preset: hikvision, url: "http://127.0.0.1:${cameraPort}" }]
lanes: [{ id: "${LANE}", name: 通道A, direction: exit, reporting: { by: tester, reason: nothing tells of payments }, camera: cam, points: { ${points} }, settings: { settle: 1s, reportFrom: possible } }]
intake: { http: { enabled: true, listen: "127.0.0.1:${INTAKE_PORT}", tokens: [{ name: pms, secret: intake.pms }] } }
store: { path: /var/lib/lanewarden }
page: { listen: "127.0.0.1:${box.port}", https: false }
`,
    0o600,
  );
  box.write('/etc/lanewarden/secrets.yaml', `cloud.appSecret: "canary-4711"\nintake.pms: "${TOKEN}"\n`, 0o600);
  box.must('chown', '-R', 'lanewarden:', '/etc/lanewarden');
}

/** [serial, state], oldest first */
export const releasesOf = (box) =>
  box
    .query('SELECT serial, state FROM release ORDER BY id')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('|'));
const states = (box) => releasesOf(box).map(([, state]) => state);
const stepsOf = (box) => box.query('SELECT user_version FROM pragma_user_version');

/** What a lane did not see shortly before an opening makes it doubtful. */
const WATCHED_MS = 5_000;

/** Its page is there and its lane has watched for a while. */
export async function watching(box) {
  await box.until('the board is read', async () => {
    const { devices } = (await box.page.see('overview', box.cookie)) ?? {};
    return devices?.some(({ state }) => state === 'ok');
  });
  await new Promise((resolve) => setTimeout(resolve, WATCHED_MS));
}

/** Resolves to a moment at which the car was in the lane. */
export async function openedUnpaid(board) {
  let withinMs = 0;
  for (const [inputs, ms] of UNPAID) {
    await Promise.all([board.set(inputs), new Promise((resolve) => setTimeout(resolve, ms))]);
    if (withinMs === 0) withinMs = Date.now();
  }
  return withinMs;
}

/** By the management system. */
async function paid(id, issuedMs, forMs) {
  const answer = await fetch(`http://127.0.0.1:${INTAKE_PORT}/api/v1/grants`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ id, lane: LANE, issuedAt: new Date(issuedMs).toISOString() },
      expiresAt: new Date(Date.now() + forMs).toISOString(),
    }),
  });
  assert.equal(answer.status, 202, await answer.text());
}

/** Ten payments that come at once and are soon over: from then on the stamp of one that comes late says when it was. */
async function tillIsKnown() {
  for (let number = 0; number < 10; number += 1) await paid(`SOON-${number}`, Date.now(), 1_000);
}

export async function carriedOver({ other: box }) {
  const [board, camera] = await Promise.all([startBoard(), startCamera()]);
  const platform = platformOf('canary-4711');
  const own = ['lanewarden.yaml', 'secrets.yaml'].map((name) => {
    const path = `/etc/lanewarden/${name}`;
    return [path, box.must('cat', path)];
  });
  const becomes = (wanted) =>
    box.until(`records: ${wanted.join(', ')}`, () => {
      const now = states(box);
      return now.length === wanted.length && now.every((state, at) => state === wanted[at]);
    });
  const sendAll = async () => {
    const { status } = await box.page.post('queue/retry', {}, { cookie: box.cookie });
    assert.equal(status, 200);
  };
  try {
    configure(box, board.port, camera.port);
    await box.restart();
    await watching(box);
    await tillIsKnown();
    await watching(box);
    await openedUnpaid(board);
    await becomes(['waiting']);
    const paidMs = await openedUnpaid(board);
    await becomes(['waiting', 'waiting']);
    const before = { release: box.current(), steps: stepsOf(box) };

    const update = box.update('1.6.0');
    const steps = String(Number(before.steps) + 1);
    await box.until('the new version runs, and has made its step', () => box.isActive() && stepsOf(box) === steps);
    await watching(box);
    await paid('PAY-1', paidMs, 600_000);
    await becomes(['waiting', 'withdrawn']);
    await platform.start();
    await sendAll();
    await becomes(['delivered', 'withdrawn']);
    await platform.stop();
    await openedUnpaid(board);
    await becomes(['delivered', 'withdrawn', 'waiting']);

    for (let start = 1; start <= 3; start += 1) await box.killed();
    const { status, output } = await update;
    assert.equal(status, 1, output);
    assert.match(output, /former one is back/);
    await watching(box);
    assert.deepEqual({ release: box.current(), steps: stepsOf(box) }, before);
    assert.deepEqual(states(box), ['delivered', 'withdrawn', 'waiting']);

    await platform.start();
    await openedUnpaid(board);
    await sendAll();
    await becomes(['delivered', 'withdrawn', 'delivered', 'delivered']);
    await box.restart();
    await watching(box);
    await openedUnpaid(board);
    await becomes(['delivered', 'withdrawn', 'delivered', 'delivered', 'delivered']);
    const due = releasesOf(box).flatMap(([serial, state]) => (state === 'delivered' ? [serial] : []));
    assert.deepEqual(platform.serials().sort(), due.sort(), 'each once, and not the one that was withdrawn');
    // A box with little of the processor may be too late for one; none arrives as the camera sent it.
    const sizes = platform.pictureBytes();
    assert.ok(
      sizes.some((bytes) => bytes > 10_000) && sizes.every((bytes) => bytes <= PLATFORM_TAKES),
      `${sizes} bytes`,
    );
  } finally {
    await platform.stop();
    board.close();
    camera.close();
    // What comes next finds the box as it was, with the board that is there.
    for (const [path, text] of own) box.write(path, text, 0o600);
    box.must('chown', '-R', 'lanewarden:', '/etc/lanewarden');
    await box.restart();
  }
}
