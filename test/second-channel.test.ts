/** A Hikvision camera without a channel, to which a recorder forwards two: it is said once, and each read of the second has its line. */
import { expect, it } from 'vitest';
import { hikvisionKind } from '../drivers/hikvision/driver.ts';
import { camerasOf } from '../src/app/pictures/cameras.ts';
import type { Config } from '../src/config/types.ts';
import { PushAccount } from '../src/intake/pushes/push-account.ts';
import { hikvisionAlert } from './drivers/cameras/shapes.ts';
import { handClock } from './sim/hand-clock.ts';

function box(more: object = {}) {
  const clock = handClock(1_000_000);
  const pushes = new PushAccount(clock);
  const warnings: string[] = [];
  const quiet = (): void => {};
  const config = hikvisionKind.schema.parse({ url: 'http://192.0.2.64', ...more });
  const cameras = camerasOf({
    config: {
      cameras: [{ id: 'cam1', kind: hikvisionKind, config }],
      ...{ lanes: [], intake: { http: { enabled: true } } },
    } as unknown as Config,
    on: () => {},
    ...{ clock, pushes, wallMsAt: (nowMs: number) => nowMs, signal: new AbortController().signal, bridges: new Map() },
    log: {
      debug: quiet,
      info: quiet,
      warn: ({ en }) => void (en.includes('channel') && warnings.push(en)),
      error: quiet,
    },
  });
  const pushing = cameras.get('cam1')?.pushing;
  const send = (channel: number, id: string): void => {
    const body = Buffer.from(hikvisionAlert({ channel, id, plate: `京A0000${id}` }));
    const request = { method: 'POST', path: '/', headers: { 'content-type': 'application/xml' }, body };
    pushing?.account?.message({ way: 'push' }, () => pushing.push.take(request).events.forEach(pushing.take));
  };
  const brief = () => pushes.all()[0]?.rows.map(({ outcome, why, count }) => [outcome, why, count]);
  return { send, brief, warnings };
}

it('says that reads of a second channel arrive, and still takes them', () => {
  const { send, brief, warnings } = box();
  send(33, '1');
  expect(warnings).toEqual([]);
  send(34, '2');
  send(34, '3');
  send(33, '4');
  expect(brief()?.filter(([outcome]) => outcome === 'read')).toHaveLength(4);
  expect(brief()).toContainEqual(['none', 'secondChannel', 2]);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain('another one (34)');
});

it('says nothing where the channel is configured', () => {
  const { send, brief, warnings } = box({ channel: 33 });
  send(33, '1');
  send(34, '2');
  expect(brief()).toEqual([
    ['none', 'noRead', 1],
    ['read', undefined, 1],
  ]);
  expect(warnings).toEqual([]);
});
