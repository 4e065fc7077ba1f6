/** A box is replaced by another, by the commands of a person on two roots: what the new one can prove of the records of the old one, and what not. */
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { type BoxKey, openBoxKey } from '../../src/evidence/box-key.ts';
import { checkBundle } from '../../src/evidence/bundle-check.ts';
import { signHead } from '../../src/evidence/signed-heads.ts';
import {
  type BoxFact,
  type Followed,
  headOf,
  headText,
  rootOf,
  type SignedHead,
  sha256,
} from '../../src/store/chain/chain.ts';
import { dist, frame, open, record, release, temporaryFolder } from '../store/open.ts';
import { rewrite } from '../store/rewrite.ts';
import { eventually, start } from '../stories/processes.ts';
import { TRICKS, tampered } from './tampering.ts';
import { pageCheck, python } from './verifiers.ts';

const CONFIG = `version: 1
park: { uuid: "49f0cc52-e8c7-41e3-b54d-af666b8cc11a" }
cloud: { url: "http://127.0.0.1:9", appSecret: { secret: cloud.appSecret }, clockHold: 0 }
lines: [{ id: a, port: "tcp://127.0.0.1:9", devices: [{ id: io, kind: modbus, profile: waveshare-modbus-rtu-io-8ch, unit: 1 }] }]
lanes: [{ id: "1001", name: 通道A, direction: exit, reporting: { by: tester, reason: nothing tells of payments }, points: { down: io.di1, up: io.di2 } }]
store: { path: state }
page: { enabled: false }
`;
/** Delivered; waiting; delivered behind the last head that the old box had signed by itself. */
const [DELIVERED, WAITING, LATE] = [1, 2, 3];

const clock = systemClock();
const stateOf = (box: string): string => join(box, 'state');
const configOf = (box: string): string => join(box, 'lanewarden.yaml');
const keyOf = (box: string): Promise<BoxKey> => openBoxKey(join(stateOf(box), 'page'));

function lanewarden(...words: string[]) {
  const environment = { ...process.env, LANEWARDEN_PASSPHRASE: 'a passphrase of the story' };
  return spawnSync(process.execPath, [join(dist, 'src/main.js'), ...words, '--lang', 'en'], {
    encoding: 'utf8',
    env: environment,
  });
}

function database<Value>(box: string, work: (database: Sqlite.Database) => Value): Value {
  const opened = new Sqlite(join(stateOf(box), 'lanewarden.db'));
  try {
    return work(opened);
  } finally {
    opened.close();
  }
}

async function makeBox(box: string): Promise<void> {
  const path = stateOf(box);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(box, 'secrets.yaml'), 'cloud.appSecret: of-the-story\n', { mode: 0o600 });
  writeFileSync(configOf(box), CONFIG);
  const store = await open({ path, version: '0.1.0', wallTrusted: true });
  store.journal.epoch('1001', { settle: 1 });
  const nowMs = Math.floor(clock.nowMs()) + store.boot.laneOffsetMs;
  for (let at = 0; at < 300; at += 1) store.journal.append('1001', { kind: 'tick', atMs: nowMs - 300 + at });
  const put = async (id: number) => {
    const one = await store.outbox.put(record(`r${id}`, { release: release(`r${id}`, { releaseAtMs: nowMs }) }));
    await store.outbox.attach(one.id, frame(900, id));
  };
  for (const id of [DELIVERED, WAITING]) await put(id);
  for (const id of [DELIVERED, WAITING]) await store.outbox.beside(id, 'before', frame(700, 9));
  await store.outbox.delivered(DELIVERED, { seqno: '7' });
  const head = await signHead({ store, clock, folder: join(path, 'page') }, await keyOf(box));
  await store.chain.left(head?.last ?? 0, 'mqtt');
  await put(LATE);
  await store.outbox.delivered(LATE, { seqno: '8' });
  await store.close();
}

