import { readFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { systemClock } from '../../src/clock.ts';
import { mqtt, mqttConfig } from '../../src/config/mqtt.ts';
import { publish } from '../../src/config/publish.ts';
import { Secret } from '../../src/config/secrets.ts';
import { createTaker } from '../../src/intake/mqtt-message.ts';
import type { IntakeEvent } from '../../src/intake/types.ts';
import { LANE_EPOCH_MS, openGate, PARK } from './gate.ts';

const text = readFileSync(new URL('../../docs/intake.md', import.meta.url), 'utf8');
const examples = [...text.matchAll(/curl -sS http:\/\/[^/]+(\/api\S+) .*?-d '(.*?)'/gs)].map((match) => ({
  path: match[1] ?? '',
  body: match[2] ?? '',
}));
const gate = await openGate();
afterAll(() => gate.close());

test('docs/intake.md has an example of everything', () => {
  expect(examples).toHaveLength(5);
});

test.each(examples)('what docs/intake.md sends to $path is accepted (%#)', async ({ path, body }) => {
  const answer = await gate.post(path, body);
  expect(answer.status).toBe(202);
  const statuses = answer.body.results?.map(({ status }) => status) ?? [answer.body.status];
  expect(new Set(statuses)).toEqual(new Set(['accepted']));
});

/** The one of publishing. */
const publishing = [...text.matchAll(/```yaml\n(.*?)```/gs)].flatMap(([, yaml = '']) => {
  const { publish: written } = parse(yaml) as { publish?: unknown };
  return written === undefined ? [] : [publish.parse(written)];
});
const configs = [...text.matchAll(/```yaml\n(.*?)```/gs)]
  .map(([, yaml = '']) => (parse(yaml) as { intake?: { mqtt?: unknown } }).intake?.mqtt)
  .filter((written) => written !== undefined)
  .map((written) => mqtt.parse(written));
const published = [...text.matchAll(/mosquitto_pub .*?-t (\S+) -m '(.*?)'/gs)].map(([, topic = '', payload = '']) => ({
  topic,
  payload,
}));

test('docs/intake.md shows MQTT with and without a mapping', () => {
  expect(configs).toHaveLength(2);
  expect(published).toHaveLength(3);
});

test.each(published)('what docs/intake.md publishes on $topic is taken (%#)', async ({ topic, payload }) => {
  const events: IntakeEvent[] = [];
  const said: string[] = [];
  const write = ({ en }: { en: string }) => void said.push(en);
  const context = { secret: () => new Secret(''), beside: (path: string) => path, parkUuid: PARK, laneId: '1001' };
  const results = configs.map((written) => {
    const taker = createTaker({
      config: mqttConfig(written, context) as NonNullable<ReturnType<typeof mqttConfig>>,
      clock: systemClock(),
      lanes: [{ id: '1001', name: '通道A' }],
      parkUuid: PARK,
      laneTimeMs: (wallMs) => wallMs - LANE_EPOCH_MS,
      accept: async (event) => {
        events.push(event);
        return 'accepted';
      },
      log: { debug: write, info: write, warn: write, error: write },
    });
    return taker.take({ topic, payload: Buffer.from(payload), retained: false });
  });
  expect(await Promise.all(results)).toEqual([true, true]);
  expect(said).toEqual([]);
  expect(events).toMatchObject([{ laneId: '1001' }]);
  expect(JSON.stringify(events)).toContain('粤B12345');
});

test('the example of publishing is one', () => {
  expect(publishing).toMatchObject([{ mqtt: { enabled: true, box: 'gate-1' } }]);
});
