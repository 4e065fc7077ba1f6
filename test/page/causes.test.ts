/** Which faults the status page folds into which, and how long its sentences are. */
import { expect, it } from 'vitest';
import { ALARM_KINDS } from '../../src/kinds.ts';
import type { DestinationRow, DeviceLive, LaneLive, Overview } from '../../src/page/api/api.ts';
import { judged } from '../../src/status/box-health.ts';
import { NO_QUEUE } from '../../src/status/queue/queue-view.ts';
import { alarmText } from '../../src/text/lanes/lane.ts';
import { type Alert, alertText } from '../../src/text/page/alerts.ts';

const EARNED = { earned: { how: 'messages' }, missing: [] } as const;
const lane = (codes: readonly string[], more: Partial<LaneLive> = {}) =>
  ({
    ...{ id: 'L1', name: '出口', degraded: [], levels: {}, hiddenViews: [], reporting: EARNED },
    alarms: codes.map((code) => ({ code, text: { zh: code, en: code } })),
    ...more,
  }) as unknown as LaneLive;
const down = (id: string, kind: DeviceLive['kind'], port?: string): DeviceLive => ({
  ...{ id, kind, state: 'down', downForMs: 90_000, faults: 3 },
  ...(port !== undefined && { port }),
});
const well = (id: string, kind: DeviceLive['kind']): DeviceLive => ({ id, kind, state: 'ok', faults: 0 });
const failing = (name: string): DestinationRow =>
  ({ name, kind: 'webhook', state: 'failing', waiting: 4, oldestForMs: 90_000, arrived: 0, failed: 9 }) as const;
const offline: Overview['queue'] = { ...NO_QUEUE, uploader: 'offline', offlineForMs: 90_000, waiting: 12 };

const point = (device: string) => ({ device, point: 'di1', activeLow: false, debounceMs: 0 });
const CONFIG = {
  lines: [{ id: 'a', devices: [{ id: 'io1' }, { id: 'io2' }] }],
  cameras: [{ id: 'cam1' }],
  lanes: [{ id: 'L1', points: { down: point('io1'), approach: point('io2'), barrier: point('io2') } }],
} as never;

const NOTHING: Parameters<typeof judged>[0] = {
  ...{ lanes: [], devices: [], queue: NO_QUEUE, clock: { quality: 'synced', wallMs: 0 } },
  ...{ disk: { freeBytes: 1e9, framesBytes: 0, framesMaxBytes: 1 }, destinations: [], ports: [], config: CONFIG },
  intake: {
    ...{ channels: [], senders: [], smallSums: [], uncounted: [], uncountedCount: 0, refused: [] },
    ...{ inClear: [], urls: [] },
  },
  faultOf: () => undefined,
};

function causes(facts: Partial<Parameters<typeof judged>[0]>): Readonly<Record<string, number>> {
  const { headline, complaints } = judged({ ...NOTHING, ...facts });
  const all = [headline, ...complaints].filter(({ level }) => level !== 'ok');
  return Object.fromEntries(all.map(({ id, follows = [] }) => [id, follows.length]));
}

const LOST = ['pointsLost:down', 'pointsLost:approach', 'pointsLost:barrier', 'barrierUnknown'];

it('one board takes its signals with it, and leaves those of another to stand for themselves', () => {
  const devices = [well('a', 'line'), down('a/io2', 'device'), well('a/io1', 'device')];
  expect(causes({ devices, lanes: [lane(['pointsLost:approach', 'pointsLost:barrier'])] })).toEqual({ 'a/io2': 1 });
  // The arm is lost with io1, which is read: a wire of its limit.
  expect(causes({ devices, lanes: [lane(LOST)] })).toEqual({ 'a/io2': 1, 'lane/L1/lost/a/io1': 1 });
});

