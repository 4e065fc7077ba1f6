/** What may be installed: only what the holder of the key has signed, byte for byte. */
import { generateKeyPairSync, sign } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { installPackage } from '../../src/system/update.ts';
import { readKeys, type UpdateKeys } from '../../src/system/update-keys.ts';
import {
  clearRequest,
  requestUpdate,
  takeRequest,
  type UpdateMarks,
  updateState,
  writeResult,
} from '../../src/system/update-request.ts';
import { checkCarried, checkSignature, signedPart, withSignature } from '../../src/system/update-signature.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const pem = (key: typeof publicKey): string => key.export({ type: 'spki', format: 'pem' }) as string;
/** A box with this key alone. */
const ringOf = (key: typeof publicKey): UpdateKeys => {
  const file = join(folder(), 'update.pub');
  writeFileSync(file, pem(key));
  return readKeys({ trusted: [file], revoked: [] });
};
const bytes = Buffer.from('a package');
const folder = (): string => mkdtempSync(join(tmpdir(), 'lanewarden-update-test-'));
/** Who may not install is told so first. */
const isRoot = process.getuid?.() === 0;
const refused = (code: string) => expect.objectContaining({ code: isRoot ? code : 'notRoot' });

describe('the signature of a package', () => {
  it('is that of the key over every byte', () => {
    const good = sign(null, bytes, privateKey);
    expect(() => checkSignature(bytes, good, ringOf(publicKey))).not.toThrow();
    const others = generateKeyPairSync('ed25519');
    const bad: readonly (readonly [Uint8Array, Uint8Array, UpdateKeys])[] = [
      [Buffer.from('a package!'), good, ringOf(publicKey)],
      [bytes, good.subarray(0, 63), ringOf(publicKey)],
      [bytes, Buffer.alloc(64), ringOf(publicKey)],
      [bytes, new Uint8Array(), ringOf(publicKey)],
      [bytes, good, ringOf(others.publicKey)],
    ];
    for (const [package_, signature, key] of bad)
      expect(() => checkSignature(package_, signature, key)).toThrow(expect.objectContaining({ code: 'signature' }));
  });

  it('is asked for before anything else is done with a file', () => {
    const at = folder();
    const file = join(at, 'x.deb');
    writeFileSync(file, bytes);
    const install = (): unknown => installPackage(file, { keys: ringOf(publicKey), allowDowngrade: false });
    expect(install).toThrow(refused('signature'));
    // Signed, and still no package: nothing reaches dpkg.
    writeFileSync(`${file}.sig`, sign(null, bytes, privateKey));
    expect(install).toThrow(refused('notPackage'));
  });

  it.skipIf(!isRoot)('finds no packages in the temporary folder that a killed update left there', () => {
    const left = mkdtempSync(join(tmpdir(), 'lanewarden-update-'));
    const ofNow = mkdtempSync(join(tmpdir(), 'lanewarden-update-'));
    writeFileSync(join(left, 'package.deb'), bytes);
    const yesterdayS = Date.now() / 1_000 - 86_400;
    utimesSync(left, yesterdayS, yesterdayS);
    const file = join(folder(), 'x.deb');
    writeFileSync(file, bytes);
    writeFileSync(`${file}.sig`, sign(null, bytes, privateKey));
    expect(() => installPackage(file, { keys: ringOf(publicKey), allowDowngrade: false })).toThrow();
    expect([existsSync(left), existsSync(ofNow)]).toEqual([false, true]);
    rmSync(ofNow, { recursive: true });
  });

  it('may be within, as the last part of the archive; one beside it counts instead', async () => {
    const file = join(folder(), 'x.deb');
    const carrying = withSignature(bytes, sign(null, bytes, privateKey));
    expect(signedPart(carrying).signed).toEqual(bytes);
    await checkCarried(carrying, ringOf(publicKey));
    const install = (): unknown => installPackage(file, { keys: ringOf(publicKey), allowDowngrade: false });
    writeFileSync(file, carrying);
    expect(install).toThrow(refused('notPackage'));
    writeFileSync(`${file}.sig`, sign(null, bytes, privateKey));
    expect(install).toThrow(refused('signature'));
  });

  it('within counts for every byte before it, and must be there', async () => {
    const carrying = withSignature(bytes, sign(null, bytes, privateKey));
    const changed = [0, bytes.length - 1, bytes.length, carrying.length - 65, carrying.length - 1].map((at) => {
      const copy = Buffer.from(carrying);
      copy[at] = (copy[at] ?? 0) ^ 1;
      return copy;
    });
    const file = join(folder(), 'x.deb');
    for (const bad of [
      ...changed,
      bytes,
      Buffer.alloc(0),
      carrying.subarray(bytes.length),
      Buffer.concat([carrying, bytes]),
    ]) {
      await expect(checkCarried(bad, ringOf(publicKey))).rejects.toMatchObject({ code: 'signature' });
      writeFileSync(file, bad);
      expect(() => installPackage(file, { keys: ringOf(publicKey), allowDowngrade: false })).toThrow(
        refused('signature'),
      );
    }
  });

  it('a link is no package: the folder of a request belongs to somebody with fewer rights', () => {
    const at = folder();
    symlinkSync('/etc/shadow', join(at, 'x.deb'));
    expect(() => installPackage(join(at, 'x.deb'), { keys: ringOf(publicKey), allowDowngrade: false })).toThrow(
      refused('ELOOP'),
    );
  });
});

