/**
 * The rooms whose rules are broken, with the tests that must see it: the quick ones first, since most mutations never reach the others.
 * `commands`: what is asked before them, of the compiled program. The store's thread is compiled as well.
 */
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { APP } from './app.mjs';
import { CLOUD } from './cloud.mjs';
import { DESTINATION } from './destination.mjs';
import { DRIVERS } from './drivers.mjs';
import { EVIDENCE } from './evidence.mjs';
import { HTTP } from './http.mjs';
import { INTAKE } from './intake.mjs';
import { FIRST } from './lane-first.mjs';
import { SECOND } from './lane-second.mjs';
import { LINE } from './line.mjs';
import { MQTT } from './mqtt.mjs';
import { PAGE } from './page.mjs';
import { STORE } from './store.mjs';

const tests = (folder, ...names) => names.map((name) => `test/${folder}/${name}.test.ts`);

/** All scenarios take a fifth of the time that a suite takes to load, and see most of what is broken in the lane. */
function scenarios() {
  const folders = ['../../../shared/spec/scenarios/', '../../../shared/spec/scenarios-2/', '../scenarios/'].map(
    (folder) => fileURLToPath(new URL(folder, import.meta.url)),
  );
  const files = folders.flatMap((folder) =>
    existsSync(folder) ? readdirSync(folder).map((name) => folder + name) : [],
  );
  return ['dist/src/main.js', 'scenario', ...files.filter((file) => file.endsWith('.yaml')), '--lang', 'en'];
}

export const ROOMS = [
  {
    room: 'src/lane',
    mutations: [...FIRST, ...SECOND],
    commands: [scenarios()],
    suites: [
      tests('lane', 'scenarios', 'tables', 'signals', 'rules', 'second-edition', 'reading-ahead', 'doubtful-plates'),
      tests(
        'lane',
        'payment-clocks',
        'relay-flashes',
        'health',
        'alike-in-two-lanes',
        'commands',
        'first-start',
        'two-senders',
        'restarts',
      ),
      tests('lane', 'properties', 'replay'),
    ],
  },
  {
    room: 'src/line',
    mutations: LINE,
    suites: [
      tests('line', 'turns', 'silence', 'bus', 'wire-claims'),
      tests('line', 'supervise', 'health', 'port', 'lease'),
    ],
  },
  {
    room: 'src/delivery',
    mutations: CLOUD,
    suites: [
      [...tests('delivery/upload', 'sign', 'client', 'compare'), ...tests('delivery/request', '4pyun')],
      tests('delivery/upload', 'uploader'),
      tests('delivery/upload', 'uploader-mixed', 'paused-uploader'),
      tests('delivery/upload', 'uploader-poison.long'),
    ],
  },
  {
    room: 'src/intake',
    mutations: INTAKE,
    suites: [
      tests('intake', 'http', 'plate', 'camera-reads', 'push-account', 'view-library'),
      tests('intake', 'limits', 'expired', 'mqtt', 'camera-mqtt', 'sign'),
    ],
  },
  {
    room: 'src/store',
    mutations: STORE,
    suites: [
      tests('store', 'review', 'store', 'queue', 'timeline', 'journal-trim', 'growth'),
      [
        ...tests('store', 'outbound', 'beside', 'observation', 'replaced', 'chain'),
        ...tests('delivery/mqtt', 'numbered'),
      ],
      tests('store', 'damage.long'),
      tests('delivery/upload', 'uploader-dead-disk'),
    ],
  },
  {
    room: 'src/http',
    mutations: HTTP,
    suites: [
      tests('http', 'body', 'guess-throttle', 'turns'),
      tests('intake', 'limits', 'http'),
      tests('page', 'token'),
      tests('http', 'slow-sockets.long'),
    ],
  },
  { room: 'src/app', mutations: APP, suites: [['test/two-cameras.test.ts'], ['test/watch-reports.test.ts']] },
  {
    room: 'src/delivery/mqtt',
    mutations: MQTT,
    suites: [
      tests('delivery/mqtt', 'unsaved-messages'),
      tests('delivery/mqtt', 'reconnect'),
      tests('delivery/mqtt', 'publisher'),
    ],
  },
  {
    room: 'src/delivery',
    mutations: DESTINATION,
    suites: [
      tests('delivery/destination', 'webhook', 'chat'),
      [...tests('delivery/mqtt', 'numbered'), ...tests('store', 'replaced')],
    ],
  },
  {
    room: 'src/page',
    mutations: PAGE,
    suites: [tests('page', 'booth'), tests('page', 'act'), tests('page', 'routes')],
  },
  { room: 'src/evidence', mutations: EVIDENCE, suites: [tests('evidence', 'bundle.long')] },
  {
    room: 'drivers',
    mutations: DRIVERS,
    suites: [
      tests('drivers', 'read-gate', 'modbus', 'modbus-lacking', 'alarm-output'),
      [...tests('drivers', 'camera-codecs'), ...tests('intake', 'camera-push', 'camera-mqtt', 'view-library')],
      tests('drivers', 'never-acts', 'camera-http', 'camera-openers', 'contract'),
    ],
  },
];
