/**
 * Bundles of evidence: whole, and with one thing changed, before all three verifiers. BUNDLES says how many: `npm run proof -- evidence` takes 10,000.
 */
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strToU8, unzipSync, Zip, ZipDeflate, zipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { checkBundle } from '../../src/evidence/bundle-check.ts';
import { lanewarden } from '../cli/in-process.ts';
import { frame, open, record, release, temporaryFolder } from '../store/open.ts';
import { FORGED_ZIPS, MISSHAPEN, TRICKS, tampered } from './tampering.ts';
import { pageCheck, python } from './verifiers.ts';

const BUNDLES = Number(process.env.BUNDLES ?? 500);
/** In one test. */
const AT_ONCE = 100;

let folder = '';
let zip = new Uint8Array();

/** A name of the same length in its place, in both directories of the zip. */
function renamed(packed: Uint8Array, from: string, to: string): Uint8Array {
  const bytes = Buffer.from(packed);
  for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at + 1)) bytes.write(to, at);
  return new Uint8Array(bytes);
}

/** The manifest as `bend` makes it, signed by a key of the forger. */
function resign(files: Record<string, Uint8Array>, bend: (manifest: Record<string, unknown>) => unknown): void {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const key = publicKey.export({ format: 'der', type: 'spki' }).subarray(12).toString('hex');
  const manifest = JSON.parse(Buffer.from(files['manifest.json'] as Uint8Array).toString());
  const text = JSON.stringify(bend({ ...manifest, key }));
  files['manifest.json'] = strToU8(text);
  files['manifest.sig'] = strToU8(sign(null, Buffer.from(text), privateKey).toString('hex'));
}

beforeAll(async () => {
  folder = temporaryFolder.keep();
  const path = join(folder, 'state');
  const store = await open({ path, version: '0.1.0', wallTrusted: true });
  store.journal.epoch('1001', { settle: 1 });
  const { boot } = store;
  const nowMs = Math.floor(systemClock().nowMs()) + boot.laneOffsetMs;
  for (let at = 0; at < 150; at += 1) store.journal.append('1001', { kind: 'tick', atMs: nowMs - 150 + at });
  for (let at = 0; at < 150; at += 1) store.journal.append('1002', { kind: 'tick', atMs: nowMs - 150 + at });
  const plate = '粤B12345';
  const told = { plate, carType: '2', carDesc: '月租车', endedWallMs: Date.parse('2026-05-02T00:00:00Z') };
  const put = await store.outbox.put(
    record('r1', {
      release: release('r1', { releaseAtMs: nowMs, plate: { text: plate, confidence: 0.9 } }),
      ...{ operator: '张三', operatorBy: 'pin' },
      known: {
        car: told,
        entry: { wallMs: Date.parse('2026-05-01T01:00:00Z'), lane: '入口', unpaid: true },
        owed: { plate, by: 'told', amount: 1_200, wallMs: Date.parse('2026-05-01T04:00:00Z') },
      },
    }),
  );
  await store.review.mark([put.id], { kind: 'owed', who: '审计员', from: '10.0.0.9', reason: '没付钱' });
  await store.outbox.attach(put.id, frame(900, 1));
  await store.outbox.beside(put.id, 'before', frame(700, 2));
  await store.outbox.retry(put.id, 0, 'server', { answer: { status: 500, code: '500' } });
  await store.outbox.delivered(put.id, { seqno: '7' });
  await store.close();
  const made = await lanewarden(['evidence', String(put.id), '--store', path, '--folder', folder, '--lang', 'en']);
  expect(made).toMatchObject({ status: 0, stderr: '' });
  zip = readFileSync(join(folder, `evidence-${put.id}.zip`));
});

