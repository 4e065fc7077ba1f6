// What the centre says to the boxes that it has.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { until } from './engines.mjs';

/** Each box is told of all that is in the database, and of nothing more; a box that comes later is told too. Returns how many. */
export async function checkConfirmed(centre) {
  const told = new Map();
  const client = await mqtt.connectAsync(`mqtts://127.0.0.1:${centre.ports.broker}`, {
    ...{ username: 'consumer', password: readFileSync(join(centre.etc, 'consumer.password'), 'utf8').trim() },
    ...{ clientId: 'looks on', ca: [readFileSync(centre.ca)] },
  });
  client.on('message', (topic, payload) => {
    const { series, through } = JSON.parse(payload.toString());
    told.set(`${topic.split('/')[1]} ${series}`, through);
  });
  await client.subscribeAsync('lanewarden/+/received');
  const rows = () =>
    centre
      .sql("select box || ' ' || series, whole from series where destination = 'mqtt' and series <> 'report'")
      .split('\n')
      .map((row) => row.split('\t'));
  const others = () => rows().filter(([key, whole]) => told.get(key) !== Number(whole));
  await until('boxes are told what the centre has', () => others().length === 0, 30_000).catch((error) => {
    throw new Error(`${error.message}: ${others().slice(0, 5).join(' ')}`);
  });
  await client.endAsync();
  return told.size;
}
