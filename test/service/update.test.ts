/** What may be installed: only what the holder of the key has signed, byte for byte. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkSignature, installPackage, requestUpdate, takeRequest, updateKey } from '../../src/update.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const pem = (key: typeof publicKey): string => key.export({ type: 'spki', format: 'pem' }) as string;
const bytes = Buffer.from('a package');
/** Who may not install is told so first. */
const isRoot = process.getuid?.() === 0;
const refused = (code: string) => expect.objectContaining({ code: isRoot ? code : 'notRoot' });
const folder = (): string => mkdtempSync(join(tmpdir(), 'lanewarden-update-test-'));

describe('the signature of a package', () => {
  it('is that of the key over every byte', () => {
    const good = sign(null, bytes, privateKey);
    expect(() => checkSignature(bytes, good, pem(publicKey))).not.toThrow();
    const others = generateKeyPairSync('ed25519');
    const bad: readonly (readonly [Uint8Array, Uint8Array, string])[] = [
      [Buffer.from('a package!'), good, pem(publicKey)],
      [bytes, good.subarray(0, 63), pem(publicKey)],
      [bytes, Buffer.alloc(64), pem(publicKey)],
      [bytes, new Uint8Array(), pem(publicKey)],
      [bytes, good, pem(others.publicKey)],
      [bytes, good, pem(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey)],
    ];
    for (const [package_, signature, key] of bad)
      expect(() => checkSignature(package_, signature, key)).toThrow(expect.objectContaining({ code: 'signature' }));
  });

  it('is asked for before anything else is done with a file', () => {
    const at = folder();
    const file = join(at, 'x.deb');
    writeFileSync(file, bytes);
    const install = (): unknown => installPackage(file, { key: pem(publicKey), allowDowngrade: false });
    expect(install).toThrow(refused('signature'));
    // Signed, and still no package: nothing reaches dpkg.
    writeFileSync(`${file}.sig`, sign(null, bytes, privateKey));
    expect(install).toThrow(refused('notPackage'));
  });

  it('a link is no package: the folder of a request belongs to somebody with fewer rights', () => {
    const at = folder();
    symlinkSync('/etc/shadow', join(at, 'x.deb'));
    expect(() => installPackage(join(at, 'x.deb'), { key: pem(publicKey), allowDowngrade: false })).toThrow(
      refused('ELOOP'),
    );
  });

  it('needs a key of the box', () => {
    expect(() => updateKey([])).toThrow(expect.objectContaining({ code: 'noKey' }));
  });
});

describe('a request of the page', () => {
  it('is whole before it is seen, and taken once', () => {
    const at = join(folder(), 'update');
    requestUpdate(at, bytes, new Uint8Array(64));
    expect(readdirSync(at).sort()).toEqual(['package.deb', 'package.deb.sig', 'request']);
    expect(takeRequest(at)).toBe(join(at, 'package.deb'));
    expect(readdirSync(at)).not.toContain('request');
  });
});