it('all boards of a wire are the wire, whether it is closed or silent', () => {
  const devices = [down('a/io1', 'device'), down('a/io2', 'device')];
  expect(causes({ devices: [down('a', 'line'), ...devices], lanes: [lane(LOST)] })).toEqual({ a: 5 });
  expect(causes({ devices: [well('a', 'line'), ...devices], lanes: [lane(LOST)] })).toEqual({ a: 5 });
});

it('everything on the network is the network; platform and destinations alone are what lies behind the router', () => {
  const camera = down('camera/cam1', 'camera');
  const destinations = [failing('office')];
  expect(causes({ queue: offline, destinations, devices: [camera, down('a', 'line', 'tcp://10.0.0.9:502')] })).toEqual({
    network: 4,
  });
  expect(causes({ queue: offline, destinations, devices: [well('camera/cam1', 'camera')] })).toEqual({ network: 2 });
  // One camera and the platform may well be two faults, as may what has been down for long, or was never up.
  expect(causes({ queue: offline, devices: [camera, down('a', 'line', '/dev/ttyUSB0')] })).toEqual({
    ...{ platform: 0, 'camera/cam1': 0, a: 0 },
  });
  const former = { ...camera, downForMs: 9e6 };
  expect(causes({ queue: offline, destinations, devices: [former] })).toEqual({
    ...{ platform: 0, 'destination/office': 0, 'camera/cam1': 0 },
  });
  const { downForMs: _, ...unconfirmed } = camera;
  const devices = [{ ...unconfirmed, lastFault: { zh: '没有确认', en: 'not confirmed' } }];
  expect(causes({ queue: offline, destinations, devices })).toEqual({ network: 2, 'camera/cam1': 0 });
  expect(
    causes({ queue: offline, destinations: [{ ...failing('office'), state: 'idle' }], devices: [camera] }),
  ).toEqual({ platform: 0, 'camera/cam1': 0 });
});

it('a channel that is down is why payments are not heard, and mains that are off why boards are not', () => {
  const channels = [{ id: 'mqtt', up: false, forMs: 90_000 }];
  const intake = { channels, senders: [], smallSums: [], uncounted: [], uncountedCount: 0, refused: [], inClear: [] };
  expect(causes({ lanes: [lane(['feedDown'])], intake: { ...intake, urls: [] } })).toEqual({ 'channel/mqtt': 1 });
  expect(causes({ lanes: [lane(['feedDown'])] })).toEqual({ 'lane/L1/feedDown': 0 });
  const dark = lane(['pointsLost:down'], { levels: { mains: false } });
  const devices = [down('a', 'line', 'tcp://10.0.0.9:502'), down('a/io1', 'device')];
  expect(causes({ devices, lanes: [dark] })).toEqual({ mains: 3 });
  // An adapter of the box has its power from the box; and a contact that another contradicts explains nothing.
  expect(causes({ devices: [down('a', 'line'), down('a/io1', 'device')], lanes: [dark] })).toEqual({ mains: 0, a: 2 });
  const light = lane([], { id: 'L2', levels: { mains: true } });
  expect(causes({ devices, lanes: [dark, light] })).toEqual({ a: 2 });
});

it('nothing is made light of by what it follows from, and a lens that is covered is said', () => {
  const wired = { ...(CONFIG as object), lanes: [{ id: 'L1', points: { down: point('cam1') } }] } as never;
  const seen = (devices: readonly DeviceLive[]) =>
    judged({ ...NOTHING, config: wired, devices, lanes: [lane(['pointsLost:down'])] }).headline;
  expect(seen([down('camera/cam1', 'camera')])).toMatchObject({ id: 'camera/cam1', level: 'error' });
  const { downForMs: _, ...unconfirmed } = down('camera/cam1', 'camera');
  expect(seen([{ ...unconfirmed, lastFault: { zh: '没有确认', en: 'not confirmed' } }]).id).toBe(
    'lane/L1/lost/camera/cam1',
  );
  const covered = lane([], { hiddenViews: [{ camera: 'cam1', why: 'cameraCovered' }] });
  expect(judged({ ...NOTHING, lanes: [covered] }).headline).toMatchObject({
    ...{ level: 'error', text: { zh: '出口：摄像机 cam1 被遮住，画面一色' } },
  });
});

