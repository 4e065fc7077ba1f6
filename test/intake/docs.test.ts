import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { systemClock } from '../../src/clock.ts';
import { mqtt, mqttConfig } from '../../src/config/schema/mqtt.ts';
import { publish } from '../../src/config/schema/publish.ts';
import { Secret } from '../../src/config/secrets.ts';
import type { IntakeEvent } from '../../src/intake/events.ts';
import { createMessageHandler } from '../../src/intake/mqtt-message.ts';
import { grantWord } from '../../src/lane/grant-word.ts';
import { initialState } from '../../src/lane/lane.ts';
import { DEFAULT_SETTINGS } from '../../src/lane/settings.ts';
import { LANE_EPOCH_MS, openGate, PARK } from './gate.ts';

/** The pages of one language that show how to send to the box and how it publishes, as the shell would send it now: `'"$(date …)"'` is what it prints. */
const pagesIn = (language: string): string => {
  const folder = new URL(`../../docs/${language}/`, import.meta.url);
  return readdirSync(folder)
    .filter((name) => /^(intake(-\w+)?|publishing)\.md$/.test(name))
    .map((name) => readFileSync(new URL(name, folder), 'utf8'))
    .join('\n')
    .replaceAll(/'"\$\((.*?date.*?)\)"'/g, (_, command: string) =>
      execFileSync('sh', ['-c', command], { encoding: 'utf8' }).trim(),
    );
};

/** An id counts once, so each language has a gate of its own. */
const trees = await Promise.all(
  ['zh', 'en'].map(async (language) => ({ language, text: pagesIn(language), gate: await openGate() })),
);
for (const { gate } of trees) {
  // A lane decides, as on a box: an example that is over when it is read is none.
  gate.accept = async (event) => {
    const nowMs = Date.now() - LANE_EPOCH_MS;
    if (event.kind !== 'grant') return 'accepted';
    const heard = { kind: 'grant', grant: event.grant, atMs: nowMs } as const;
    const { kind } = grantWord(initialState(DEFAULT_SETTINGS), DEFAULT_SETTINGS, heard);
    return kind === 'counts' ? 'accepted' : { kind: 'expired', endedWallMs: 0, receivedWallMs: 0 };
  };
}
afterAll(() => Promise.all(trees.map(({ gate }) => gate.close())));

describe.each(trees)('docs/$language', ({ text, gate }) => {
  const examples = [...text.matchAll(/curl -sS http:\/\/[^/]+(\/api\S+) [^\n]*?-d '(.*?)'\n(# 202 [^\n]*)?/gs)].map(
    (match) => ({
      path: match[1] ?? '',
      body: match[2] ?? '',
      status: match[3]?.includes('"expired"') ? 'expired' : 'accepted',
    }),
  );

  test('has an example of everything', () => {
    expect(examples).toHaveLength(12);
    expect(examples.filter(({ status }) => status === 'expired')).toHaveLength(1);
  });

  test.each(examples)('what it sends to $path is $status (%#)', async ({ path, body, status }) => {
    const answer = await gate.post(path, body);
    expect(answer.status).toBe(202);
    const statuses = answer.body.results?.map(({ status }) => status) ?? [answer.body.status];
    expect(new Set(statuses)).toEqual(new Set([status]));
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
  const published = [...text.matchAll(/mosquitto_pub .*?-t (\S+) -m '(.*?)'/gs)].map(
    ([, topic = '', payload = '']) => ({
      topic,
      payload,
    }),
  );

  test('shows MQTT with and without a mapping', () => {
    expect(configs).toHaveLength(2);
    expect(published).toHaveLength(3);
  });

  test.each(published)('what it publishes on $topic is taken (%#)', async ({ topic, payload }) => {
    const events: IntakeEvent[] = [];
    const said: string[] = [];
    const write = ({ en }: { en: string }) => void said.push(en);
    const context = { secret: () => new Secret(''), beside: (path: string) => path, parkUuid: PARK, laneId: '1001' };
    const results = configs.map((written) => {
      const taker = createMessageHandler({
        config: mqttConfig(written, context) as NonNullable<ReturnType<typeof mqttConfig>>,
        clock: systemClock(),
        lanes: [{ id: '1001', name: '通道A' }],
        parkUuid: PARK,
        laneTimeMs: (wallMs) => wallMs - LANE_EPOCH_MS,
        laneNowMs: () => Date.now() - LANE_EPOCH_MS,
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
});
