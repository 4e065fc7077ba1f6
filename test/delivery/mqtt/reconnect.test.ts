/** A broker that was away, however long, is back within five seconds, for the intake and for publishing; one that refuses is asked ever more rarely. */
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../../src/clock.ts';
import { Secret } from '../../../src/config/secrets.ts';
import type { MqttFaultCode } from '../../../src/delivery/mqtt/broker.ts';
import { offlineMessage, onlineMessage } from '../../../src/delivery/mqtt/published-messages.ts';
import { createPublisher } from '../../../src/delivery/mqtt/publisher.ts';
import { ReconnectWait } from '../../../src/delivery/mqtt/reconnect.ts';
import { createMqttIntake } from '../../../src/intake/mqtt.ts';
import { type Broker, PASSWORD, startBroker, USER } from '../../intake/broker.ts';
import { PARK, timesOf } from '../../intake/gate.ts';
import { until } from '../../intake/mqtt-box.ts';
import { ownMs } from '../../own-time.ts';

let broker: Broker;
const endings: (() => unknown)[] = [];
beforeAll(async () => {
  broker = await startBroker();
});
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});
afterAll(() => broker.close());

/** While `hurried`, waits take hardly any time, so that an outage of minutes passes in one second; `waits` are those that were asked for. */
function hurriedClock() {
  const machine = systemClock();
  const waits: number[] = [];
  const state = { hurried: false };
  const clock: Clock = {
    nowMs: () => machine.nowMs(),
    wallMs: () => machine.wallMs(),
    sleep: (ms, signal) => {
      waits.push(ms);
      return machine.sleep(state.hurried ? Math.min(ms, 20) : ms, signal);
    },
  };
  return { clock, waits, state };
}

type Kind = 'the intake' | 'publishing';

async function start(kind: Kind, at: ReturnType<typeof hurriedClock>, password = PASSWORD) {
  const lines: string[] = [];
  const write = (text: { en: string }): void => void lines.push(text.en);
  const log = { debug: write, info: write, warn: write, error: write };
  const { clock } = at;
  const clientId = `reconnect-${kind === 'the intake' ? 'intake' : 'publish'}`;
  const config = {
    ...{ secure: false, host: '127.0.0.1', port: broker.port, address: `mqtt://127.0.0.1:${broker.port}` },
    ...{ user: USER, password: new Secret(password), clientId },
  };
  const stopped = new AbortController();
  const part =
    kind === 'the intake'
      ? createMqttIntake({
          config: { ...config, grants: 'reconnect/grants' },
          clock,
          lanes: [{ id: '1001', name: '通道A' }],
          parkUuid: PARK,
          ...timesOf(clock),
          accept: async () => 'accepted',
          log,
        })
      : createPublisher({
          config,
          clock,
          log,
          base: 'lanewarden/reconnect',
          hello: () => onlineMessage('reconnect', '1.2.3', [], 0),
          farewell: offlineMessage('reconnect'),
        });
  const running = part.run(stopped.signal);
  endings.push(async () => {
    stopped.abort();
    await running;
  });
  const isBack = (): boolean => lines.at(-1)?.includes('is back after') === true;
  return { lines, isBack };
}

describe.each<Kind>(['the intake', 'publishing'])('%s', (kind) => {
  it('is back within five seconds of the broker, after an outage of any length', async () => {
    const at = hurriedClock();
    const { lines, isBack } = await start(kind, at);
    await until(
      'it is connected',
      () => lines.length === 1,
      () => lines.join('\n'),
    );
    await broker.kill();
    at.state.hurried = true;
    at.waits.length = 0;
    await until('it was tried a dozen times', () => at.waits.length >= 12);
    at.state.hurried = false;
    await broker.start();
    const startedMs = ownMs();
    await until('it is back', isBack, () => lines.join('\n'));
    expect(ownMs() - startedMs).toBeLessThan(5_000);
    expect(Math.max(...at.waits.slice(0, 12))).toBeLessThanOrEqual(2_000);
  });

  it('asks ever more rarely where its password is refused', async () => {
    const at = hurriedClock();
    at.state.hurried = true;
    await start(kind, at, 'wrong');
    await until(
      'it was refused a dozen times',
      () => at.waits.length >= 12,
      () => '',
      30_000,
    );
    expect(at.waits[11]).toBeGreaterThanOrEqual(30_000);
    expect(Math.max(...at.waits)).toBeLessThanOrEqual(60_000);
  });

  it('hears of a broker that lost its power and is silent: the kernel asks after three seconds', async () => {
    const { lines } = await start(kind, hurriedClock());
    await until(
      'it is connected',
      () => lines.length === 1,
      () => lines.join('\n'),
    );
    const timers = (): string[] =>
      readFileSync('/proc/net/tcp', 'utf8')
        .split('\n')
        .map((line) => line.trim().split(/\s+/))
        // To the broker, established: what timer runs, and for how many hundredths of a second.
        .filter(([, , to = '', state]) => state === '01' && Number.parseInt(to.split(':')[1] ?? '', 16) === broker.port)
        .map((fields) => fields[5] ?? '');
    await until(
      'keep-alive is the timer',
      () => timers().some((timer) => timer.startsWith('02:') && Number.parseInt(timer.slice(3), 16) <= 300),
      () => timers().join(' '),
    );
  });
});

describe('the wait', () => {
  const waitsFor = (codes: readonly MqttFaultCode[]) => {
    const wait = new ReconnectWait();
    return codes.map((code) => wait.afterMs({ code }, false));
  };

  it('for a broker that is away stays below two seconds', () => {
    for (const ms of waitsFor(Array.from({ length: 1_000 }, () => 'unreachable'))) {
      expect(ms).toBeGreaterThanOrEqual(1_000);
      expect(ms).toBeLessThanOrEqual(2_000);
    }
  });

  it.each<MqttFaultCode>(['silent', 'login', 'tls', 'topics', 'takenOver', 'version', 'refused', 'full'])(
    'grows while the answer is %s, also where the broker is away in between, and begins anew after a good connection',
    (code) => {
      const wait = new ReconnectWait();
      for (let time = 0; time < 8; time += 1) {
        wait.afterMs({ code }, false);
        expect(wait.afterMs({ code: 'unreachable' }, false)).toBeLessThanOrEqual(2_000);
      }
      expect(wait.afterMs({ code }, false)).toBeGreaterThanOrEqual(30_000);
      expect(wait.afterMs({ code }, true)).toBeLessThanOrEqual(1_000);
    },
  );
});
