/** What the status page says of a lane that has not earned reporting, or was reporting before it had to. */
import { expect, it } from 'vitest';
import type { LaneLive } from '../../src/page/api/api.ts';
import { judged } from '../../src/status/box-health.ts';
import { NO_QUEUE } from '../../src/status/queue/queue-view.ts';

const lane = (reporting: LaneLive['reporting'], alarms: LaneLive['alarms']) =>
  ({ id: 'A/1', name: '出口', degraded: [], levels: {}, hiddenViews: [], alarms, reporting }) as unknown as LaneLive;

const said = (reporting: LaneLive['reporting'], alarms: LaneLive['alarms'] = []) => {
  const { headline, complaints } = judged({
    ...{ lanes: [lane(reporting, alarms)], devices: [], queue: NO_QUEUE },
    clock: { quality: 'synced', wallMs: 0 },
    disk: { freeBytes: 1e9, framesBytes: 0, framesMaxBytes: 1 },
    intake: {
      channels: [],
      senders: [],
      smallSums: [],
      uncounted: [],
      uncountedCount: 0,
      refused: [],
      inClear: [],
      urls: [],
    },
    ...{ ports: [], config: { lines: [], cameras: [], lanes: [] }, faultOf: () => undefined },
  });
  expect(complaints).toEqual([]);
  return headline;
};

const messages = { way: 'messages', have: 12, need: 20 } as const;
const relay = { way: 'relay', have: 20, need: 20, wordMissing: true } as const;

it('says what is missing and how many so far, and where to go', () => {
  expect(said({ missing: [messages, relay] })).toEqual({
    id: 'lane/A/1/reporting',
    level: 'warn',
    text: {
      zh: '出口：还没有证明收得到缴费，凭“没有缴费”的先不上报',
      en: '出口: not proved to receive payments: “nobody paid” is kept back',
    },
    todo: {
      zh: '缴费消息对上 12/20 次通行；开闸继电器 20/20 次，还要有人确认脉冲就是已缴费',
      en: '12 of 20 passages joined with their payment message; 20 of 20 openings by the relay, and a person’s word that its pulse means paid',
    },
    page: 'wizard',
    lane: 'A/1',
  });
});

it('says that nothing is connected which tells of payments', () => {
  expect(said({ missing: [] }).todo?.zh).toBe('还没有接任何缴费来源');
});

it('says of a lane that goes on as before which proof it lacks', () => {
  expect(said({ earned: { how: 'before' }, missing: [messages] })).toMatchObject({
    text: {
      zh: '出口：照以前的版本继续上报，还没有证明收得到缴费',
      en: '出口: goes on reporting as before, though not proved to receive payments',
    },
    todo: { zh: '缴费消息对上 12/20 次通行' },
  });
});

const feedDown = [{ code: 'feedDown', text: { zh: '缴费消息中断', en: 'no payment messages' } }];

it('says one thing of a new lane, not also that payment messages have stopped', () => {
  expect(said({ missing: [] }, feedDown).page).toBe('wizard');
  expect(said({ earned: { how: 'messages' }, missing: [] }, feedDown)).toMatchObject({ page: 'overview' });
});

it.each(['messages', 'relay', 'list', 'signed'] as const)('says nothing of a lane that earned it by %s', (how) => {
  expect(said({ earned: { how }, missing: [] }).level).toBe('ok');
});