it('an alarm of a lane names its loop, and what a sense does otherwise is among the details', () => {
  const stuck = { code: 'loopStuck:approach', text: alarmText({ alarm: 'loopStuck', role: 'approach', on: true }) };
  const details = {
    zh: '11-30 20:10 起触发地感松开偏晚约 2 秒',
    en: 'since 11-30 20:10 loop A lets go about 2 s late',
  };
  const changed = { code: 'loopChanged:approach', text: alarmText({ alarm: 'loopChanged', on: true }), details };
  const { headline, complaints } = judged({ ...NOTHING, lanes: [lane([], { alarms: [stuck, changed] })] });
  expect(headline.text.zh).toBe('出口：地感长时间占用，改用其余地感判断（触发地感）');
  expect(complaints[0]).toMatchObject({ id: 'lane/L1/loopChanged:approach', details });
});

it('each is a sentence of at most 40 Chinese or 90 Latin characters, without other letters in Chinese', () => {
  const why = { zh: '原因', en: 'why' };
  const words = { what: { zh: '应答校验错误', en: 'answers with a wrong checksum' }, todo: why, details: 'ETIMEDOUT' };
  const roles = ['down', 'approach', 'barrier'];
  const from = '192.168.1.20';
  const refused = { who: from, from, why: { zh: '令牌不对', en: 'wrong token' }, todo: why, count: 120 };
  const sentences: readonly Alert[] = [
    ...ALARM_KINDS.map((alarm) => {
      const role = alarm === 'loopChanged' || alarm === 'loopStuck' ? ({ role: 'approach' } as const) : {};
      return alertText.alarm('1', alarm, alarmText({ alarm, on: true, ...role }));
    }),
    alertText.lost('1', roles, true),
    alertText.degraded('1', roles),
    alertText.maintenance('1'),
    alertText.wireSilent('1', 12, 9e6, '/dev/ttyUSB0'),
    alertText.down('1/2', 'device', 9e6, words),
    alertText.unconfirmed('1', why),
    alertText.mainsLost,
    ...[alertText.hiddenView.cameraCovered('1', '2'), alertText.hiddenView.cameraFrozen('1', '2')],
    ...[alertText.network(roles), alertText.uplink(roles)],
    alertText.unproven('1', ['identity', 'linkage', 'counters']),
    ...[alertText.refused(1_200, why, 'x'), alertText.paused(1_200), alertText.offline(1_200, 9e6, why)],
    ...[alertText.destinationFails('1', 1_200, why), alertText.destinationStopped('1', why)],
    ...[alertText.destinationPaused('1'), alertText.parked(12), alertText.held(12), alertText.review(12)],
    ...[alertText.intakeDown('intake.http', '0.0.0.0:80', 9e6, 'EADDRINUSE'), alertText.channelDown('1', 9e6)],
    ...[alertText.senderClock('1', 9e6), alertText.smallSums('1'), alertText.expired(120)],
    alertText.refusedSender({ ...refused, several: true, sinceMs: 9e6 }),
    ...[alertText.clockUnknown, alertText.stalled('busy', { records: 12, delivered: 3 }), alertText.waitsForDisk('io')],
    ...[alertText.damaged({ agoMs: 9e6 } as never), alertText.diskDays(2)],
  ];
  for (const { text } of sentences) {
    expect([...text.zh].length, text.zh).toBeLessThanOrEqual(40);
    expect(text.en.length, text.en).toBeLessThanOrEqual(90);
    // Loops are called A, B and C.
    expect(text.zh.replaceAll(/地感 [ABC]/g, '')).not.toMatch(/[A-Za-z]/);
  }
});
