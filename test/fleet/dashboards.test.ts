/** The shape of the dashboards and the names in them and in the rules; test/fleet/fleet.mjs asks their queries of real stores. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { METRICS } from '../../src/page/metrics.ts';

const FLEET = join(import.meta.dirname, '../../deploy/fleet');
const text = (name: string): string => readFileSync(join(FLEET, name), 'utf8');

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource: { readonly type: string; readonly uid: string };
  readonly targets: readonly { readonly refId: string; readonly expr?: string; readonly rawSql?: string }[];
}
interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly templating: {
    readonly list: readonly { readonly type: string; readonly name: string; readonly query: string }[];
  };
  readonly panels: readonly Panel[];
}

const files = readdirSync(join(FLEET, 'grafana/dashboards'));
const dashboards = files.map((file) => [file, JSON.parse(text(`grafana/dashboards/${file}`)) as Dashboard] as const);

/** Recorded by a rule, of Prometheus itself, or of the consumer. */
const known = new Set([
  ...Object.keys(METRICS),
  ...[...text('metrics/rules.yaml').matchAll(/- record: (\S+)/g)].map(([, name = '']) => name),
  ...[...text('audit/consumer.py').matchAll(/# TYPE (lanewarden_\w+) /g)].map(([, name = '']) => name),
  ...[...text('audit/consumer.py').matchAll(/^ {4}"(\w+)": \(/gm)].map(([, name]) => `lanewarden_centre_${name}`),
]);
const named = (query: string): string[] => query.match(/\b(?:lanewarden_\w+|lane:\w+:\w+)/g) ?? [];

describe.each(dashboards)('%s', (_, { panels, templating }) => {
  const variables = new Set(templating.list.map(({ name }) => name));

  it('has panels that fit the grid, beside each other', () => {
    const ids = panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const taken = new Set<string>();
    for (const { title, gridPos: at } of panels) {
      expect(at.x + at.w, title).toBeLessThanOrEqual(24);
      for (let x = at.x; x < at.x + at.w; x += 1)
        for (let y = at.y; y < at.y + at.h; y += 1) {
          expect(taken.has(`${x} ${y}`), title).toBe(false);
          taken.add(`${x} ${y}`);
        }
    }
  });

  it('asks a source that is chosen, in its language, by variables that there are, and says so in two languages', () => {
    for (const { title, datasource, targets } of panels) {
      expect(title).toMatch(/^[A-Z].+ · .*[一-鿿]/);
      expect(variables.has(datasource.uid.slice(2, -1)), title).toBe(true);
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
      for (const { expr, rawSql } of targets) {
        expect(datasource.type === 'prometheus' ? rawSql : expr, title).toBeUndefined();
        for (const [, name = ''] of (expr ?? rawSql ?? '').matchAll(/\$\{?([a-z]\w*)/g))
          expect(variables.has(name), name).toBe(true);
      }
    }
  });

  it('names metrics that there are', () => {
    const queries = [
      ...templating.list.map(({ query }) => query),
      ...panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => expr ?? [])),
    ];
    expect(queries.flatMap(named).filter((name) => !known.has(name))).toEqual([]);
  });
});

it('rules name metrics that there are', () => {
  const rules = text('metrics/rules.yaml').match(/expr: .*/g) ?? [];
  expect(rules.length).toBeGreaterThan(10);
  expect(rules.flatMap(named).filter((name) => !known.has(name))).toEqual([]);
});