/** Until the new box has begun its chain, and signed a head of it. */
async function runOnce(box: string): Promise<void> {
  const chains = () => database(box, (opened) => opened.prepare('SELECT count(*) FROM chain').pluck().get() as number);
  const signedHeads = () =>
    database(box, (opened) =>
      opened
        .prepare('SELECT count(*) FROM chain_head WHERE chain = (SELECT id FROM chain ORDER BY first DESC LIMIT 1)')
        .pluck()
        .get(),
    ) as number;
  const before = chains();
  const running = start(process.execPath, [join(dist, 'src/main.js'), 'run', '--config', configOf(box)]);
  try {
    await eventually('a head of the new chain is signed', () => chains() > before && signedHeads() > 0, running.output);
  } finally {
    await running.end('SIGTERM');
  }
}

function swap(from: string, to: string): void {
  const zip = backup(from);
  expect(lanewarden('restore', '--yes', '--config', configOf(to), '--store', stateOf(to), zip)).toMatchObject({
    status: 0,
    stderr: '',
  });
}

function backup(from: string): string {
  const zip = join(from, `backup-${Math.round(clock.nowMs())}.zip`);
  expect(lanewarden('backup', '--secrets', zip, '--config', configOf(from))).toMatchObject({ status: 0, stderr: '' });
  return zip;
}

function bundle(box: string, id: number): string {
  const file = join(box, `evidence-${id}.zip`);
  expect(lanewarden('evidence', `${id}`, '--store', stateOf(box), '--file', file, '--force')).toMatchObject({
    status: 0,
    stderr: '',
  });
  return file;
}

/** By all verifiers: what each of them finds, without the details. */
function found(zip: Uint8Array, folder: string): string[][] {
  const file = join(folder, 'asked.zip');
  writeFileSync(file, zip);
  return [
    checkBundle(zip).faults.map(({ what }) => what),
    python([file])[0]?.faults.map(([what]) => what) ?? [],
    [...pageCheck()(zip).faults].map(({ what }) => what),
  ];
}

const facts = (box: string): BoxFact[] =>
  database(box, (opened) =>
    (opened.prepare(`SELECT event FROM journal WHERE lane_id = '' ORDER BY seq`).pluck().all() as string[]).map(
      (event) => JSON.parse(event),
    ),
  );

type Beginning = Extract<BoxFact, { kind: 'chain' }>;

interface Part {
  readonly chain: string;
  before: string;
  blocks: { first: number; last: number; head: string; root?: string; digests?: [string, string][] }[];
  heads: SignedHead[];
  later?: Part[];
}

/** Changed, and signed again by `key` as if it had been made so. */
function forged(zip: Uint8Array, key: BoxKey, change: (chain: Part, rows: [number, string][]) => void): Uint8Array {
  const files = unzipSync(zip);
  const text = (name: string): string => strFromU8(files[name] as Uint8Array);
  const chain = JSON.parse(text('chain.json')) as Part;
  const rows = text('rows.jsonl')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as [number, string]);
  change(chain, rows);
  files['chain.json'] = strToU8(JSON.stringify(chain));
  files['rows.jsonl'] = strToU8(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const manifest = JSON.parse(text('manifest.json'));
  for (const name of ['chain.json', 'rows.jsonl']) manifest.files[name] = sha256(strFromU8(files[name] as Uint8Array));
  manifest.rows = rows.map(([seq]) => seq);
  const written = JSON.stringify({ ...manifest, key: key.publicKey });
  files['manifest.json'] = strToU8(written);
  files['manifest.sig'] = strToU8(key.sign(written));
  return zipSync(files, { level: 0 });
}

