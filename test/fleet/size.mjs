// The figures of deploy/fleet/PLAN.md: what a consumer takes in, what a row weighs, how long the queries of the dashboards take over many rows, and what
// Debian's TimescaleDB has.
//   node test/fleet/size.mjs [--rows 2000000] [--messages 20000]
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import mqtt from 'mqtt';
import { Centre, parkOf } from './centre.mjs';
import { askAll } from './dashboards.mjs';
import { until } from './engines.mjs';

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '2000000' }, messages: { type: 'string', default: '20000' } },
});
const [rows, messages] = [Number(values.rows), Number(values.messages)];
const names = Array.from({ length: 20 }, (_, at) => `box-${String(at).padStart(4, '0')}`);
const folder = mkdtempSync(join(tmpdir(), 'lanewarden-size-'));
chmodSync(folder, 0o755);
const told = (text) => process.stdout.write(`${text}\n`);
const body = (box, n, time) => ({
  ...{ id: `${box}-${n}`, lane: '1', name: '通道A', time, timeQuality: 'synced', method: 1, methodDesc: '按钮开闸' },
  ...{ verdict: 'manual', plate: `粤B${n % 100_000}`, passed: true, confidence: 'sure', operator: `值班${n % 5}` },
  ...{ reason: '按钮开闸后有车通过，前后 70 秒内没有缴费', reported: true, withdrawn: false },
  number: { box, series: '9f86d081884c7d65', destination: 'mqtt', n },
});

/** Waiting at the broker, then taken in by one consumer. */
async function takeIn(centre) {
  const client = await mqtt.connectAsync(`mqtts://127.0.0.1:${centre.ports.broker}`, {
    ...{ username: names[0], password: centre.passwords.get(names[0]), ca: [readFileSync(centre.ca)] },
  });
  let begun = performance.now();
  const sent = [];
  for (let n = 1; n <= messages; n += 1) {
    const payload = JSON.stringify(body(names[0], n, new Date().toISOString()));
    sent.push(client.publishAsync(`lanewarden/${names[0]}/1/release`, payload, { qos: 1 }));
    if (sent.length === 200) await Promise.all(sent.splice(0));
  }
  await Promise.all(sent);
  await client.endAsync();
  told(`broker: ${Math.round(messages / ((performance.now() - begun) / 1000))} messages a second from one box`);
  centre.startConsumer();
  begun = performance.now();
  await until('all rows', () => Number(centre.sql('select count(*) from message')) === messages, 600_000);
  told(`consumer: ${Math.round(messages / ((performance.now() - begun) / 1000))} messages a second, one process`);
  await centre.end('consumer');
}

/** A year of rows, evenly, of 400 boxes; series from 1,000 on. */
function fill(centre) {
  const payload = JSON.stringify(body('box-0000', 12_345, '2026-05-01T04:00:00.000Z'));
  const begun = performance.now();
  centre.sql(`insert into series (id, box, series, destination) overriding system value
    select 1000 + g, 'box-' || lpad((g % 20)::text, 4, '0'), 's' || g, 'mqtt' from generate_series(0, 399) g`);
  centre.sql(
    `insert into message (series, n, digest) select 1000 + g % 400, g / 400 + 1, sha256(g::text::bytea) from generate_series(0, ${rows - 1}) g`,
  );
  centre.sql(`insert into release select now() - interval '365 days' * (g::float / ${rows}), 1000 + g % 400, g / 400 + 1,
    'box-' || lpad((g % 20)::text, 4, '0'), (g % 3)::text, 'id' || g, 1, (array['manual', 'tailgating', 'systemUnpaid'])[1 + g % 3],
    '粤B' || g % 100000, '值班' || g % 5, true, true, g % 50 = 0, '${payload}' from generate_series(0, ${rows - 1}) g`);
  const ids = centre.sql("select string_agg(id::text, ',') from series");
  centre.sql(`call advance(array[${ids}])`);
  centre.sql('vacuum analyze');
  told(`${rows} rows written by SQL in ${Math.round((performance.now() - begun) / 1000)} s`);
  const size = (what) => Math.round(Number(centre.sql(`select ${what}`)) / rows);
  told(
    `bytes a row with indexes: message ${size("pg_total_relation_size('message')")}, release ${size("hypertable_size('release')")}; payload ${payload.length}`,
  );
  told(`chunks of release: ${centre.sql("select count(*) from show_chunks('release')")}`);
}

const centre = new Centre(join(folder, 'centre'));
try {
  await centre.prepare(names);
  await centre.startBroker();
  centre.startConsumer();
  await until('the consumer', async () => (await centre.consumerMetrics()).includes('connected{to="broker"} 1'));
  await centre.end('consumer');
  await takeIn(centre);
  fill(centre);
  await centre.startMetrics();
  const asked = await askAll(centre, [...new Set(names.map(parkOf))]);
  for (const { dashboard, title, ms } of asked)
    if (dashboard === 'lanewarden-audit') told(`${ms} ms  ${title}, 7 days`);
  for (const [what, query] of [
    ['a year by day', 'select day, sum(releases) from releases_by_day group by day'],
    ['a year by lane', 'select lane, sum(releases) from releases_by_lane group by lane'],
    ['a year by attendant', 'select attendant, sum(releases) from releases_by_attendant group by attendant'],
  ]) {
    const begun = performance.now();
    centre.sql(query);
    told(`${Math.round(performance.now() - begun)} ms  ${what}`);
  }
  for (const query of [
    "alter table release set (timescaledb.compress, timescaledb.compress_segmentby = 'box')",
    "create materialized view daily with (timescaledb.continuous) as select time_bucket('1 day', time) as day, box, count(*) from release group by 1, 2",
    "select add_retention_policy('report', interval '400 days')",
    "select drop_chunks('report', interval '400 days')",
  ]) {
    const { stderr } = spawnSync('psql', [centre.address, '-qAt', '-c', query], { encoding: 'utf8' });
    told(`${query.slice(0, 60)}…: ${stderr.trim().split('\n')[0] || 'works'}`);
  }
  told(`load ${loadavg()[0].toFixed(1)}`);
} finally {
  await centre.endAll();
  rmSync(folder, { recursive: true, force: true });
}
