/**
 * A Vzenith camera at a broker, through the whole program: its plate goes into the record, what it says of the passage stands in the journal
 * beside it and changes nothing, and nobody publishes anything but the camera.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { jpeg } from '../drivers/cameras/shapes.ts';
import { endings } from '../endings.ts';
import { PASSWORD, startBroker, USER } from '../intake/broker.ts';
import { createVzenithPublisher } from '../sim/vzenith-broker.ts';
import { carLetOutByButton, polled } from './board.ts';
import { change, laneOnPty, run, writeSecrets } from './lane.ts';
import { eventually } from './processes.ts';

const SECRET = 'camera-at-broker-secret';
const SN = '320dc55b-d6d6c442';

it('a camera at a broker gives the record its plate, and its own opinion of the passage is kept aside', async () => {
  const lane = await laneOnPty(SECRET);
  const { folder, wired, platform, config, camera } = lane;
  const broker = await startBroker();
  endings.push(() => broker.close());
  const url = camera.snapshotUrl.replace('/snapshot.jpg', '');
  change(
    config,
    {
      [`kind: camera-http, preset: custom, url: "${camera.snapshotUrl}"`]: `kind: vzenith, url: "${url}", receive: mqtt, sn: ${SN}`,
    },
    `intake: { mqtt: { enabled: true, url: "mqtt://127.0.0.1:${broker.port}", user: ${USER}, password: { secret: intake.mqtt } } }\npage: { enabled: false }\n`,
  );
  writeSecrets(lane, { 'cloud.appSecret': SECRET, 'intake.mqtt': PASSWORD });
  const publisher = await broker.publisher();
  const heard: string[] = [];
  publisher.client.on('message', (topic) => heard.push(topic));
  await publisher.client.subscribeAsync('#', { qos: 1 });
  const running = run(config);
  await running.says(`device/${SN}/message/up/+`);
  await polled(wired.board, running);
  const sim = createVzenithPublisher(SN, Date.now);
  const say = ({ topic, payload }: { topic: string; payload: string }) => publisher.publish(topic, payload);

  Object.assign(wired.levels, { approach: true });
  await polled(wired.board, running, 8);
  await say(sim.heartbeat());
  await say(sim.gate(0));
  await say(sim.read({ plate: { text: '粤BZ0001', confidence: 0.97 }, wallMs: Date.now(), picture: jpeg(1, 40_000) }));
  await running.says('plate read');
  await say(sim.laneEvent(85, '粤BZ0002'));
  await running.says('a car follows another 粤BZ0002');
  await carLetOutByButton(wired, running);
  await running.says('unpaid release');
  await eventually('the record is at the platform', () => platform.records().length > 0, running.output);
  // The camera saw a car that follows; the lane saw one car by the button, and that is the record.
  expect(platform.records()).toHaveLength(1);
  expect(platform.records()[0]).toMatchObject({ fields: { plate: '粤BZ0001', release_method_desc: '按钮开闸' } });
  expect((await running.end()).code, running.output()).toBe(0);
  const journal = readFileSync(join(folder, 'state', 'lanewarden.db'), 'latin1');
  expect(journal).toContain('"witness":{"what":"follows"');
  expect(journal).toContain('"witness":{"what":"armDown"');
  expect(heard.every((topic) => topic.startsWith(`device/${SN}/message/up/`))).toBe(true);
});
