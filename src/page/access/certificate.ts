/**
 * The box's certificate, for the page and the TLS port of the intake: self-signed, made once, kept with the state, verified by its
 * fingerprint at the box; or the user's own, in its place.
 */
import { createHash, X509Certificate } from 'node:crypto';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import { makeFolderDurably, readText, writeDurably } from '../../small-file.ts';
import { pageLog } from '../../text/page/server.ts';
import type { Text } from '../../text/text.ts';
import { boxName } from './box-name.ts';

export interface Certificate {
  /** PEM. */
  readonly key: string;
  /** With the authorities between it and a root, if the file has them. */
  readonly certificate: string;
  /** SHA-256, as browsers show it: `AB:CD:…` */
  readonly fingerprint: string;
  /** SHA-256 of the public key in base64, as `curl --pinnedpubkey` takes it. */
  readonly pin: string;
}

const FILE = 'certificate.pem';
const DAY_MS = 86_400_000;
/** A box without a clock battery may make it in the past or be set back; the certificate must be valid then. */
const BEGINS = new Date('2020-01-01T00:00:00Z');
const YEARS = 20;
const LOOK_AGAIN_MS = 15_000;

/** Page and intake both make it when it is missing: the second waits, and reads what the first made. */
let turn: Promise<unknown> = Promise.resolve();
/** By their files, those that the disk would not take: served, and written once it does (`followCertificate`). */
const unkept = new Map<string, string>();

/** Reads it, or makes it at the first start and if the file is not usable. Key and certificate are one file, 0600. */
export function openCertificate(folder: string, clock: Clock): Promise<Certificate> {
  const opened = turn.then(() => open(folder, clock));
  turn = opened.catch(() => undefined);
  return opened;
}

async function open(folder: string, clock: Clock): Promise<Certificate> {
  const file = join(folder, FILE);
  const kept = unkept.get(file) ?? (await readText(file));
  const found = kept === undefined ? undefined : parse(kept, clock.wallMs());
  if (found !== undefined) return found;
  const pem = await make(clock.wallMs());
  unkept.set(file, pem);
  await keep(folder, clock);
  return parse(pem, clock.wallMs()) as Certificate;
}

async function keep(folder: string, clock: Clock): Promise<void> {
  const file = join(folder, FILE);
  const pem = unkept.get(file);
  if (pem === undefined) return;
  const there = await readText(file).catch(() => undefined);
  // Somebody's own, put there meanwhile.
  if (there !== undefined && parse(there, clock.wallMs()) !== undefined) return void unkept.delete(file);
  await makeFolderDurably(folder)
    .then(() => writeDurably(file, pem))
    .then(
      () => unkept.delete(file),
      () => undefined,
    );
}

export interface FollowOptions {
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
  /** undefined: nothing is served now. */
  readonly served: () => Certificate | undefined;
  /** Throws what TLS says when it cannot be served: key and certificate do not belong together. */
  readonly take: (certificate: Certificate) => void;
}

/**
 * Until `signal` aborts, hands over what another program writes into the file. What cannot be used is reported once, and the former one is
 * served on; the file is left as it is, because somebody may be writing it.
 */
export async function followCertificate(options: FollowOptions, signal: AbortSignal): Promise<void> {
  const { folder, clock, log, served, take } = options;
  let seen: string | undefined;
  for (;;) {
    await clock.sleep(LOOK_AGAIN_MS, signal);
    if (signal.aborted) return;
    await keep(folder, clock);
    const now = served();
    const kept = now && (await readText(join(folder, FILE)).catch(() => undefined));
    if (now === undefined || kept === undefined || kept === seen) continue;
    seen = kept;
    const found = parse(kept, clock.wallMs());
    if (found?.key === now.key && found.certificate === now.certificate) continue;
    const refused = found === undefined ? pageLog.noCertificate : refusalOf(() => take(found));
    if (refused !== undefined) log.error(pageLog.certificateUnusable(join(folder, FILE), refused));
    else if (found !== undefined) log.info(pageLog.fingerprint(found.fingerprint));
  }
}

function refusalOf(take: () => void): Text | undefined {
  try {
    take();
    return undefined;
  } catch (error) {
    const { message } = error as Error;
    return { zh: message, en: message };
  }
}

/** undefined: there is no certificate. */
export async function certificateFingerprint(folder: string): Promise<string | undefined> {
  return (await certificateFacts(folder))?.fingerprint;
}

/** Its fingerprint, and when it runs out; undefined: there is none. */
export async function certificateFacts(
  folder: string,
): Promise<{ readonly fingerprint: string; readonly untilWallMs: number } | undefined> {
  const kept = await readText(join(folder, FILE));
  const found = kept === undefined ? undefined : parse(kept, 0);
  if (found === undefined) return undefined;
  return { fingerprint: found.fingerprint, untilWallMs: Date.parse(new X509Certificate(found.certificate).validTo) };
}

/** undefined: unreadable, or about to expire. */
function parse(pem: string, wallMs: number): Certificate | undefined {
  const [key] = /-----BEGIN ((?:EC |RSA )?PRIVATE KEY)-----[^-]+-----END \1-----/.exec(pem) ?? [];
  const chain = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const [certificate] = chain;
  if (key === undefined || certificate === undefined) return undefined;
  try {
    const read = new X509Certificate(certificate);
    if (Date.parse(read.validTo) < wallMs + 30 * DAY_MS) return undefined;
    const hex = createHash('sha256').update(read.raw).digest('hex').toUpperCase();
    const publicKey = read.publicKey.export({ type: 'spki', format: 'der' });
    return {
      ...{ key, certificate: chain.join('\n') },
      fingerprint: (hex.match(/../g) ?? []).join(':'),
      pin: createHash('sha256').update(publicKey).digest('base64'),
    };
  } catch {
    return undefined;
  }
}

async function make(wallMs: number): Promise<string> {
  // Large, and needed once in the life of a box.
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
          ...[name, `${name}.local`, `${boxName()}.local`, 'localhost'].map((value) => ({ type: 2 as const, value })),
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
