/** One shape of a release: MQTT, webhook and page write it alike, nothing undeclared, and what 1.0.0-rc.1 wrote is still of it. */
import { expect, it } from 'vitest';
import { contractSchemas, releaseSchema } from '../../../src/delivery/contract.ts';
import { releaseNow } from '../../../src/delivery/fact-bodies.ts';
import { releaseMessage } from '../../../src/delivery/mqtt/published-messages.ts';
import { RECORD_STATES } from '../../../src/store/record-states.ts';
import type { OutboxRecord } from '../../../src/store/record-types.ts';
import { record } from '../../store/open.ts';
import { boxWith, receiver, webhook } from './receivers.ts';

const strict = releaseSchema.strict();

it('MQTT, webhook and page say the same of a release, and nothing that is not described', async () => {
  const far = await receiver();
  const { store } = await boxWith([webhook(far.port)]);
  const put = await store.outbox.put(record('r1'));
  await expect.poll(() => far.got.length).toBe(1);
  const kept = (await store.review.get(put.id))?.record as OutboxRecord;
  const byWebhook = strict.parse(far.got[0]?.event.data);
  const byMqtt = strict.parse(JSON.parse(releaseMessage('gate', kept, false, byWebhook.evidence).payload));
  const onPage = strict.parse(releaseNow(kept));
  const { number, ...webhookSays } = byWebhook;
  const { state, ...pageSays } = onPage;
  expect(webhookSays).toEqual(byMqtt);
  expect({ ...pageSays, evidence: byMqtt.evidence }).toEqual(byMqtt);
  expect([state, number?.n, byMqtt.id, byMqtt.record]).toEqual(['waiting', 1, put.serial, put.id]);
  expect(byMqtt).toMatchObject({ method: 1, cause: 'button', lane: '1001', withdrawn: false });
});

it('a message that 1.0.0-rc.1 left on the disk is of this shape: what it lacks is optional', () => {
  const common = {
    ...{ id: '1001-01K', lane: '1001', name: '通道A', time: '2026-05-01T04:00:00.000Z', timeQuality: 'synced' },
    ...{ method: 1, methodDesc: '按钮开闸', verdict: 'manual', plate: null, passed: true, confidence: 'sure' },
    ...{ operator: null, reason: '按钮开闸后有车通过', reported: true, withdrawn: false },
  };
  const number = { box: 'gate-1', series: '9f86d081884c7d65', destination: 'mqtt', n: 12 };
  const evidence = { chain: 'a', row: 51_230, digest: 'b' };
  for (const told of [
    { ...common, evidence, number, signature: 'c' },
    { ...common, record: 417, number },
  ])
    expect(strict.parse(told)).toEqual(told);
});

it('the description leaves room for later members and words, and names the present ones', () => {
  for (const language of ['zh', 'en'] as const) {
    const schemas = contractSchemas(language);
    expect(JSON.stringify(schemas)).not.toContain('"additionalProperties":false');
    const { properties } = schemas.Release as {
      readonly properties: Readonly<Record<string, { readonly description: string }>>;
    };
    for (const state of RECORD_STATES) expect(properties.state?.description).toContain(state);
  }
});
