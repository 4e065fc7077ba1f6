/** What breaks in a lane is one alert on the page, in one short sentence, with what follows from it folded into it; a booth hears of none. */
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BoxComplaint, Overview } from '../../src/page/api/api.ts';
import { FAULTS, type FaultName } from '../../src/sim/faults.ts';
import { LONGEST_WAIT_MS } from '../longest-wait.ts';
import { type PageBox, pageBox } from './page-box.ts';

/** Park seconds go by this much faster. */
const SPEED = 10;
/** Names that somebody gave: a Chinese sentence has no other Latin letters. */
const GIVEN = /rs485-1|io1|cam1|通道A/g;

let box: PageBox;
let cookie: string;
let booth: string;
let before: readonly string[];

const overview = async (who = cookie): Promise<Overview> =>
  (await box.ask('GET', '/api/v1/overview', { cookie: who })).json;
const alerts = async (): Promise<readonly BoxComplaint[]> => {
  const { headline, complaints } = await overview();
  return [headline, ...complaints].filter(({ level }) => level !== 'ok');
};
const added = async (): Promise<readonly BoxComplaint[]> => (await alerts()).filter(({ id }) => !before.includes(id));
const releases = async (): Promise<number> => (await box.ask('GET', '/api/v1/releases', { cookie })).json.items.length;
const ids = async (): Promise<readonly string[]> => (await added()).map(({ id }) => id);

function isShort({ text: { zh, en } }: BoxComplaint): void {
  expect([...zh].length, zh).toBeLessThanOrEqual(40);
  expect(en.length, en).toBeLessThanOrEqual(90);
  expect(zh.replaceAll(GIVEN, ''), zh).not.toMatch(/[A-Za-z]/);
}

beforeAll(async () => {
  box = await pageBox({ speed: SPEED });
  cookie = await box.as('installer');
  booth = await box.as('booth');
});
afterAll(async () => {
  await box?.close();
});

const QUIET = 'nothing pays in this park: that is one alert before any fault';
const isQuiet = async (): Promise<void> => {
  before = ['lane/1001/feedDown'];
  await expect.poll(async () => (await alerts()).map(({ id }) => id)).toEqual(before);
};
it(QUIET, isQuiet);

const FIELD: readonly (readonly [fault: FaultName, cause: string])[] = [
  ['late', 'rs485-1/io1'],
  ['lost', 'rs485-1/io1'],
  ['garbled', 'rs485-1/io1'],
  ['cut', 'rs485-1/io1'],
  ['power', 'rs485-1/io1'],
  ['unplug', 'rs485-1'],
  ['camera-dead', 'camera/cam1'],
  ['camera-gone', 'camera/cam1'],
  ['camera-busy', 'camera/cam1'],
  ['camera-broken', 'camera/cam1'],
];
it.each(FIELD)('%s is one alert, of %s, and none of the booth', async (fault, cause) => {
  box.park.faults.set(fault, true);
  if (fault.startsWith('camera')) box.park.controls.send('manual');
  await expect.poll(ids).toEqual([cause]);
  // What follows comes when the lane notices, and is no second alert.
  if (!fault.startsWith('camera'))
    await expect.poll(async () => (await added())[0]?.follows?.length).toBeGreaterThan(1);
  const [alert] = (await added()) as [BoxComplaint];
  expect(await ids()).toEqual([cause]);
  isShort(alert);
  expect(alert.todo?.zh).not.toBe('');
  expect(alert.details?.zh).not.toBe('');
  const seen = JSON.stringify(await overview(booth));
  expect(seen).not.toContain(cause);
  expect(seen).not.toContain(alert.text.zh);
  box.park.faults.set(fault, false);
  await expect.poll(ids).toEqual([]);
});

