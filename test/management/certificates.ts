/** Authorities of one's own, and certificates of servers that they have signed, made by OpenSSL. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerCertificate } from './databases.ts';

const openssl = (...words: string[]): void => void execFileSync('openssl', words, { stdio: 'ignore' });
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

export interface Authority {
  readonly pem: string;
  /** For a server of these names, such as `IP:127.0.0.1`. */
  sign(names: string): ServerCertificate;
}

export function authority(folder: string, name: string): Authority {
  const file = (kind: string): string => join(folder, `${name}-${kind}`);
  const [key, certificate] = [file('ca.key'), file('ca.pem')];
  openssl('req', '-x509', ...NEW_KEY, '-subj', `/CN=${name}`, '-days', '2', '-keyout', key, '-out', certificate);
  return {
    pem: readFileSync(certificate, 'utf8'),
    sign: (names) => {
      const own = { key: file('server.key'), certificate: file('server.pem') };
      writeFileSync(file('names'), `subjectAltName=${names}\n`);
      openssl('req', ...NEW_KEY, '-subj', '/CN=database', '-keyout', own.key, '-out', file('request'));
      const by = ['-CA', certificate, '-CAkey', key, '-CAcreateserial', '-days', '2', '-extfile', file('names')];
      openssl('x509', '-req', '-in', file('request'), ...by, '-out', own.certificate);
      return own;
    },
  };
}
