/** The form of a provisioning file: what is signed cannot change, what is sealed opens for one box only, and what is filled in is a value. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillPlaces, plainValue } from '../../src/config/edit.ts';
import { readDescription } from '../../src/provision/make.ts';
import { ProvisionError } from '../../src/provision/provision-error.ts';
import { type ProvisionBody, publicKeyOf, readProvision, signProvision } from '../../src/provision/provision-file.ts';
import { renderFor } from '../../src/provision/render.ts';
import { openSealKey, seal } from '../../src/provision/seal.ts';

const { privateKey } = generateKeyPairSync('ed25519');
const pem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
const place = (name: string): string => `$(${name})`;
const folder = (): string => mkdtempSync(join(tmpdir(), 'lanewarden-seal-'));
const body = (boxes: ProvisionBody['boxes']): ProvisionBody => ({
  madeWallMs: 1_790_000_000_000,
  note: '春季',
  configuration: `version: 1\nname: ${place('gate')}\n`,
  profiles: {},
  boxes,
});
function codeOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof ProvisionError ? error.code : String(error);
  }
}

describe('a description', () => {
  it('with faults of its form names each place with the reason', () => {
    const faults = (text: string): string => {
      try {
        readDescription(text);
        return '';
      } catch (error) {
        return error instanceof ProvisionError ? error.text.en : String(error);
      }
    };
    const token = (word: string) =>
      `configuration: a.yaml\ntokens: [{ name: p, scopes: [metrics], token: ${word} }]\nboxes: { a: {} }\n`;
    expect(faults(token('lw_x'))).toContain('tokens.0.token: at least 16 characters');
    expect(faults(token('lw_0123456789abc'))).toBe('');
    const others = faults('tokens: [{ name: p, scopes: [all], token: lw_0123456789abc }]\nboxen: {}\n');
    expect(others).toMatch(/configuration: .*missing/);
    expect(others).toContain('tokens.0.scopes.0: one of grants, ');
    expect(others).toContain('boxen: unknown');
  });
});

describe('a signed file', () => {
  const text = signProvision(body({ a: { values: { gate: '东口' } } }), pem);

  it('says who signed it, and what', () => {
    const { key, body: read } = readProvision(text);
    expect(key).toBe(publicKeyOf(privateKey));
    expect(read.boxes.a?.values).toEqual({ gate: '东口' });
  });

  it('is refused with any one byte changed or missing', () => {
    const bytes = Buffer.from(text);
    fc.assert(
      fc.property(fc.nat(bytes.length - 3), fc.integer({ min: 1, max: 255 }), fc.boolean(), (at, flip, isCut) => {
        const other = isCut ? bytes.subarray(0, at) : Buffer.from(bytes);
        if (!isCut) other[at] = (other[at] ?? 0) ^ flip;
        const changed = other.toString('utf8');
        // White space around the parts says nothing.
        if (JSON.stringify(parsed(changed)) === JSON.stringify(parsed(text))) return;
        expect(['damaged', 'signature']).toContain(codeOf(() => readProvision(changed)));
      }),
      { numRuns: 500 },
    );
  });
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

describe('what is sealed', () => {
  it('opens with the key of the box, under the name of its row, and not when changed', async () => {
    const [own, other] = [await openSealKey(folder()), await openSealKey(folder())];
    const sealed = seal(own.publicKey, 'a', '{"密钥":1}');
    expect(own.open(sealed, 'a')).toBe('{"密钥":1}');
    expect(own.open(sealed, 'b')).toBeUndefined();
    expect(other.open(sealed, 'a')).toBeUndefined();
    const bytes = Buffer.from(sealed, 'base64');
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(own.open(changed.toString('base64'), 'a'), `byte ${at}`).toBeUndefined();
    }
    expect(own.open('', 'a')).toBeUndefined();
  });

  it('is for the box whose key the row has, whatever the row is called; the key stays', async () => {
    const place = folder();
    const own = await openSealKey(place);
    expect((await openSealKey(place)).publicKey).toBe(own.publicKey);
    const part = JSON.stringify({ secrets: { x: 'y' }, users: [], tokens: [] });
    const row = { key: own.publicKey, values: { gate: 'a' }, sealed: seal(own.publicKey, '东口', part) };
    const file = readProvision(signProvision(body({ other: { values: {} }, 东口: row }), pem));
    expect(renderFor(file, 'lanewarden-0000', own)).toMatchObject({ row: '东口', part: { secrets: { x: 'y' } } });
    const stripped = readProvision(signProvision(body({ a: { key: own.publicKey, values: {} } }), pem));
    expect(codeOf(() => renderFor(stripped, 'a', own))).toBe('notSealed');
    expect(codeOf(() => renderFor(file, 'nobody', { ...own, publicKey: '0'.repeat(64) }))).toBe('otherBox');
  });
});

describe('a place', () => {
  const filled = (text: string, values: Record<string, unknown>) => {
    const made = fillPlaces(text, values);
    return { ...made, value: plainValue(made?.text ?? '') };
  };

  it('takes what its value is, and keeps the comment beside it', () => {
    const text = `f: { x: ${place('x')}, y: 1 }\na: ${place('x')} # of the sign\nb: http://${place('host')}:80/${place('x')}\nc: ${place('list')}\n`;
    const { text: made, value, missing, used } = filled(text, { x: 12, host: '192.168.1.64', list: [{ id: '1' }] });
    expect(value).toEqual({ f: { x: 12, y: 1 }, a: 12, b: 'http://192.168.1.64:80/12', c: [{ id: '1' }] });
    expect(made).toContain('# of the sign');
    expect([missing, used]).toEqual([[], ['x', 'host', 'list']]);
  });

  it('names values that are missing', () => {
    expect(filled(`a: ${place('x')}\nb: is ${place('y')}\n`, { x: 1 }).missing).toEqual(['y']);
  });

  it('never becomes more than a value', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        expect(filled(`a: ${place('x')}\nb: <${place('x')}>\n`, { x: value }).value).toEqual({
          a: value,
          b: `<${value}>`,
        });
      }),
    );
    expect(filled(`a: ${place('x')}\n`, { x: '1\nc: 2' }).value).toEqual({ a: '1\nc: 2' });
  });
});