/** A payment in the place of a row, with digest, block and every head from there on. */
function rewriteRow(part: Part, rows: [number, string][]): void {
  const at = rows.findIndex(([, text]) => text.includes('"tick"'));
  const [seq, text] = rows[at] as [number, string];
  rows[at] = [seq, `${text.split('\n').slice(0, 6).join('\n')}\n{"kind":"grant"}`];
  let previous = part.before;
  for (const block of part.blocks) {
    const digest = sha256((rows[at] as [number, string])[1]);
    if (block.digests !== undefined && seq >= block.first && seq <= block.last)
      block.digests[seq - block.first] = [digest, sha256(`${seq} ${digest}`).slice(0, 16)];
    const root = block.digests === undefined ? (block.root ?? '') : rootOf(block.digests.map(([one]) => one));
    block.head = headOf(previous, block.first, block.last, root);
    previous = block.head;
  }
}

function signed(head: SignedHead, key: BoxKey, changes: Partial<SignedHead> = {}): SignedHead {
  const changed = { ...head, ...changes, key: key.publicKey };
  return { ...changed, signature: key.sign(headText(changed, changed.wallMs)) };
}

async function strangersKey(): Promise<BoxKey> {
  const folder = temporaryFolder();
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
  writeFileSync(join(folder, 'evidence-key.pem'), pem, { mode: 0o600 });
  return openBoxKey(folder);
}

let [oldBox, newBox] = ['', ''];

beforeAll(async () => {
  oldBox = temporaryFolder.keep();
  newBox = temporaryFolder.keep();
  await makeBox(oldBox);
  swap(oldBox, newBox);
  await runOnce(newBox);
});

