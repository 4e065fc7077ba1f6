// A box that decides on releases and publishes them at a broker, until it is killed: publish-child.mjs FOLDER PORT FIRST [COUNT]
import { createEventPublisher } from '../../../dist/src/app/mqtt-publishing.js';
import { systemClock } from '../../../dist/src/clock.js';
import { Secret } from '../../../dist/src/config/secrets.js';
import { openStore } from '../../../dist/src/store/store.js';

const [path, port, first, count = Number.MAX_SAFE_INTEGER] = process.argv.slice(2);
const clock = systemClock();
const quiet = () => undefined;
const store = await openStore({ path, clock, ballastBytes: 0, lowWaterBytes: 0 });
const events = createEventPublisher({
  config: {
    ...{ secure: false, host: '127.0.0.1', port: Number(port), address: `mqtt://127.0.0.1:${port}` },
    ...{ user: 'lanewarden', password: new Secret('canary-password-5f21'), clientId: 'gate', box: 'gate' },
    ...{ homeAssistant: false, provision: false },
  },
  ...{ lanes: [], store, bridges: new Map(), clock, version: '1.2.3' },
  log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
});
const stopped = new AbortController();
process.once('SIGTERM', () => stopped.abort());
const running = events.run(stopped.signal);
for (let at = Number(first); at < Number(first) + Number(count) && !stopped.signal.aborted; at += 1) {
  const release = {
    ...{
      id: `b-r${at}`,
      verdict: 'manual',
      method: 1,
      desc: 'button',
      direction: 'exit',
      releaseAtMs: 0,
      passed: true,
    },
    ...{ confidence: 'sure', degraded: false, reported: true, facts: [] },
  };
  const put = await store.outbox.put({
    ...{ laneId: '1001', gateId: '1001', gateName: '通道A', release, releaseWallMs: Date.UTC(2026, 10, 24) + at },
    ...{ reason: '按钮开闸后有车通过', methodDesc: '按钮开闸' },
  });
  if (at % 5 === 0) await store.looks.report({ why: 'pause', who: `b-r${at}`, lasts: true });
  // It is on the disk: whoever reads this may count on it.
  process.stdout.write(`${put.serial ?? put.id}\n`);
  events.on({ kind: 'record', id: put.id });
  await clock.sleep(5);
}
process.stdout.write('all\n');
await running;
await store.close();
