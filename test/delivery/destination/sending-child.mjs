// A box that decides on releases and sends them to destinations, until it is killed: sending-child.mjs FOLDER FIRST NAME=PORT…
import { createAlarmCauses } from '../../../dist/src/app/alarm-causes.js';
import { ConfirmedPeers } from '../../../dist/src/app/confirmed-peers.js';
import { createDestinations } from '../../../dist/src/app/destinations.js';
import { createEventPublisher } from '../../../dist/src/app/mqtt-publishing.js';
import { systemClock } from '../../../dist/src/clock.js';
import { Secret } from '../../../dist/src/config/secrets.js';
import { destinationPeer } from '../../../dist/src/config/written-peers.js';
import { openBoxKey } from '../../../dist/src/evidence/box-key.js';
import { openStore } from '../../../dist/src/store/store.js';

const [path, first, count, everyMs, ...ways] = process.argv.slice(2);
const ports = Object.fromEntries(ways.map((way) => way.split('=')));
const clock = systemClock();
const quiet = () => undefined;
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const store = await openStore({ path, clock, ballastBytes: 0, lowWaterBytes: 0, wallTrusted: true });
const webhooks = Object.entries(ports).filter(([name]) => name !== 'mqtt');
const configs = webhooks.map(([name, port]) => ({
  ...{ name, kind: 'webhook', url: `http://127.0.0.1:${port}/`, secret: new Secret(process.env.WEBHOOK_SECRET) },
  ...{ timeoutMs: 5_000, picture: 'none', takes: { facts: ['release'], confidence: 'possible' } },
}));
const peers = await ConfirmedPeers.read({ store, clock, key: await openBoxKey(path) });
for (const config of configs) await peers.confirm(destinationPeer(config), 'li', 'page');
const destinations = createDestinations({
  peers,
  config: {
    destinations: configs,
    ...{ lanes: [{ id: '1001', name: '通道A' }], page: { pauseMaxMs: 60_000 } },
  },
  ...{ store, clock, log, alarms: createAlarmCauses(), accounts: { keep: async () => undefined } },
});
const stopped = new AbortController();
process.once('SIGTERM', () => stopped.abort());
const running = [destinations.run(stopped.signal)];
if (ports.mqtt !== undefined) {
  const address = `mqtt://127.0.0.1:${ports.mqtt}`;
  const broker = { secure: false, host: '127.0.0.1', port: Number(ports.mqtt), address, clientId: 'gate', box: 'gate' };
  const login = { user: 'lanewarden', password: new Secret('canary-password-5f21'), homeAssistant: false };
  const events = createEventPublisher({
    ...{ config: { ...broker, ...login }, lanes: [], store, bridges: new Map(), clock, version: '1.2.3', log },
  });
  running.push(events.run(stopped.signal));
  store.outbox.onChange(() => events.on({ kind: 'record', id: 0 }));
}
// A destination is told of what comes after it was first begun.
while ((await store.destinations()).length < Object.keys(ports).length) await clock.sleep(5);
process.stdout.write('ready\n');
for (let at = Number(first); at < Number(first) + Number(count) && !stopped.signal.aborted; at += 1) {
  const what = { verdict: 'manual', method: 1, desc: 'button', direction: 'exit', releaseAtMs: at, passed: true };
  const put = await store.outbox.put({
    ...{ laneId: '1001', gateId: '1001', gateName: '通道A', releaseWallMs: Date.now() },
    release: { id: `b-r${at}`, ...what, confidence: 'sure', degraded: false, reported: true, facts: [] },
    ...{ reason: '按钮开闸后有车通过', methodDesc: '按钮开闸' },
  });
  // It is on the disk: whoever reads this may count on it.
  process.stdout.write(`${put.serial} ${put.id} ${Date.now()}\n`);
  if (Number(everyMs) > 0) await clock.sleep(Number(everyMs));
}
process.stdout.write('all\n');
await Promise.all(running);
await store.close();
