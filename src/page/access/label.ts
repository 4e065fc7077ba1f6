/**
 * How a person at the cabinet finds the page: its real addresses, a QR code that opens it, the set-up code while there is one, and the certificate's
 * fingerprint. As lines for a console, a terminal or paper. It reads no configuration and opens nothing.
 */
import { hostname, networkInterfaces } from 'node:os';
import { renderUnicodeCompact } from 'uqr';
import type { ListenConfig } from '../../config/types.ts';
import { labelText } from '../../text/page/password.ts';
import type { Language } from '../../text/text.ts';

export interface PageLabel {
  /** The one to use first. */
  readonly urls: readonly string[];
  /** undefined: a password has been set. */
  readonly setupCode: string | undefined;
  readonly fingerprint: string | undefined;
}

/** Addresses under which the page answers; of one that listens everywhere, those of the machine. IPv4 before the name, which needs mDNS. */
export function pageUrls({ host, port }: ListenConfig, secure: boolean): readonly string[] {
  const at = (name: string): string =>
    `${secure ? 'https' : 'http'}://${name.includes(':') ? `[${name}]` : name}:${port}`;
  if (host !== '0.0.0.0' && host !== '::') return [at(host)];
  const addresses = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    .map(({ address }) => address)
    // One that the cable gave itself, because nobody else did, is the last to try.
    .sort((a, b) => Number(a.startsWith('169.254.')) - Number(b.startsWith('169.254.')));
  return [...addresses, `${hostname()}.local`].map(at);
}

/** Opened by a camera, it fills in the set-up code: what follows `#` never leaves the phone. */
const qrTarget = ({ urls: [url = ''], setupCode }: PageLabel): string =>
  setupCode === undefined ? `${url}/` : `${url}/#/setup?code=${setupCode}`;

export function labelLines(label: PageLabel, language: Language): readonly string[] {
  const { urls, setupCode, fingerprint } = label;
  const lines = [
    labelText.open,
    ...urls.map((url) => ({ zh: `  ${url}`, en: `  ${url}` })),
    ...(setupCode === undefined ? [] : [labelText.setupCode(setupCode)]),
    ...(fingerprint === undefined ? [] : [labelText.fingerprint(fingerprint)]),
  ].map((text) => text[language]);
  // A light module is a drawn one: consoles are dark.
  return [...renderUnicodeCompact(qrTarget(label), { ecc: 'L', border: 2 }).split('\n'), ...lines];
}
