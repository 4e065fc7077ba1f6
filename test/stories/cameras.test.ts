/**
 * A camera that pushes its reads and whose frames are kept: from the request on a socket to the plate and the picture at the platform, to
 * the frames beside it on the box, and to what a broker is told.
 */
import { afterEach, describe, expect, it } from 'vitest';
import { freePort } from '../../src/sim/management-system.ts';
import { lanewarden } from '../cli/in-process.ts';
import { endSenders, pushBytes, requestOf } from '../drivers/cameras/processes.ts';
import { jpeg } from '../drivers/cameras/shapes.ts';
import { endings } from '../endings.ts';
import { PASSWORD, startBroker, USER } from '../intake/broker.ts';
import { polled } from './board.ts';
import { change as changeConfig, laneOnPty, run, writeSecrets } from './lane.ts';
import { eventually } from './processes.ts';

const SECRET = 'camera-story-secret';
afterEach(endSenders);

async function setUp() {
  const lane = await laneOnPty(SECRET);
  const broker = await startBroker();
  endings.push(() => broker.close());
  const port = await freePort();
  // A frame from before the release is still held, however slowly the machine takes them.
  const kind = `kind: json-push, ring: { framesPerSecond: 5, seconds: 60 }, fields: { plate: car.no, id: id, picture: car.image }`;
  const intake = `intake: { http: { enabled: true, listen: "127.0.0.1:${port}", tokens: [{ name: pms, secret: intake.pms }] } }\n`;
  const publish = `publish: { mqtt: { enabled: true, url: "mqtt://127.0.0.1:${broker.port}", user: ${USER}, password: { secret: publish.mqtt }, box: gate } }\n`;
  changeConfig(lane.config, { 'kind: camera-http, preset: custom': kind }, intake + publish);
  writeSecrets(lane, { 'cloud.appSecret': SECRET, 'intake.pms': '0123456789abcdef', 'publish.mqtt': PASSWORD });
  const { client } = await broker.publisher();
  const heard: { topic: string; value: Record<string, unknown> }[] = [];
  client.on('message', (topic, payload) => heard.push({ topic, value: JSON.parse(payload.toString()) }));
  await client.subscribeAsync('lanewarden/#', { qos: 1 });
  return { ...lane, heard, url: `http://127.0.0.1:${port}` };
}

describe('a camera that pushes, with a ring', () => {
  it('gives the record its plate and the picture of its moment, and is left alone when nobody is there', async () => {
    const { folder, wired, platform, camera, config, url, heard } = await setUp();
    const running = run(config);
    await polled(wired.board, running, 20);
    expect(camera.asked).toBe(0);
    const change = async (inputs: Partial<typeof wired.levels>, said?: string): Promise<void> => {
      Object.assign(wired.levels, inputs);
      await (said === undefined ? polled(wired.board, running, 8) : running.says(said));
    };
    await change({ approach: true });
    await eventually('frames are taken', () => camera.asked > 2, running.output);
    const car = { no: '粤B·Z0001', image: jpeg(1, 40_000).toString('base64') };
    const push = { path: '/event', contentType: 'application/json', body: Buffer.from(JSON.stringify({ id: 1, car })) };
    const answers = [1, 2].map(() => pushBytes(url, requestOf('/api/v1/cameras/cam1', push), 2_000));
    for (const answer of answers) expect(await answer).toMatchObject({ status: 200, body: '{}' });
    await running.says('plate read');
    await change({ button: true }, 'button is pressed');
    await change({ down: false }, 'the arm leaves down');
    await change({ button: false });
    await change({ up: true, barrier: true }, 'the arm is up');
    await change({ approach: false });
    await change({ barrier: false });
    await change({ up: false, down: true }, 'the arm is down');
    await eventually('the platform has a record', () => platform.records().length > 0, running.output);
    expect(platform.records()).toHaveLength(1);
    expect(platform.records()[0], running.output()).toMatchObject({
      fields: { release_method_desc: '按钮开闸', plate: '粤BZ0001' },
    });
    expect(platform.records()[0]?.pictureBytes).toBeGreaterThan(1_000);
    // The lane sees that the car is gone a moment after the record; from then on sixty polls bring no request.
    for (let asked = -1; asked !== camera.asked; ) {
      asked = camera.asked;
      await polled(wired.board, running, 60);
    }
    expect((await running.end('SIGTERM')).code, running.output()).toBe(0);
    expect(running.output().match(/plate read/g), 'the same push twice is one read').toHaveLength(1);
    const { stdout } = await lanewarden(['queue', 'show', '1', '--store', `${folder}/state`]);
    expect(stdout).toContain('before the release, kept on the box only');

    // A broker was told of all that, in the order in which it happened.
    await eventually('the broker is told of the end', () => heard.at(-1)?.value.status === 'offline');
    expect(heard[0]).toMatchObject({ topic: 'lanewarden/gate/status', value: { status: 'online', lanes: ['1001'] } });
    const told = (topic: string) => heard.filter((each) => each.topic === topic).map(({ value }) => value);
    expect(told('lanewarden/gate/1001/release')).toMatchObject([
      { lane: '1001', method: 1, methodDesc: '按钮开闸', plate: '粤BZ0001', reported: true, withdrawn: false },
    ]);
    const arms = told('lanewarden/gate/1001/state').map(({ arm }) => arm);
    expect(arms).toContain('open');
    expect(arms.at(-1)).toBe('closed');
  });
});
