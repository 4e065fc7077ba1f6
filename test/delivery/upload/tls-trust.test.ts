/** Certificates of an own CA are parsed together with 140 well-known ones: once, and not for each connection. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { tlsTrust } from '../../../src/outward/tls-trust.ts';

const folder = mkdtempSync(join(tmpdir(), 'lanewarden-ca-'));
afterAll(() => rmSync(folder, { recursive: true }));

function madeCa(name: string): string {
  const [key, cert] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)];
  const words = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=${name} -days 2`;
  execFileSync('openssl', [...words.split(' '), '-keyout', key, '-out', cert], { stdio: 'ignore' });
  return readFileSync(cert, 'utf8');
}

it('is one for all connections, another for another CA, and none of ours without one', () => {
  const [first, second] = [madeCa('first'), madeCa('second')];
  const { secureContext } = tlsTrust(first);
  expect(secureContext).toBeDefined();
  expect(tlsTrust(first).secureContext).toBe(secureContext);
  expect(tlsTrust(second).secureContext).not.toBe(secureContext);
  expect(tlsTrust(undefined)).toEqual({ rejectUnauthorized: true });
});