/** Nothing is lost by these, and nobody could do anything about them. */
const HARMLESS: readonly FaultName[] = ['doubled', 'noise', 'echo', 'camera-slow', 'platform-slow'];
it.each(HARMLESS)('%s is no alert: a record leaves all the same', async (fault) => {
  const { records } = box.park.platform;
  const sent = records.length;
  box.park.faults.set(fault, true);
  await expect
    .poll(() => {
      box.park.controls.send('manual');
      return records.length;
    })
    .toBeGreaterThan(sent);
  expect(await ids()).toEqual([]);
  box.park.faults.set(fault, false);
});

const PLATFORM: readonly FaultName[] = [
  'platform-503',
  'platform-429',
  'platform-html',
  'platform-half',
  'platform-reset',
  'platform-stall',
  'platform-answer-lost',
];
it.each(PLATFORM)('%s is one alert, of the platform, which goes with it', async (fault) => {
  const withACar = async () => {
    box.park.controls.send('manual');
    return ids();
  };
  box.park.faults.set(fault, true);
  await expect.poll(withACar).toEqual(['platform']);
  for (const alert of await added()) isShort(alert);
  box.park.faults.set(fault, false);
  await expect.poll(withACar).toEqual([]);
});

/** What stays when the fault is over (a record that was refused, a camera that is asked again in minutes) is there before the next. */
const LASTING: readonly (readonly [fault: FaultName, cause: string])[] = [
  ['platform-500', 'platform'],
  ['platform-hint', 'records/held'],
  ['platform-400', 'records/parked'],
  ['platform-401', 'platform'],
  ['camera-login', 'camera/cam1'],
];
/** These take minutes of the park, and a box of their own: a loop that is stuck is known by its time, a code of no table after ten tries. */
const SLOW: readonly (readonly [fault: FaultName, cause: string])[] = [
  ['stuck-a', 'lane/1001/loopStuck:approach'],
  ['stuck-b', 'lane/1001/loopStuck:barrier'],
  ['platform-code', 'records/parked'],
];
it('every fault of the demonstration stands here', () => {
  const here = [...[...FIELD, ...LASTING, ...SLOW].map(([fault]) => fault), ...HARMLESS, ...PLATFORM];
  expect(new Set(here)).toEqual(new Set(FAULTS));
});
it.each(LASTING)('%s is one alert, of %s', async (fault, cause) => {
  before = (await alerts()).map(({ id }) => id).filter((id) => id !== cause);
  box.park.faults.set(fault, true);
  await expect
    .poll(async () => {
      box.park.controls.send('manual');
      return ids();
    })
    .toEqual([cause]);
  for (const alert of await added()) isShort(alert);
  box.park.faults.set(fault, false);
});

describe('on a box of its own', () => {
  beforeAll(async () => {
    await box.close();
    box = await pageBox({
      speed: SPEED,
      // Of the park, instead of ten minutes; no car of the demonstration stands on a loop for as long.
      prepare: (file) =>
        writeFileSync(file, readFileSync(file, 'utf8').replace('settings: {', '$& loopStuckAfter: 60s,')),
    });
    cookie = await box.as('installer');
  });

  it(QUIET, isQuiet);

  it.each(SLOW)('%s is one alert, of %s', async (fault, cause) => {
    box.park.faults.set(fault, true);
    box.park.controls.send('manual');
    let most = 0;
    await expect
      .poll(
        async () => {
          const now = await ids();
          most = Math.max(most, now.length);
          return now;
        },
        // Ten tries take a minute of this machine, when it has nothing else to do.
        { timeout: 2 * LONGEST_WAIT_MS },
      )
      .toEqual([cause]);
    for (const alert of await added()) isShort(alert);
    // A car more is one record more, and no second alert.
    const records = await releases();
    await expect
      .poll(() => {
        box.park.controls.send('manual');
        return releases();
      })
      .toBeGreaterThan(records);
    expect(await ids()).toEqual([cause]);
    // Nor before its cause was known: an arm that a stuck safety loop holds up is told first, then folded into it.
    expect(most).toBe(1);
    box.park.faults.set(fault, false);
    if (fault.startsWith('stuck')) await expect.poll(ids).toEqual([]);
  });
});