describe('a request of the page', () => {
  it('is whole before it is seen, taken once, and leaves nothing', async () => {
    const at = folder();
    const spool = join(at, 'update');
    writeFileSync(join(at, 'given'), bytes);
    await requestUpdate(spool, join(at, 'given'));
    expect(readdirSync(at)).toEqual(['update']);
    expect(readdirSync(spool).sort()).toEqual(['package.deb', 'request']);
    expect(readFileSync(takeRequest(spool))).toEqual(bytes);
    expect(readdirSync(spool)).toEqual(['package.deb']);
    clearRequest(spool);
    expect(readdirSync(spool)).toEqual([]);
  });

  it('is not taken with the signature of another one', async () => {
    const at = folder();
    writeFileSync(join(at, 'package.deb.sig'), 'of another');
    writeFileSync(join(at, 'given'), bytes);
    await requestUpdate(at, join(at, 'given'));
    expect(readdirSync(at).sort()).toEqual(['package.deb', 'request']);
  });
});

describe('how the last update stands', () => {
  const marks = (): UpdateMarks => {
    const at = folder();
    return { spool: at, result: join(at, 'result.json'), releases: at };
  };
  const now = Date.now();
  const agedMs = (file: string, ms: number): void => utimesSync(file, (now - ms) / 1000, (now - ms) / 1000);

  it('is unknown on a box that never had one', () => expect(updateState(marks(), now)).toBeUndefined());

  it('is that of the request while nobody has taken it, whatever became of the one before', () => {
    const at = marks();
    writeResult({ state: 'done', version: '1.0.0' }, at.result);
    writeFileSync(join(at.spool, 'request'), '');
    expect(updateState(at, now)).toEqual({ state: 'asked' });
    agedMs(join(at.spool, 'request'), 61_000);
    expect(updateState(at, now)).toMatchObject({ state: 'failed', code: 'lost' });
  });

  it('is as root says, and lost when the installation does not end', () => {
    const at = marks();
    writeResult({ state: 'installing' }, at.result);
    expect(updateState(at, now)).toEqual({ state: 'installing' });
    agedMs(at.result, 17 * 60_000);
    expect(updateState(at, now)).toMatchObject({ state: 'failed', code: 'lost' });
  });

  it('is that of the trial once installed: also when whoever watched it is gone, and after a reboot', () => {
    const at = marks();
    writeResult({ state: 'proving', version: '1.1.0' }, at.result);
    writeFileSync(join(at.releases, 'trial'), 'to=1.1.0\nback=1.0.0\nstarts=1\n');
    expect(updateState(at, now)).toEqual({ state: 'proving', version: '1.1.0' });
    const afterReboot = { ...at, result: join(folder(), 'result.json') };
    expect(updateState(afterReboot, now)).toEqual({ state: 'proving', version: '1.1.0' });
    // It is being thrown back, and its database is not there yet: told when all is done.
    writeFileSync(join(at.releases, 'reverted'), 'version=1.1.0\nback=1.0.0\n');
    expect(updateState(at, now)).toEqual({ state: 'proving', version: '1.1.0' });
    rmSync(join(at.releases, 'reverted'));
    writeFileSync(join(at.releases, 'trial'), '');
    expect(updateState(at, now)).toEqual({ state: 'done', version: '1.1.0' });
    writeFileSync(join(at.releases, 'reverted'), 'version=1.1.0\nback=1.0.0\n');
    expect(updateState(at, now)).toMatchObject({ state: 'failed', code: 'reverted', version: '1.1.0' });
  });
});
