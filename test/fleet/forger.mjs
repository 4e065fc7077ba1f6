// What somebody with the password of one box can try at the broker, and what becomes of it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import mqtt from 'mqtt';
import { until } from './engines.mjs';

export async function forge(centre, box, told) {
  const client = await mqtt.connectAsync(`mqtts://127.0.0.1:${centre.ports.broker}`, {
    ...{ username: box, password: centre.passwords.get(box), clientId: 'forger', ca: [readFileSync(centre.ca)] },
  });
  const publish = (topic, payload, retain = false) => client.publishAsync(topic, payload, { qos: 1, retain });
  const [topic, payload] = centre
    .sql(
      `select 'lanewarden/' || box || '/' || lane || '/release', payload from release where box = '${box}' order by n limit 1`,
    )
    .split('\t');
  const alarms = (kind) => Number(centre.sql(`select count(*) from alarm where kind = '${kind}' and box = '${box}'`));
  const named = async (kind, what) => {
    await until(what, () => alarms(kind) === 1, 20_000);
    told(`${what}: alarm ${kind}`);
  };
  await publish(topic, payload);
  await publish(topic, payload.replace(/"plate":"[^"]*"/, '"plate":"粤B00000"'));
  await named('otherContents', 'the same number with another plate');
  await publish(topic, payload.replace(/"box":"[^"]*"/, '"box":"box-0003"'));
  await named('otherBox', 'a number of another box');
  // Numbers that the box has not given yet: nothing else of them is wrong.
  const { evidence } = JSON.parse(payload);
  const forged = (n, more) =>
    payload
      .replace(/"n":\d+/, `"n":${n}`)
      .replace(/"evidence":\{[^}]*\}/, `"evidence":${JSON.stringify({ ...evidence, ...more })}`);
  await publish(topic, forged(900_001, {}));
  await named('row', 'a row that another message had');
  await publish(topic, forged(900_002, { row: 10 ** 9, chain: '0'.repeat(32) }));
  await named('unproven', 'a row of a chain that no head has named');
  await publish(topic, 'not JSON \u0000');
  await named('unreadable', 'nonsense');
  const head = JSON.parse(centre.sql(`select payload from head where box = '${box}' order by received limit 1`));
  const status = `lanewarden/${box}/status`;
  await publish(status, JSON.stringify({ ...head, evidence: { ...head.evidence, head: '0'.repeat(64) } }));
  await named('signature', 'a head that the box did not sign');
  const before = centre.sql('select count(*) from message');
  await publish('lanewarden/box-0003/1/release', payload.replace(/"n":\d+/, '"n":999999'));
  // Seen by checkConfirmed.
  await publish('lanewarden/box-0003/received', '{"series":"forged","through":1000000}', true);
  // Whatever the broker let through would have come before this one.
  await publish(topic, 'nonsense again');
  await until('the last one', () => alarms('unreadable') === 2, 20_000);
  assert.equal(
    centre.sql('select count(*) from message'),
    before,
    'the broker takes nothing under the name of another box',
  );
  told('under the name of another box: the broker takes nothing');
  await takeSession(centre, box, () => publish(topic, forged(900_003, {})));
  told('the session of the consumer under its known name: what waited in it is there');
  await client.endAsync();
  await until('its metrics', async () =>
    (await centre.consumerMetrics()).includes('lanewarden_centre_alarms{kind="otherContents"} 1'),
  );
}

/** While the consumer is away: a broker gives a session to any user who knows its name, and forgets what waits in it. */
async function takeSession(centre, box, publish) {
  const before = Number(centre.sql('select count(*) from message'));
  await centre.end('consumer');
  await publish();
  const thief = await mqtt.connectAsync(`mqtts://127.0.0.1:${centre.ports.broker}`, {
    ...{ username: box, password: centre.passwords.get(box), ca: [readFileSync(centre.ca)] },
    ...{ clientId: 'lanewarden-consumer', clean: true },
  });
  await thief.endAsync();
  centre.startConsumer();
  await until('what waited', () => Number(centre.sql('select count(*) from message')) > before, 60_000);
}