describe('after the swap of a box', () => {
  it('the first row says whom it follows: the end of the old chain, and the old key by a head that it has signed', async () => {
    const [oldKey, newKey] = [await keyOf(oldBox), await keyOf(newBox)];
    expect(newKey.publicKey).not.toBe(oldKey.publicKey);
    const [, second] = facts(newBox).filter((fact) => fact.kind === 'chain');
    const [last, head] = database(newBox, (opened) => {
      const first = opened.prepare('SELECT max(first) FROM chain').pluck().get();
      return opened.prepare('SELECT last, head FROM chain_block WHERE last < ? ORDER BY last DESC').raw().get(first);
    }) as [number, string];
    expect(second).toMatchObject({ why: 'restored', follows: { last, head, signed: [{ key: oldKey.publicKey }] } });
  });

  it.each([
    ['delivered by the old box', DELIVERED],
    ['given by the old box, waiting at the swap', WAITING],
    ['behind the last head that the old box signed by the hour', LATE],
  ])('a record %s is proven by all verifiers, with the key of then', async (_, id) => {
    const file = bundle(newBox, id);
    const zip = readFileSync(file);
    expect(found(zip, newBox)).toEqual([[], [], []]);
    const { publicKey } = await keyOf(oldBox);
    expect(checkBundle(zip)).toMatchObject({
      key: (await keyOf(newBox)).publicKey,
      former: [{ head: { key: publicKey } }],
    });
    expect(pageCheck()(zip).former.map(({ head }) => head?.key)).toEqual([publicKey]);
    const { status, stdout } = lanewarden('verify', file);
    expect(status).toBe(0);
    expect(stdout).toMatch(new RegExp(`signed at .* by key ${publicKey}: compare it with the acceptance sheet`));
    expect(strFromU8(unzipSync(zip)['sheet.html'] as Uint8Array)).toContain(publicKey);
  });

  it('a second swap goes on from the first: each box names the one before', async () => {
    const third = temporaryFolder();
    swap(newBox, third);
    await runOnce(third);
    const zip = readFileSync(bundle(third, DELIVERED));
    expect(found(zip, third)).toEqual([[], [], []]);
    const keys = [(await keyOf(oldBox)).publicKey, (await keyOf(newBox)).publicKey];
    expect(checkBundle(zip)).toMatchObject({ former: keys.map((key) => ({ head: { key } })) });
    expect(lanewarden('verify', '--frames', '--store', stateOf(third))).toMatchObject({ status: 0 });
  });

  it('the chain fits, says whose end it follows, and pictures that stayed behind are no fault', async () => {
    const { status, stdout } = lanewarden('verify', '--frames', '--store', stateOf(newBox));
    expect({ status, stdout }).toMatchObject({ status: 0 });
    expect(stdout).toContain('2 pictures fit');
    expect(stdout).toContain('3 pictures are not on this box');
    expect(stdout).toContain(`by key ${(await keyOf(oldBox)).publicKey}`);
  });

  it('a command before the program has run signs by the new key; what it adds to the old chain changes no later bundle', async () => {
    const box = temporaryFolder();
    swap(oldBox, box);
    // The old box said that it had signed, behind its last head.
    expect(found(readFileSync(bundle(box, DELIVERED)), box)).toEqual([[], [], []]);
    const tool = await open({ path: stateOf(box), tool: true });
    expect(await tool.review.correct(WAITING, { plate: { text: '粤B99999' } }, '李四', '看图更正')).toBe(true);
    await tool.close();
    expect(found(readFileSync(bundle(box, WAITING)), box)).toEqual([[], [], []]);
    await runOnce(box);
    const zip = readFileSync(bundle(box, DELIVERED));
    expect(found(zip, box)).toEqual([[], [], []]);
    expect(checkBundle(zip)).toMatchObject({ former: [{ head: { key: (await keyOf(oldBox)).publicKey } }] });
  });

  it('a box restored from its own backup goes on with its key: rows from before and since are proven together', async () => {
    const box = copied(oldBox);
    await restoredOnItself(box);
    await delivered(box, WAITING);
    const zip = readFileSync(bundle(box, WAITING));
    expect(found(zip, box)).toEqual([[], [], []]);
    const { publicKey } = await keyOf(oldBox);
    expect(checkBundle(zip)).toMatchObject({ key: publicKey, former: [{ head: { key: publicKey } }] });
    expect(strFromU8(unzipSync(zip)['rows.jsonl'] as Uint8Array)).toContain('delivered');
  });

  it('heads of the old box agree; one from behind the backup says that rows did not come along', async () => {
    const [later, box] = [copied(oldBox), copied(newBox)];
    const rows = await open({ path: stateOf(later), version: '0.1.0', wallTrusted: true });
    rows.journal.append('1001', { kind: 'tick', atMs: Math.floor(clock.nowMs()) + rows.boot.laneOffsetMs });
    await signHead({ store: rows, clock, folder: join(stateOf(later), 'page') }, await keyOf(later));
    await rows.close();
    const heads = database(later, (opened) =>
      opened.prepare('SELECT * FROM chain_head ORDER BY last').all(),
    ) as SignedHead[];
    const kept = join(box, 'heads.jsonl');
    const verify = (told: readonly SignedHead[]) => {
      writeFileSync(kept, told.map((evidence) => `${JSON.stringify({ evidence })}\n`).join(''));
      return lanewarden('verify', '--store', stateOf(box), '--heads', kept);
    };
    expect(verify(heads.slice(0, -1))).toMatchObject({ status: 0 });
    const { status, stdout } = verify(heads);
    expect({ status, stdout }).toMatchObject({ status: 1 });
    expect(stdout).toMatch(
      new RegExp(
        `row ${heads.at(-1)?.last} is of a chain that ends here at row \\d+: the rows behind are not on this box`,
      ),
    );
    expect(stdout).not.toContain('were rewritten');
  });

  it('a bundle that the old box made is proven as before, and needs nothing of the new one', async () => {
    const zip = readFileSync(bundle(oldBox, DELIVERED));
    expect(found(zip, oldBox)).toEqual([[], [], []]);
    expect(JSON.parse(strFromU8(unzipSync(zip)['manifest.json'] as Uint8Array)).version).toBe(1);
    expect(JSON.parse(strFromU8(unzipSync(zip)['chain.json'] as Uint8Array))).not.toHaveProperty('later');
  });

  it('where the first row of the new chain is of 1.0.0-rc.1, it proves what that one names', async () => {
    const box = copied(newBox);
    const seq = database(box, (opened) => opened.prepare('SELECT max(first) FROM chain').pluck().get()) as number;
    const fact = facts(box).find((each) => each.kind === 'chain' && each.follows !== undefined);
    const { follows, ...before } = fact as Beginning;
    const { signed: _, ...former } = follows as NonNullable<typeof follows>;
    rewrite(stateOf(box), seq, JSON.stringify({ ...before, former }));
    database(box, (opened) => opened.prepare('DELETE FROM chain_head WHERE last >= ?').run(seq));
    const zip = readFileSync(bundle(box, DELIVERED));
    expect(found(zip, box)).toEqual([[], [], []]);
    expect(checkBundle(zip).former).toEqual([{ chain: former.chain, last: former.last }]);
    // But for the heads that were taken away here.
    const { stdout } = lanewarden('verify', '--frames', '--json', '--store', stateOf(box));
    const { faults } = JSON.parse(stdout) as { readonly faults: readonly { readonly table?: string }[] };
    expect(faults.filter(({ table }) => table !== 'chain_head')).toEqual([]);
  });
});