describe('a bundle', () => {
  it('untouched is proven by both verifiers, and by the command', async () => {
    expect(checkBundle(zip)).toMatchObject({ faults: [], frames: 2, heads: [{ ways: [] }] });
    const file = join(folder, 'evidence-1.zip');
    expect(python([file])[0]?.faults).toEqual([]);
    const said = await lanewarden(['verify', file, '--lang', 'en']);
    expect(said.status).toBe(0);
    expect(said.stdout).toMatch(/^WHOLE, KEY NOT COMPARED {2}/);
    expect(said.stdout).toContain('fit the signed heads');
    // No head has left this box: that is said.
    expect(said.stdout).toContain('no head behind it is known to have left the box');
  });

  it('packed again by another program, with entries of folders, is proven by all three; a folder that holds something is not', async () => {
    const files = unzipSync(zip);
    const folders = { 'frames/': new Uint8Array(), 'notes/': new Uint8Array() };
    const hidden = { ...files, 'frames/': new Uint8Array([1]) };
    const inPage = pageCheck();
    for (const [name, level] of [['stored', 0] as const, ['fast', 1] as const, ['small', 9] as const]) {
      const packed = zipSync({ ...folders, ...files }, { level });
      const file = join(folder, `${name}.zip`);
      writeFileSync(file, packed);
      expect({ name, faults: checkBundle(packed).faults }).toEqual({ name, faults: [] });
      expect({ name, faults: [...inPage(packed).faults] }).toEqual({ name, faults: [] });
      expect(python([file])[0]?.faults).toEqual([]);
      expect((await lanewarden(['verify', file])).status).toBe(0);
      const added = zipSync(hidden, { level });
      writeFileSync(file, added);
      expect(checkBundle(added).faults).toContainEqual({ what: 'added', file: 'frames/' });
      expect(inPage(added).faults.map(({ file: where }) => where)).toContain('frames/');
      expect(python([file])[0]?.faults).toContainEqual(['added', 'frames/', null]);
    }
  });

  it('packed again with the sizes behind each entry is proven by all three', () => {
    const parts: Uint8Array[] = [];
    const packed = new Zip((_, part) => parts.push(part));
    for (const [name, bytes] of Object.entries(unzipSync(zip))) {
      const entry = new ZipDeflate(name);
      packed.add(entry);
      entry.push(bytes, true);
    }
    packed.end();
    const file = join(folder, 'behind.zip');
    writeFileSync(file, Buffer.concat(parts));
    const bytes = new Uint8Array(readFileSync(file));
    expect(bytes[6]).toBe(8);
    expect(checkBundle(bytes).faults).toEqual([]);
    expect([...pageCheck()(bytes).faults]).toEqual([]);
    expect(python([file])[0]?.faults).toEqual([]);
  });

  it('shows the rows of its lane and of its record, and nothing of another lane', async () => {
    const text = Buffer.from(zip).toString('utf8');
    expect(text).toContain('\\n1001\\n');
    expect(text).not.toContain('\\n1002\\n');
  });

  const chunks = Array.from({ length: Math.ceil(BUNDLES / AT_ONCE) }, (_, at) => at * AT_ONCE);
  it.each(chunks)(
    'with one thing changed is named at the right place by all three, from the %d-th on',
    async (begin) => {
      const inPage = pageCheck();
      const names = Object.keys(TRICKS);
      const place = join(folder, 'changed');
      mkdirSync(place, { recursive: true });
      const changed = Array.from({ length: Math.min(AT_ONCE, BUNDLES - begin) }, (_, at) => {
        const name = names[(begin + at) % names.length] as string;
        return { name, ...tampered(zip, TRICKS[name] as (typeof TRICKS)[string]) };
      });
      const files = changed.map(({ zip: bytes }, at) => {
        const file = join(place, `${at}.zip`);
        writeFileSync(file, bytes);
        return file;
      });
      const second = python(files);
      for (const [at, { name, named, zip: bytes }] of changed.entries()) {
        const places = [
          checkBundle(bytes).faults,
          (second[at]?.faults ?? []).map(([, file, seq]) => ({ file, seq })),
          // The same rules in the same language: fewer of them, for its signatures take longest.
          ...(at < names.length ? [inPage(bytes).faults] : []),
        ];
        for (const faults of places) {
          const isIt = ({ file, seq }: { readonly file?: unknown; readonly seq?: unknown }) =>
            file === named?.file && (named?.seq === undefined || seq === named.seq);
          const isRight = named === undefined ? faults.length === 0 : faults.some(isIt);
          expect({ name, named, faults, isRight }).toMatchObject({ isRight: true });
        }
      }
    },
  );

  it.each([
    ['the record, the forged one first', 'record.json', true],
    ['the record, the forged one last', 'record.json', false],
    ['the rows', 'rows.jsonl', false],
    ['the manifest', 'manifest.json', true],
    ['a picture', 'frames/picture.jpg', false],
  ])('with a name twice is refused by all three: %s', async (_, name, isFirst) => {
    const files = unzipSync(zip);
    const beside = `${name.slice(0, -1)}~`;
    const forged = { [beside]: strToU8('forged') };
    const packed = renamed(zipSync(isFirst ? { ...forged, ...files } : { ...files, ...forged }), beside, name);
    const file = join(folder, 'twice.zip');
    writeFileSync(file, packed);
    expect(checkBundle(packed).faults).toContainEqual({ what: 'twice', file: name });
    expect(pageCheck()(packed).faults).toContainEqual(expect.objectContaining({ what: 'twice', file: name }));
    expect(python([file])[0]?.faults).toContainEqual(['twice', name, null]);
    const said = await lanewarden(['verify', file, '--lang', 'en']);
    expect(said).toMatchObject({ status: 1, stdout: expect.stringMatching(/^FAIL {2}/) });
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'])(
    'with a file called %s is refused by all three',
    async (name) => {
      const beside = `${name.slice(0, -1)}~`;
      const packed = renamed(zipSync({ ...unzipSync(zip), [beside]: strToU8('{}') }), beside, name);
      const file = join(folder, 'prototype.zip');
      writeFileSync(file, packed);
      expect(checkBundle(packed).faults).toEqual([{ what: 'added', file: name }]);
      expect([...pageCheck()(packed).faults]).toMatchObject([{ what: 'added', file: name }]);
      expect(python([file])[0]?.faults).toEqual([['added', name, null]]);
      expect((await lanewarden(['verify', file])).status).toBe(1);
    },
  );

  it.each(Object.entries(FORGED_ZIPS))('with %s is refused by all three', async (_, forge) => {
    const packed = new Uint8Array(forge(zip));
    const file = join(folder, 'forged.zip');
    writeFileSync(file, packed);
    expect(checkBundle(packed).faults).toMatchObject([{ what: 'hidden' }]);
    expect([...pageCheck()(packed).faults]).toMatchObject([{ what: 'hidden' }]);
    expect(python([file])[0]?.faults.map(([what]) => what)).toEqual(['hidden']);
    const said = await lanewarden(['verify', file, '--lang', 'en']);
    expect(said).toMatchObject({ status: 1, stdout: expect.stringContaining('the zip hides something') });
  });

  it.each([
    ['a mark before the manifest', 'manifest.json', (text: string) => `\ufeff${text}`],
    ['a line break behind its signature', 'manifest.sig', (text: string) => `${text}\n`],
    ['its signature in capitals', 'manifest.sig', (text: string) => text.toUpperCase()],
    ['its signature with blanks', 'manifest.sig', (text: string) => text.replaceAll(/../g, '$& ')],
  ] as const)('with %s is refused by all three', (_, name, change) => {
    const { zip: packed } = tampered(zip, (files) => {
      files[name] = strToU8(change(Buffer.from(files[name] as Uint8Array).toString()));
      return { how: name };
    });
    const file = join(folder, 'signature.zip');
    writeFileSync(file, packed);
    const what = name === 'manifest.sig' ? 'manifest' : 'zip';
    expect(checkBundle(packed).faults).toEqual([{ what }]);
    expect([...pageCheck()(packed).faults]).toMatchObject([{ what }]);
    expect(python([file])[0]?.faults).toEqual([[what, null, null]]);
  });

  it.each(Object.entries(MISSHAPEN))('whose manifest has %s is refused by all three, and so is no other', (_, bend) => {
    const packed = tampered(zip, (files) => {
      resign(files, bend);
      return { how: 'shape' };
    }).zip;
    const file = join(folder, 'misshapen.zip');
    writeFileSync(file, packed);
    expect(checkBundle(packed).faults).toEqual([{ what: 'zip' }]);
    expect([...pageCheck()(packed).faults]).toMatchObject([{ what: 'zip' }]);
    const whole = join(folder, 'evidence-1.zip');
    expect(python([file, whole]).map(({ verdict }) => verdict)).toEqual(['FAIL', 'WHOLE, KEY NOT COMPARED']);
  });

  it.each(['../sheet.html', 'Sheet.html', 'frames\\before.jpg', 'x\u001b[2K\u202e.html'])(
    'with a file called %j is refused by all three, though its manifest lists it',
    async (name) => {
      const { zip: packed } = tampered(zip, (files) => {
        files[name] = strToU8('forged');
        const sha256 = createHash('sha256').update('forged').digest('hex');
        resign(files, ({ files: listed, ...manifest }) => ({
          ...manifest,
          files: { ...(listed as object), [name]: sha256 },
        }));
        return { how: name };
      });
      const file = join(folder, 'name.zip');
      writeFileSync(file, packed);
      expect(checkBundle(packed).faults).toContainEqual({ what: 'added', file: name });
      expect(pageCheck()(packed).faults).toContainEqual(expect.objectContaining({ what: 'added', file: name }));
      expect(python([file])[0]?.faults).toContainEqual(['added', name, null]);
      const { stdout } = await lanewarden(['verify', file, '--lang', 'en']);
      expect(stdout).toContain('was put in from outside');
      // Nothing that would write over the verdict, or turn it round.
      expect(stdout).not.toMatch(/(?!\n)\p{C}/u);
    },
  );

  it('says one word, and compares key and heads with those that were given', async () => {
    const file = join(folder, 'evidence-1.zip');
    const { key = '', heads } = checkBundle(zip);
    const [head] = heads;
    const kept = join(folder, 'heads.txt');
    writeFileSync(kept, `${head?.chain} ${head?.last} ${head?.head}\n`);
    const wrong = join(folder, 'wrong-heads.txt');
    writeFileSync(wrong, `${head?.chain} ${head?.last} ${'0'.repeat(64)}\n`);
    const other = 'ab'.repeat(32);

    const said = async (...words: string[]) => {
      const { status, stdout } = await lanewarden(['verify', file, '--lang', 'en', ...words]);
      return { status, word: stdout.split(/\s/)[0], stdout };
    };
    const own = await said('--key', key, '--heads', kept, '--store', join(folder, 'state'));
    expect(own).toMatchObject({ status: 0, word: 'PASS' });
    expect(own.stdout).toContain('it is the key that was given');
    expect(own.stdout).toContain('of the heads that were given 1 is in this bundle, and agrees');
    expect(await said('--store', join(folder, 'state'))).toMatchObject({ status: 0, word: 'PASS' });
    expect(await said('--key', other)).toMatchObject({ status: 1, word: 'FAIL' });
    expect(await said('--heads', wrong)).toMatchObject({ status: 1, word: 'FAIL' });
    // Of another box: it has a key of its own.
    expect((await said('--store', join(folder, 'nowhere'))).status).toBe(2);
    expect((await said('--key', 'no key')).status).toBe(2);
    expect((await lanewarden(['verify', file, '--lang', 'zh'])).stdout).toMatch(/^内容完整，密钥未比对 /);
    expect((await lanewarden(['verify', file, '--lang', 'zh', '--key', key])).stdout).toMatch(/^通过 /);

    expect(python([file, '--key', key, '--heads', kept])[0]?.faults).toEqual([]);
    expect(python([file, '--key', other])[0]?.faults).toEqual([['otherKey', null, null]]);
    expect(python([file, '--heads', wrong])[0]?.faults).toEqual([['otherHead', 'chain.json', head?.last]]);
    expect([...pageCheck()(zip, key).faults]).toEqual([]);
    expect([...pageCheck()(zip, other).faults]).toMatchObject([{ what: 'otherKey' }]);
  });

  it('shows who was on duty, the vehicle, its entry, the sum and what people said; so does why', async () => {
    const sheet = Buffer.from(unzipSync(zip)['sheet.html'] as Uint8Array).toString();
    const why = (await lanewarden(['why', '1', '--store', join(folder, 'state'), '--lang', 'zh'])).stdout;
    for (const word of ['张三 凭 PIN 上岗', '月租车', '2026-05-01', '¥12', '追缴 · 审计员 · 没付钱']) {
      expect(sheet).toContain(word);
      expect(why).toContain(word);
    }
  });

  it('made by another key is not the box’s', async () => {
    const files = tampered(zip, (all) => {
      const manifest = Buffer.from(all['manifest.json'] as Uint8Array).toString();
      all['manifest.json'] = Buffer.from(manifest.replace(/"key": "../, '"key": "00'));
      return { how: 'key' };
    });
    expect(checkBundle(files.zip).faults).toContainEqual({ what: 'manifest' });
    const bytes = zip.slice(0, zip.length / 2);
    expect(checkBundle(bytes).faults).toEqual([{ what: 'zip' }]);
  });
});
