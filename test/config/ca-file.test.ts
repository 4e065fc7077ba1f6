/** `cloud.ca`: what is in the file is what is believed, so a file that cannot be used is a fault like any other. */
import { X509Certificate } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/file.ts';
import { certificate } from '../delivery/upload/platform.ts';
import { kinds } from './kinds.ts';
import { faultsIn, GOOD, workshop } from './workshop.ts';

const made = certificate('-days', '2');
const other = certificate('-days', '2');

/** The configuration with `content` in the file that it names; undefined: there is no such file. */
function written(content: string | Buffer | undefined, name = 'ca.pem'): string {
  const file = workshop(
    GOOD.replace('url: https://platform.example\n', `url: https://platform.example\n  ca: ${name}\n`),
  );
  if (content !== undefined) writeFileSync(join(dirname(file), name), content);
  return file;
}

const faults = (file: string) => faultsIn(() => loadConfig(file, kinds, {}));

test('the certificates are read with the configuration, from a file beside it: one or several, with words between', () => {
  expect(loadConfig(written(made.cert), kinds, {}).cloud.ca).toBe(made.cert);
  const several = `issuer: company\n${made.cert}\n# and\n${other.cert}`;
  expect(loadConfig(written(several), kinds, {}).cloud.ca).toBe(several);
});

describe('is a fault of cloud.ca that says what to do', () => {
  const der = new X509Certificate(made.cert).raw;
  const damaged = made.cert.replace(/\n.{20}/, '\nAAAAAAAAAAAAAAAAAAAA');
  test.each<[string, string | Buffer | undefined, string, string]>([
    ['a file that is not there', undefined, 'cannot be read (ENOENT)', '读不了（ENOENT）'],
    ['an empty file', '', 'holds no PEM certificate', '没有可用的 PEM 证书'],
    ['something else', 'not a certificate\n', 'holds no PEM certificate', '没有可用的 PEM 证书'],
    ['a key', made.key, 'holds no PEM certificate', '没有可用的 PEM 证书'],
    ['a certificate in DER', der, 'holds no PEM certificate', '没有可用的 PEM 证书'],
    ['a damaged one', damaged, 'or a damaged one', '没有可用的 PEM 证书'],
    ['a damaged one behind a good one', `${other.cert}${damaged}`, 'or a damaged one', '没有可用的 PEM 证书'],
    ['half of one', made.cert.slice(0, 200), 'holds no PEM certificate', '没有可用的 PEM 证书'],
  ])('%s', (_, content, en, zh) => {
    const [fault, ...rest] = faults(written(content));
    expect(rest).toEqual([]);
    expect(fault).toMatchObject({ code: 'file', path: 'cloud.ca', line: 6, column: 7 });
    expect(fault?.message.en).toContain(en);
    expect(fault?.message.en).toContain('/ca.pem');
    expect(fault?.message.zh).toContain(zh);
    expect(fault?.hint.en).toMatch(/check the path|openssl x509 -inform der/);
  });

  test('a folder; and it stands beside every other fault', () => {
    const file = written(undefined, 'folder');
    mkdirSync(join(dirname(file), 'folder'));
    expect(faults(file)[0]?.message.en).toContain('EISDIR');
    const both = workshop(GOOD.replace('  url: https', '  ca: nowhere.pem\n  url: https').replace('settle', 'setle'));
    expect(faults(both).map(({ code }) => code)).toEqual(['file', 'unknownKey']);
  });
});
