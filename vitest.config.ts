import { readdirSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { missing } from './test/line/tools.ts';
import { LongestFirst } from './test/longest-first.ts';
import { LONGEST_TEST_MS, LONGEST_WAIT_MS } from './test/longest-wait.ts';

/** Proofs that take half a minute each (`*.long.test.ts`) have a command of their own: `npm run test:long`. */
const isLong = process.env.LONG === '1';
/** Stories of minutes (`*.proof.test.ts`), before a release: `npm run proof -- stories`. */
const isProof = process.env.PROOF === '1';

/** `npm run test:quick`, for every few minutes of work: what computes, in every room, from the sources alone. It takes less than a minute. */
const isQuick = process.env.QUICK === '1';
/** Whole programs, disks, browsers and processes, what waits for real time, and what computes for longest. */
const NOT_QUICK = [
  'test/account/corrections.test.ts',
  'test/account/store.test.ts',
  'test/{cli,delivery/destination,delivery/mqtt,docs,evidence,kept,page,service,store,stories}/**',
  'test/delivery/upload/{client,uploader,hinted,paused,pictures,large,proxy,reach,secret,tell}*',
  'test/config/authority.test.ts',
  'test/ui/size.test.ts',
  'test/drivers/{camera-address,camera-inputs,camera-openers,camera-streams,contract,fuzz,gpio-sysfs,libmodbus,mbpoll,never-acts}.test.ts',
  'test/management/{clean-stop,lying-server,pull,push,rehearsal}.test.ts',
  'test/intake/{camera-mqtt,camera-push,mqtt}.test.ts',
  'test/lane/properties.test.ts',
  'test/delivery/request/commands.test.ts',
  'test/line/{health,supervise}.test.ts',
  'test/sim/{camera,world,worlds}.test.ts',
  'test/bridge-pictures.test.ts',
];
/** Of these folders, what computes all the same, and needs no build. */
const QUICK_THERE = [
  'test/cli/{commands,program,status,time-range,verdict-match,why-plate}.test.ts',
  'test/delivery/destination/{heads,sheets,standard-webhooks}.test.ts',
  'test/evidence/verified.test.ts',
  'test/delivery/mqtt/{numbered,reconnect,unsaved-messages}.test.ts',
  'test/page/{audit,causes,jobs,known-places,live-changes,picture-forecast,time,unproven-status,weak-passwords,wizard-http}.test.ts',
  'test/service/{box-network,changelog,commissioned,docs,late,redact,support,trial,update,update-keys}.test.ts',
  'test/store/{disk-fault,migration,outbound,rewritten-chain,words}.test.ts',
];
const LONG = ['test/**/*.long.test.ts'];
/** What has a short sample of itself before (test/at-length.ts), and here all of it. */
const WHOLE_AT_LENGTH = [
  'test/drivers/camera-openers.test.ts',
  'test/evidence/{gently,tables}.test.ts',
  'test/lane/{properties,replay,restarts,rules}.test.ts',
  'test/management/pull.test.ts',
  'test/page/long-list.test.ts',
  'test/service/{label-code,nightly-backup}.test.ts',
  'test/sim/worlds.test.ts',
];
const PROOF = ['test/**/*.proof.test.ts'];

/** Programs of the system that whole files of tests start. Where one is missing they are left out, with the reason; never in CI. */
const STARTS = {
  mosquitto: /startBroker\(/,
  mariadbd: /await mariadb\(/,
  postgres: /await postgres\(/,
  socat: /spawn\('socat'|ptyPair|from '\.\.?\/(?:stories\/)?(?:lane|board)\.ts'/,
};
const WITHOUT = Object.entries(STARTS).flatMap(([program, start]) =>
  missing(program as keyof typeof STARTS)
    ? readdirSync('test', { recursive: true, encoding: 'utf8' })
        .map((file) => `test/${file}`)
        .filter((file) => file.endsWith('.test.ts') && start.test(readFileSync(file, 'utf8')))
    : [],
);

/** What computes leaves nothing behind: loading everything again for each of its files takes longer than the tests. */
const quick = {
  name: 'quick',
  include: ['test/**/*.test.ts'],
  exclude: [...LONG, ...PROOF, ...NOT_QUICK, ...WITHOUT],
  isolate: false,
};
const quickThere = { name: 'quick there', include: QUICK_THERE, exclude: WITHOUT, isolate: false };
export const QUICK = [quick, quickThere];
/** What puts another name server in the place of the machine's, for the whole of its process, or counts all sockets of it. */
const ALONE = [
  'test/delivery/destination/near-peers.test.ts',
  'test/drivers/camera-address.test.ts',
  'test/http/turns.test.ts',
];
/** What a test began is undone at its end (test/endings.ts), so these load the program once a worker, too: each file by itself took a third of all time. */
const all = {
  name: 'all',
  include: ['test/**/*.test.ts'],
  exclude: [...LONG, ...PROOF, ...ALONE, ...WITHOUT],
  isolate: false,
};
const alone = { name: 'alone', include: ALONE };
/** WebKit and Firefox take minutes: .ci/run leaves them to the night (`ENGINES=chromium`). */
const OTHER_ENGINES =
  process.env.ENGINES === 'chromium'
    ? ['test/browser/engine-pages.long.test.ts', 'test/browser/walk-{webkit,firefox}.long.test.ts']
    : [];
if (isLong) process.env.AT_LENGTH ??= '1';
const long = {
  name: 'long',
  include: [...LONG, ...WHOLE_AT_LENGTH],
  exclude: [...WITHOUT, ...OTHER_ENGINES],
  isolate: false,
};
const proof = { name: 'proof', include: PROOF, exclude: WITHOUT };

const SLOWEST_FILES = './test/slowest-files.ts';

export default defineConfig({
  test: {
    testTimeout: LONGEST_TEST_MS,
    hookTimeout: LONGEST_TEST_MS,
    expect: { poll: { timeout: LONGEST_WAIT_MS } },
    globalSetup: ['deploy/texts.mjs', ...(isQuick ? [] : ['test/built.ts']), 'test/own-folder.ts'],
    setupFiles: ['test/used-time.ts', 'test/undone.ts'],
    reporters: ['default', SLOWEST_FILES],
    pool: 'forks',
    // What was compiled for one of the projects below is so for the others, and for the next run: a third of the time of a few files.
    experimental: { fsModuleCache: true },
    sequence: { sequencer: LongestFirst },
    // Much of each file is waiting for clocks and programs, of the long ones most; six at a time made some late that keep time.
    maxWorkers: isLong ? 5 : 4,
    projects: (isProof ? [proof] : isLong ? [long] : isQuick ? QUICK : [all, alone]).map((test) => ({
      extends: true,
      test,
    })),
  },
});