describe('a picture', () => {
  const frames = (box: string, id: number): string =>
    database(box, (opened) =>
      join(
        stateOf(box),
        'frames',
        opened.prepare('SELECT frame_file FROM release WHERE id = ?').pluck().get(id) as string,
      ),
    );

  it.each([
    ['that came along, of a waiting record', () => copied(newBox), WAITING],
    ['of a record delivered since', async () => delivered(copied(newBox), WAITING), WAITING],
    ['of the box itself', () => copied(oldBox), DELIVERED],
    [
      'of a delivered record, on the box whose own backup was restored',
      async () => {
        const box = copied(oldBox);
        await restoredOnItself(box);
        return box;
      },
      DELIVERED,
    ],
  ])('%s that is gone remains a fault', async (_, made, id) => {
    const box = await made();
    expect(lanewarden('verify', '--frames', '--store', stateOf(box))).toMatchObject({ status: 0 });
    rmSync(frames(box, id));
    const { status, stdout } = lanewarden('verify', '--frames', '--store', stateOf(box));
    expect({ status, stdout }).toMatchObject({ status: 1 });
    expect(stdout).toContain(`the picture of record ${id} (picture) is not the one that was taken`);
  });

  it('that stands where one stayed behind is compared', () => {
    const box = copied(newBox);
    writeFileSync(frames(box, DELIVERED), 'another');
    expect(lanewarden('verify', '--frames', '--store', stateOf(box)).stdout).toContain(
      `the picture of record ${DELIVERED} (picture) is not the one that was taken`,
    );
  });
});

