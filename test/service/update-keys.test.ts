/** Keys of updates from one to the next: a second one is taken, a revoked one never again, whatever package comes after; by the files of a box. */
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
// @ts-expect-error: a script of the packaging, without types
import { keyFiles as keyFilesOf } from '../../deploy/update-keys.mjs';
import { type KeyPlaces, readKeys } from '../../src/system/update-keys.ts';
import { checkCarried, checkSignature, withSignature } from '../../src/system/update-signature.ts';

const keyFiles = keyFilesOf as (
  trusted: readonly string[],
  revoked: readonly string[],
) => { readonly trusted?: string; readonly revoked?: string };
const keepRevocations = fileURLToPath(new URL('../../deploy/box/keep-revocations', import.meta.url));
const bytes = Buffer.from('a package');
const pair = () => generateKeyPairSync('ed25519');
const pem = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }) as string;

/** The four files of a box, and what a package does to them. */
function box() {
  const at = mkdtempSync(join(tmpdir(), 'lanewarden-keys-'));
  const file = (name: string): string => join(at, name);
  const places: KeyPlaces = {
    trusted: [file('site.pub'), file('package.pub')],
    revoked: [file('ever.pub'), file('package-revoked.pub')],
  };
  let files = 0;
  const kept = (key: KeyObject): string => {
    files += 1;
    writeFileSync(file(`given${files}`), pem(key));
    return file(`given${files}`);
  };
  return {
    places,
    file,
    site: (...keys: KeyObject[]) => writeFileSync(file('site.pub'), keys.map(pem).join('')),
    /** As dpkg unpacks it and its script runs. */
    install: (trusted: readonly KeyObject[], revoked: readonly KeyObject[] = []) => {
      const made = keyFiles(trusted.map(kept), revoked.map(kept));
      writeFileSync(file('package.pub'), made.trusted ?? '');
      writeFileSync(file('package-revoked.pub'), made.revoked ?? '');
      const environment = {
        LANEWARDEN_REVOKED: file('package-revoked.pub'),
        LANEWARDEN_REVOKED_EVER: file('ever.pub'),
      };
      execFileSync('sh', [keepRevocations], { env: { ...process.env, ...environment }, stdio: 'ignore' });
    },
    /** By the tool of root, and by the page. */
    takes: async (privateKey: KeyObject): Promise<string> => {
      const signature = sign(null, bytes, privateKey);
      const asRoot = outcome(() => checkSignature(bytes, signature, readKeys(places)));
      const asPage = await checkCarried(withSignature(bytes, signature), readKeys(places)).then(
        () => 'taken',
        (error: { code: string }) => error.code,
      );
      expect(asPage).toBe(asRoot);
      return asRoot;
    },
  };
}

function outcome(act: () => void): string {
  try {
    act();
    return 'taken';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('the keyring of updates', () => {
  it('takes what any of its keys signed: of the site, of the package, several in one file', async () => {
    const [first, second, third, other] = [pair(), pair(), pair(), pair()];
    const { site, install, takes } = box();
    site(first.publicKey, second.publicKey);
    install([third.publicKey]);
    for (const { privateKey } of [first, second, third]) expect(await takes(privateKey)).toBe('taken');
    expect(await takes(other.privateKey)).toBe('signature');
  });

  it('goes on with the single key it had', async () => {
    const only = pair();
    const { site, takes, places } = box();
    site(only.publicKey);
    expect(await takes(only.privateKey)).toBe('taken');
    expect(readKeys(places).trusted).toHaveLength(1);
  });

  it('the day one leaks: a package of the other key revokes it and brings its successor', async () => {
    const [leaked, reserve, successor] = [pair(), pair(), pair()];
    const { site, install, takes } = box();
    site(leaked.publicKey, reserve.publicKey);
    expect(await takes(reserve.privateKey)).toBe('taken');
    install([successor.publicKey, reserve.publicKey], [leaked.publicKey]);
    expect(await takes(leaked.privateKey)).toBe('revoked');
    expect(await takes(successor.privateKey)).toBe('taken');
    expect(await takes(reserve.privateKey)).toBe('taken');
  });

  it('no later package, older package or file of the site brings a revoked key back', async () => {
    const [leaked, successor] = [pair(), pair()];
    const { site, install, takes, places } = box();
    install([successor.publicKey], [leaked.publicKey]);
    // The older one knows nothing of it, and trusts the leaked key.
    install([leaked.publicKey]);
    site(leaked.publicKey, successor.publicKey);
    expect(await takes(leaked.privateKey)).toBe('revoked');
    expect(await takes(successor.privateKey)).toBe('taken');
    expect(readKeys(places).revoked).toHaveLength(1);
    // Told twice, kept once; the next one is kept beside it.
    install([pair().publicKey], [leaked.publicKey, successor.publicKey]);
    install([pair().publicKey], [leaked.publicKey]);
    expect(await takes(successor.privateKey)).toBe('revoked');
    expect(readKeys(places).revoked).toHaveLength(2);
  });

  it('without a key in force nothing is taken', () => {
    const only = pair();
    const { site, places, file } = box();
    expect(() => readKeys(places)).toThrow(expect.objectContaining({ code: 'noKey' }));
    site(only.publicKey);
    writeFileSync(file('ever.pub'), pem(only.publicKey));
    expect(() => readKeys(places)).toThrow(expect.objectContaining({ code: 'noKey' }));
  });

  it('a file that says less than it should is a fault, not a smaller ring', () => {
    const [good, other] = [pair(), pair()];
    const { site, places, file } = box();
    site(good.publicKey);
    const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey;
    const whole = pem(other.publicKey);
    for (const bad of [whole.slice(0, -10), whole.replace('MCow', 'MCox'), pem(rsa), 'x', whole.repeat(17)]) {
      writeFileSync(file('ever.pub'), bad);
      expect(() => readKeys(places)).toThrow(expect.objectContaining({ code: 'badKeys' }));
    }
    writeFileSync(file('ever.pub'), `# of 2026\n\n${whole}\n`);
    expect(readKeys(places).trusted).toHaveLength(1);
    expect(readFileSync(file('site.pub'), 'utf8')).toContain('BEGIN PUBLIC KEY');
  });
});

describe('the keyring of a package', () => {
  const given = (...keys: KeyObject[]): string => {
    const file = join(mkdtempSync(join(tmpdir(), 'lanewarden-keys-')), 'given.pub');
    writeFileSync(file, keys.map(pem).join('\n'));
    return file;
  };

  it('is not made when it would lock boxes out', () => {
    const [one, two] = [pair().publicKey, pair().publicKey];
    expect(() => keyFiles([given(one, two)], [given(two)])).toThrow(/in force and revoked at once/);
    expect(() => keyFiles([], [given(one)])).toThrow(/successor/);
    expect(keyFiles([], [])).toEqual({ trusted: undefined, revoked: undefined });
    const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey;
    expect(() => keyFiles([given(rsa)], [])).toThrow(/ed25519/);
  });
});
