// Every query of the dashboards against the real stores, with Grafana's variables and macros replaced as Grafana does.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FLEET } from './centre.mjs';

const FOLDER = join(FLEET, 'grafana/dashboards');

export const dashboards = () => readdirSync(FOLDER).map((name) => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')));

/** Of each: how many rows came, and in how many milliseconds. */
export async function askAll(centre, parks) {
  const asked = [];
  for (const dashboard of dashboards()) {
    const variables = dashboard.templating.list.filter(({ type }) => type === 'query');
    const queries = [
      ...variables.map(({ name, query }) => [`$${name}`, query]),
      ...dashboard.panels.flatMap(({ title, targets }) => targets.map((each) => [title, each.expr ?? each.rawSql])),
    ];
    for (const [title, query] of queries) {
      const begunMs = performance.now();
      const rows = await ask(centre, query, parks);
      asked.push({ dashboard: dashboard.uid, title, rows, ms: Math.round(performance.now() - begunMs) });
    }
  }
  return asked;
}

async function ask(centre, query, parks) {
  const label = /^label_values\((\w+), (\w+)\)$/.exec(query);
  if (label !== null) return new Set((await centre.query(label[1])).map(({ metric }) => metric[label[2]])).size;
  if (!/^(select|with) /.test(query)) return (await centre.query(query.replaceAll('$park', '.*'))).length;
  const [from, to] = [new Date(Date.now() - 7 * 86_400_000), new Date(Date.now() + 60_000)].map(
    (at) => `'${at.toISOString()}'`,
  );
  const sql = query
    .replaceAll(/\$__timeFilter\((\w+)\)/g, `$1 between ${from} and ${to}`)
    .replaceAll('$__timeFrom()', from)
    .replaceAll('$__timeTo()', to)
    .replaceAll(/\$\{park:sqlstring\}/g, parks.map((park) => `'${park}'`).join());
  assert.ok(!sql.includes('$'), sql);
  const answer = centre.sql(sql);
  return answer === '' ? 0 : answer.split('\n').length;
}