describe('what somebody forges', () => {
  const forgedBy = async (change: (chain: Part, rows: [number, string][], stranger: BoxKey) => void) => {
    const stranger = await strangersKey();
    const zip = readFileSync(bundle(newBox, DELIVERED));
    return forged(zip, await keyOf(newBox), (chain, rows) => change(chain, rows, stranger));
  };

  it.each<[string, string, (chain: Part, rows: [number, string][], stranger: BoxKey) => void]>([
    [
      'a head by a key that nobody vouches for',
      'key',
      (chain, _, stranger) => {
        chain.heads = chain.heads.map((head) => signed(head, stranger));
      },
    ],
    ['a row of the old box, with its chain', 'follows', (chain, rows) => rewriteRow(chain, rows)],
    [
      'a row of the old box, with its chain and heads by another key',
      'follows',
      (chain, rows, stranger) => {
        rewriteRow(chain, rows);
        const heads = new Map(chain.blocks.map(({ last, head }) => [last, head]));
        chain.heads = chain.heads.map((head) => signed(head, stranger, { head: heads.get(head.last) ?? '' }));
      },
    ],
    [
      'a bundle without the chain that follows',
      'row',
      (chain) => {
        delete chain.later;
      },
    ],
    [
      'a bundle without the row that names the old box',
      'follows',
      (chain, rows) => {
        const first = chain.later?.[0]?.blocks[0]?.first;
        rows.splice(
          rows.findIndex(([seq]) => seq === first),
          1,
        );
      },
    ],
    [
      'an old chain that ends sooner than the new one says',
      'follows',
      (chain) => {
        chain.blocks.pop();
      },
    ],
  ])('%s is refused by all verifiers', async (_, what, change) => {
    const zip = await forgedBy(change);
    for (const faults of found(zip, temporaryFolder())) expect(faults).toContain(what);
  });

  /** By whoever has the key of the new box: its first row names the end of what he made of the old chain. */
  function refollowed(
    chain: Part,
    rows: [number, string][],
    newKey: BoxKey,
    change: (fact: Beginning) => Beginning,
  ): void {
    const [later] = chain.later ?? [];
    const [block] = later?.blocks ?? [];
    if (later === undefined || block?.digests === undefined) return;
    const at = rows.findIndex(([seq]) => seq === block.first);
    const [seq, text] = rows[at] as [number, string];
    const lines = text.split('\n');
    const made = [...lines.slice(0, 6), JSON.stringify(change(JSON.parse(lines.slice(6).join('\n'))))].join('\n');
    rows[at] = [seq, made];
    block.digests[0] = [sha256(made), sha256(`${seq} ${sha256(made)}`).slice(0, 16)];
    let previous = later.before;
    for (const one of later.blocks) {
      const root = one.digests === undefined ? (one.root ?? '') : rootOf(one.digests.map(([digest]) => digest));
      one.head = headOf(previous, one.first, one.last, root);
      previous = one.head;
    }
    later.heads = [signed(later.heads.at(-1) as SignedHead, newKey, { head: previous })];
  }

  it('whoever has the key of the new box can make all of it: then it shows another old key, and another head', async () => {
    const [stranger, newKey, zip] = [
      await strangersKey(),
      await keyOf(newBox),
      readFileSync(bundle(newBox, DELIVERED)),
    ];
    const made = forged(zip, newKey, (chain, rows) => {
      rewriteRow(chain, rows);
      const { last, head } = chain.blocks.at(-1) as { last: number; head: string };
      chain.heads = [signed(chain.heads[0] as SignedHead, stranger, { last, head })];
      const follows = { chain: chain.chain, last, head, signed: chain.heads };
      refollowed(chain, rows, newKey, (fact) => ({ ...fact, follows }));
    });
    expect(found(made, temporaryFolder())).toEqual([[], [], []]);
    const { former, heads } = checkBundle(made);
    expect(former[0]?.head?.key).toBe(stranger.publicKey);
    expect(former[0]?.head?.key).not.toBe((await keyOf(oldBox)).publicKey);
    expect(heads.at(-1)?.head).not.toBe(checkBundle(zip).heads.at(-1)?.head);
  });

  it('but not beside what the old key has signed', async () => {
    const newKey = await keyOf(newBox);
    const made = forged(readFileSync(bundle(newBox, DELIVERED)), newKey, (chain, rows) => {
      rewriteRow(chain, rows);
      chain.heads = [];
      const { last, head } = chain.blocks.at(-1) as { last: number; head: string };
      refollowed(chain, rows, newKey, (fact) => ({ ...fact, follows: { ...(fact.follows as Followed), last, head } }));
    });
    for (const faults of found(made, temporaryFolder())) expect(faults).toEqual(['head']);
  });

  it('anything else changed in the bundle is named at the right place by all verifiers', () => {
    const zip = readFileSync(bundle(newBox, WAITING));
    const folder = temporaryFolder();
    const changed = Object.entries(TRICKS).map(([name, trick]) => ({ name, ...tampered(zip, trick) }));
    const second = python(
      changed.map(({ zip: bytes }, at) => {
        const file = join(folder, `${at}.zip`);
        writeFileSync(file, bytes);
        return file;
      }),
    );
    for (const [at, { name, named, zip: bytes }] of changed.entries()) {
      const all = [
        checkBundle(bytes).faults,
        (second[at]?.faults ?? []).map(([, file, seq]) => ({ file, seq })),
        pageCheck()(bytes).faults,
      ];
      for (const faults of all) {
        const isIt = ({ file, seq }: { readonly file?: unknown; readonly seq?: unknown }) =>
          file === named?.file && (named?.seq === undefined || seq === named.seq);
        const isRight = named === undefined ? faults.length === 0 : faults.some(isIt);
        expect({ name, named, faults, isRight }).toMatchObject({ isRight: true });
      }
    }
  });

  it('an old row rewritten on the new box is named, and no bundle is made of it', () => {
    const box = copied(newBox);
    rewrite(stateOf(box), 50);
    database(box, (opened) => opened.exec('DELETE FROM chain_head WHERE last < (SELECT max(first) FROM chain)'));
    const { status, stdout } = lanewarden('verify', '--store', stateOf(box));
    expect({ status, stdout }).toMatchObject({ status: 1 });
    expect(stdout).toMatch(/row \d+ names another end \(row \d+\) of the chain before than there is/);
    expect(lanewarden('evidence', `${DELIVERED}`, '--store', stateOf(box), '--folder', box)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('no later one names where that ended'),
    });
  });

  it('a head put into the old chain by another key is named', async () => {
    const box = copied(newBox);
    const stranger = await strangersKey();
    database(box, (opened) => {
      const row = opened
        .prepare('SELECT *, wall_ms AS wallMs FROM chain_head ORDER BY last LIMIT 1')
        .get() as SignedHead;
      const { key, signature } = signed(row, stranger);
      opened.prepare('UPDATE chain_head SET key = ?, signature = ? WHERE last = ?').run(key, signature, row.last);
    });
    const { status, stdout } = lanewarden('verify', '--store', stateOf(box));
    expect({ status, stdout }).toMatchObject({ status: 1 });
    expect(stdout).toContain(`was signed by key ${stranger.publicKey}, which the chain behind does not name`);
  });

  it('a backup rewritten before the swap has no head of then, which is said; a head kept outside gives it away', async () => {
    const [from, box] = [copied(oldBox), temporaryFolder()];
    const kept = database(from, (opened) =>
      opened.prepare('SELECT * FROM chain_head ORDER BY last LIMIT 1').get(),
    ) as SignedHead;
    rewrite(stateOf(from), 50);
    // Without the key of the old box he signs none.
    database(from, (opened) => opened.exec('DELETE FROM chain_head'));
    rmSync(join(stateOf(from), 'page/evidence-key.pem'));
    swap(from, box);
    await runOnce(box);
    const file = bundle(box, DELIVERED);
    expect(found(readFileSync(file), box)).toEqual([[], [], []]);
    expect(lanewarden('verify', file).stdout).toContain('no head of then covers the rows');
    expect(pageCheck()(readFileSync(file)).former[0]?.head).toBeUndefined();
    const heads = join(box, 'heads.txt');
    writeFileSync(heads, `${kept.chain} ${kept.last} ${kept.head}\n`);
    expect(lanewarden('verify', '--store', stateOf(box), '--heads', heads)).toMatchObject({
      status: 1,
      stdout: expect.stringContaining(`the head kept outside for row ${kept.last} is not this box’s`),
    });
  });
});

function copied(from: string): string {
  const box = temporaryFolder();
  cpSync(from, box, { recursive: true });
  return box;
}

/** As after a new system on the same disk. */
async function restoredOnItself(box: string): Promise<void> {
  swap(box, box);
  rmSync(join(stateOf(box), 'alive'));
  await runOnce(box);
}

async function delivered(box: string, id: number): Promise<string> {
  const store = await open({ path: stateOf(box), version: '0.1.0', wallTrusted: true });
  await store.outbox.delivered(id, { seqno: '9' });
  await store.close();
  return box;
}
