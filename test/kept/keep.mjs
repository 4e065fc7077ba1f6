// Makes the folder of a version, once, by that version's own build: node test/kept/keep.mjs test/kept/VERSION
// The fixed story of the demonstration, records put through the store in every state, people and a token, the files that leave a box. What is in
// it is in `expected.json`, by which kept.test.ts reads it.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
const load = (path) => import(pathToFileURL(join(dist, 'src', path)));
const { openStore } = await load('store/store.js');
const { systemClock } = await load('clock.js');
const { Accounts } = await load('page/access/accounts.js');

const folder = resolve(process.argv[2]);
const work = mkdtempSync(join(tmpdir(), 'lanewarden-keep-'));
const state = join(work, 'state');
const config = join(work, 'lanewarden.yaml');
const PASSWORD = 'kept-since-1.0-Kiefer';
const PASSPHRASE = 'kept since 1.0';

const environment = { ...process.env, LANEWARDEN_PASSPHRASE: PASSPHRASE, LANEWARDEN_CONFIG: config };
const lanewarden = (...words) =>
  execFileSync(process.execPath, [join(dist, 'src/main.js'), ...words, '--lang', 'en'], {
    encoding: 'utf8',
    env: environment,
  });

const fromWallMs = Date.now();
lanewarden('demo', '--once', '--today', '--keep', work, '--page', '127.0.0.1:0');
const clock = systemClock();
const store = await openStore({ path: state, clock, wallTrusted: true, ballastBytes: 0, lowWaterBytes: 0 });
/** Whole by its markers: start, frame header, scan, bytes, end. */
const picture = Uint8Array.from([
  ...[0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 16, 0, 16, 1, 1, 0x11, 0, 0xff, 0xda, 0, 8, 1, 1, 0, 0, 0x3f, 0],
  ...Array.from({ length: 3_000 }, (_, at) => (at * 31) & 0x7f),
  ...[0xff, 0xd9],
]);
const release = (id, more) => ({
  ...{ id, verdict: 'manual', method: 1, desc: 'button', direction: 'exit', releaseAtMs: Math.round(clock.nowMs()) },
  ...{ passed: true, confidence: 'sure', degraded: false, reported: true, facts: [{ kind: 'button', atMs: 0 }] },
  ...{ plate: { text: '粤B10001', atMs: 0, confidence: 0.9 }, operator: { name: '张三', by: 'roster' } },
  ...more,
});
const put = (id, more = {}) =>
  store.outbox.put({
    ...{ laneId: '1001', gateId: '1001', gateName: '通道A', release: release(id, more), releaseWallMs: clock.wallMs() },
    ...{ reason: '按钮开闸后有车通过', methodDesc: '按钮开闸' },
  });
const withPicture = async (id, more = {}) => {
  const record = await put(id, more);
  await store.outbox.attach(record.id, { bytes: picture, mediaType: 'image/jpeg', atMs: 0 });
  return record.id;
};

await withPicture('kept-waiting');
const tried = (await put('kept-tried')).id;
await store.outbox.attach(tried, { none: 'noCamera' });
await store.outbox.sending(tried);
await store.outbox.retry(tried, 3_600_000, 'timeout');
await put('kept-withdrawn');
await store.outbox.withdraw('1001', 'kept-withdrawn', 'paid');
await withPicture('kept-review', { reported: false });
const reported = await withPicture('kept-reported', { reported: false });
await store.review.requeue(reported, '李四');
const corrected = (await put('kept-corrected')).id;
await store.review.correct(corrected, { plate: { text: '粤B10002' } }, '李四', '看图更正');
const dropped = (await put('kept-dropped', { reported: false })).id;
await store.review.dismiss(dropped, '王五', '试车', 'both');
const parked = (await put('kept-parked')).id;
await store.outbox.sending(parked);
await store.outbox.park(parked, 'refused', { answer: { code: '1002', message: 'refused' } });
const held = (await put('kept-held')).id;
await store.outbox.sending(held);
await store.outbox.hold(held, 'integration');
await store.review.mark([1], {
  kind: 'owed',
  who: '赵六',
  from: '192.0.2.8',
  words: '车主同意补缴',
  plate: '粤B54321',
  amount: 1500,
});
await store.review.mark([2], { kind: 'checked', who: '赵六', from: '192.0.2.8' });
const rows = (await store.review.list({ limit: 100 })).reverse();
const journal = await store.looks.around('1001', 0, Number.MAX_SAFE_INTEGER);
const records = rows.map((row) => [row.id, row.state, row.release.plate?.text, row.serial]);
await store.close();

const accounts = await Accounts.open(join(state, 'page'), clock);
await accounts.add('installer', 'installer', PASSWORD);
await accounts.add('booth', 'booth', PASSWORD, ['1001']);
await accounts.add('auditor', 'auditor', PASSWORD);
const token = /lw_\S+/.exec(lanewarden('token', '--new', 'prometheus', '--scope', 'metrics', '--store', state))?.[0];

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
lanewarden('evidence', '1', '--file', join(folder, 'evidence.zip'));
lanewarden('backup', '--secrets', join(folder, 'backup.zip'));
lanewarden('queue', 'export', join(folder, 'queue.zip'), '-y');
// A file for this box, and the key that it is trusted by.
const written = readFileSync(config, 'utf8')
  .replace(state, '/var/lib/lanewarden')
  .replaceAll(/listen: "?127\.0\.0\.1:\d+"?/g, 'listen: 127.0.0.1:25777');
writeFileSync(join(work, 'template.yaml'), written);
const id = lanewarden('provision', 'id');
const key = lanewarden('provision', 'key', join(work, 'operator.pem')).trim();
writeFileSync(
  join(work, 'fleet.yaml'),
  `note: kept\nconfiguration: template.yaml\nsecrets: { cloud.appSecret: "provisioned-secret" }\nusers: [{ user: wang, role: operator, password: "${PASSWORD}" }]\nboxes:\n${id.replace(/^/gm, '  ')}`,
);
lanewarden(
  'provision',
  'make',
  join(work, 'fleet.yaml'),
  '--key',
  join(work, 'operator.pem'),
  '--out',
  join(folder, 'box.lwp'),
);

rmSync(join(state, 'ballast'), { force: true });
rmSync(join(state, 'running'), { force: true });
cpSync(state, join(folder, 'state'), { recursive: true });
writeFileSync(join(folder, 'lanewarden.yaml'), written);
cpSync(join(work, 'secrets.yaml'), join(folder, 'secrets.yaml'));
const beijing = (wallMs) => new Date(wallMs + 8 * 3_600_000).toISOString().slice(0, 16);
const expected = {
  records,
  /** Exported, and imported by another box. */
  exported: records.filter(([, of]) => !['delivered', 'withdrawn', 'dropped'].includes(of)).length,
  pictures: { 3: picture.length },
  journal: { rows: journal.rows.length, from: beijing(fromWallMs), to: beijing(Date.now() + 60_000) },
  users: ['auditor', 'booth', 'installer'],
  ...{ password: PASSWORD, passphrase: PASSPHRASE, operator: key, token },
};
writeFileSync(join(folder, 'expected.json'), `${JSON.stringify(expected, undefined, 1)}\n`);
rmSync(work, { recursive: true });
process.stdout.write(`${folder}: ${records.length} records\n`);
