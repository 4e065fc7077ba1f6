/** The box's own certificate: made once, kept with the state, shown by its fingerprint, because nobody but the person at the box can vouch for it. */
import { createHash, X509Certificate } from 'node:crypto';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../clock.ts';
import { makeFolderDurably, readText, writeDurably } from '../durable-files.ts';

export interface Certificate {
  /** PEM. */
  readonly key: string;
  readonly certificate: string;
  /** SHA-256, as browsers show it: `AB:CD:…` */
  readonly fingerprint: string;
}

const FILE = 'certificate.pem';
const DAY_MS = 86_400_000;
/** A box without a clock battery may make it in the past or be set back: nobody is helped by a certificate that is not valid yet. */
const BEGINS = new Date('2020-01-01T00:00:00Z');
const YEARS = 20;

/** Reads it, or makes it: at the first start, and when what is there cannot be used. Key and certificate are one file, 0600. */
export async function openCertificate(folder: string, clock: Clock): Promise<Certificate> {
  await makeFolderDurably(folder);
  const file = join(folder, FILE);
  const kept = await readText(file);
  const found = kept === undefined ? undefined : parse(kept, clock.wallMs());
  if (found !== undefined) return found;
  const pem = await make(clock.wallMs());
  await writeDurably(file, pem);
  return parse(pem, clock.wallMs()) as Certificate;
}

/** Of the one that is there; undefined: none is. */
export async function certificateFingerprint(folder: string): Promise<string | undefined> {
  const kept = await readText(join(folder, FILE));
  return kept === undefined ? undefined : parse(kept, 0)?.fingerprint;
}

/** undefined: it cannot be read, or is about to end. */
function parse(pem: string, wallMs: number): Certificate | undefined {
  const [key] = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----/.exec(pem) ?? [];
  const [certificate] = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/.exec(pem) ?? [];
  if (key === undefined || certificate === undefined) return undefined;
  try {
    const read = new X509Certificate(certificate);
    if (Date.parse(read.validTo) < wallMs + 30 * DAY_MS) return undefined;
    const hex = createHash('sha256').update(read.raw).digest('hex').toUpperCase();
    return { key, certificate, fingerprint: (hex.match(/../g) ?? []).join(':') };
  } catch {
    return undefined;
  }
}

async function make(wallMs: number): Promise<string> {
  // Large, and wanted once in the life of a box.
  const { generate } = await import('selfsigned');
  const begins = Math.min(BEGINS.getTime(), wallMs);
  const name = hostname();
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const made = await generate([{ name: 'commonName', value: `lanewarden ${name}` }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: new Date(begins),
    notAfterDate: new Date(Math.max(BEGINS.getTime(), wallMs) + YEARS * 365 * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          ...[name, `${name}.local`, 'localhost'].map((value) => ({ type: 2 as const, value })),
          ...[...new Set(addresses.filter(({ scopeid }) => !scopeid).map(({ address }) => address))].map((ip) => ({
            type: 7 as const,
            ip,
          })),
        ],
      },
    ],
  });
  return `${made.private.trim()}\n${made.cert.trim()}\n`;
}
