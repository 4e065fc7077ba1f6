/** Proofs too long for `.ci/run`; run before an issue is closed. usage: npm run proof -- NAME [WORD…] */
import { spawnSync } from 'node:child_process';

const PROOFS = {
  /** All that .ci/run leaves out, hours long; the pages say what came of it. Names after it run only these. */
  nightly: ['test/nightly.mjs'],
  /** Each broken rule of every room turns one of its tests red. */
  mutations: ['test/mutations/run.mjs'],
  /** A million random and mutated frames into each decoder. */
  fuzz: ['node_modules/vitest/vitest.mjs', 'run', 'test/drivers/fuzz.test.ts'],
  /** Ten minutes of any requests at a running box: no poll is late for them, and it does not end. MINUTES=1 takes one. */
  requests: ['node_modules/vitest/vitest.mjs', 'run', 'test/page/hostile.proof.test.ts'],
  /** Stories of minutes (`*.proof.test.ts`): twenty swaps, careless systems, a disk that dies for good. */
  stories: ['node_modules/vitest/vitest.mjs', 'run'],
  /** The package in a virtual machine whose power goes three times, and whose kernel stands still; `npm run package` first. */
  vm: ['test/vm/vm.mjs', '--cuts', '3', '--hung'],
  /** It boots, installs and tells one story on an emulated arm64; `npm run package -- --arch arm64` first. */
  'vm-arm64': ['test/vm/vm.mjs', '--arch', 'arm64'],
  /** The whole card image: built, booted on firmware, updated, cut, turned back; `npm run package` first. `-- image native`: minutes. */
  image: ['test/vm/image.mjs'],
  /** A box with a fifth of a core for ten minutes; `npm run package` first. */
  starved: ['test/box/box.mjs', '--starved', '600', 'starved'],
  /** Ten thousand bundles of evidence with one thing changed, named by both verifiers. */
  evidence: ['node_modules/vitest/vitest.mjs', 'run', 'test/evidence'],
  /** A year of the journal, half of it folded, verified within a minute; some 3 GB in the folder for temporary files. */
  year: ['test/evidence/year.mjs'],
  /** A record on its last day of 62, with a box of four lanes and 1,500 vehicles a day: bundled, verified, replayed. DAYS=4 VEHICLES=200: a quick one. */
  retention: ['test/evidence/retention.mjs'],
  /** Thirty days of eight lanes: every opening, passage and payment in one column, the columns beside the truth. DAYS=3 takes a minute. */
  account: ['node_modules/vitest/vitest.mjs', 'run', 'test/account/worlds.long.test.ts', '--testTimeout', '0'],
  /** The engine judged by a generator that is not ours. `-- --seed N --sessions 100`: fresh seeds, more vehicles. */
  'second-world': ['test/judges/second-world.mjs'],
  /** What is detected, anew in both generators: unseen seeds, reduced wirings, base rates, calibration, into docs/LANG/detection-both.md. `-- --dry`: only shown. */
  detection: ['test/judges/detection.mjs'],
  /** 100,000 payments of five tills whose clocks are wrong, one of them jumping: nobody is accused. CARS=1500: seconds. */
  clocks: ['node_modules/vitest/vitest.mjs', 'run', 'test/lane/till-clocks.test.ts'],
  /** 10,000 payments of MariaDB, PostgreSQL and SQLite, each once through twenty kills of the program and twenty of the database. ROWS=600 KILLS=2: seconds. */
  pull: [
    'node_modules/vitest/vitest.mjs',
    'run',
    ...['mariadb', 'postgres', 'sqlite'].map((each) => `test/management/${each}.long.test.ts`),
  ],
  /** Twenty power cuts of a box with three destinations, one dead and one faulty; and a database that does not flush, which must fail. */
  'power-destinations': ['test/power/destinations.mjs'],
  /**
   * A centre and 1,000 boxes with 1,000 records each; 3 GB of memory, and an hour by its own pace of 300 records a second. Smaller: --boxes 1000
   * --records 20; the time it takes to make them follows (--seconds).
   */
  fleet: ['test/fleet/fleet.mjs', '--boxes', '1000', '--records', '1000', '--down', '60', '--processes', '2'],
  /** The same centre with NATS instead of Mosquitto, 50 boxes with 200 records each; needs nats-server. */
  'fleet-nats': ['test/fleet/fleet.mjs', '--broker', 'nats'],
  /** The figures of deploy/fleet/PLAN.md: two million rows on this machine's disk. */
  'fleet-size': ['test/fleet/size.mjs'],
  /** Every page in WebKit and Firefox, and the walk from a new box to its first release in three engines. */
  engines: ['node_modules/vitest/vitest.mjs', 'run', 'test/browser/engine-pages.long.test.ts', 'test/browser/walk-'],
  /** Everything observable, compared with the former time: before and after a change that is meant to change nothing. `-- --only check,texts`. */
  snapshot: ['test/snapshot/snapshot.mjs'],
  /** A newcomer's machine with another Node and no compiler: installation, demonstration, quick tests. `node 20 22 24 26`. */
  node: ['test/package/node.mjs'],
  /** Two builders in different places make the same package, byte by byte. */
  reproducible: ['test/package/reproducible.mjs'],
  /** A vendor's desk with Windows, under Wine: built there, the demonstration's story, practice, traffic in virtual time; needs wine of Debian. */
  windows: ['test/package/windows.mjs'],
  /** 200 generated broken packages: the box comes back from each; `npm run package` first. `-- broken-packages --count 12 --seed 2`: others and fewer. */
  'broken-packages': ['test/box/broken-packages.mjs', '--count', '200'],
  /** A box of 0.1, its package built from the history, updated to the candidates of 1.0.0 and to it, under a real systemd; `npm run package` first. */
  former: ['test/box/former.mjs'],
  /** apt installs and upgrades from a repository of ours on a plain server; `npm run package` first. */
  apt: ['test/box/apt.mjs'],
};

const [name = '', ...words] = process.argv.slice(2);
const proof = PROOFS[name];
if (proof === undefined) {
  console.error(`unknown proof "${name}"; there are: ${Object.keys(PROOFS).join(', ')}`);
  process.exit(2);
}
const env = {
  BUNDLES: '10000',
  ...(name === 'fuzz' && { FUZZ_FRAMES: '1000000' }),
  ...(name === 'clocks' && { CARS: '100000' }),
  ...(name === 'pull' && { LONG: '1', ROWS: '10000', KILLS: '20' }),
  ...((name === 'stories' || name === 'requests') && { PROOF: '1' }),
  ...(name === 'account' && { LONG: '1', DAYS: '30' }),
  ...(name === 'engines' && { LONG: '1', ENGINE_PAGES: 'all' }),
  ...process.env,
};
process.exitCode = spawnSync(process.execPath, [...proof, ...words], { stdio: 'inherit', env }).status ?? 1;
