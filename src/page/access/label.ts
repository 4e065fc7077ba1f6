/**
 * How a person at the cabinet finds the page: its real addresses, a QR code that opens it, the set-up code while there is one, and the certificate's
 * fingerprint. As lines for a console, a terminal or paper. It reads no configuration and opens nothing.
 */
import { existsSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { encode, renderUnicodeCompact } from 'uqr';
import type { ListenConfig } from '../../config/types.ts';
import { labelText } from '../../text/page/password.made.ts';
import type { Language } from '../../text/text.ts';
import type { LabelView } from '../api/api-setup.ts';
import { boxName, type OwnNetwork } from './box-name.ts';

export interface PageLabel {
  /** The one to use first. */
  readonly urls: readonly string[];
  /** undefined: a password has been set. */
  readonly setupCode: string | undefined;
  readonly fingerprint: string | undefined;
  /** That it offers where nobody gives it an address. */
  readonly network?: OwnNetwork | undefined;
}

/** Addresses under which the page answers; of one that listens everywhere, those of the machine. IPv4 before the name, which needs avahi. */
export function pageUrls({ host, port }: ListenConfig, secure: boolean, run = '/run'): readonly string[] {
  const at = (name: string): string =>
    `${secure ? 'https' : 'http'}://${name.includes(':') ? `[${name}]` : name}:${port}`;
  if (host !== '0.0.0.0' && host !== '::') return [at(host)];
  const addresses = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    .map(({ address }) => address)
    // One that the cable gave itself, because nobody else did, is the last to try.
    .sort((a, b) => Number(a.startsWith('169.254.')) - Number(b.startsWith('169.254.')));
  const isNamed = existsSync(`${run}/avahi-daemon/socket`) || addresses.length === 0;
  return [...addresses, ...(isNamed ? [`${boxName()}.local`] : [])].map(at);
}

/** Where the page is on the network of its own, by Wi-Fi and by cable (deploy/box/own-network). */
const OWN_ADDRESSES = ['10.77.77.1', '169.254.77.1'];
const ownUrls = ([first]: readonly string[]): readonly string[] => {
  const { protocol, port } = new URL(first ?? 'https://localhost:8080');
  return OWN_ADDRESSES.map((address) => `${protocol}//${address}${port === '' ? '' : `:${port}`}`);
};

/** Opened by a camera, it fills in the set-up code: what follows `#` never leaves the phone. */
const qrTarget = ({ urls: [url = ''], setupCode }: PageLabel): string =>
  setupCode === undefined ? `${url}/` : `${url}/#/setup?code=${setupCode}`;

/** For the page to print. */
export function labelView(label: PageLabel): LabelView {
  const { urls, fingerprint, network } = label;
  const modules = (text: string): readonly string[] =>
    encode(text, { ecc: 'M', border: 2 }).data.map((row) => row.map((isDark) => (isDark ? '1' : '0')).join(''));
  return {
    name: boxName(),
    urls,
    ...(fingerprint !== undefined && { fingerprint }),
    ...(network && { network: { ...network, urls: ownUrls(urls) } }),
    codes: {
      page: modules(qrTarget(label)),
      // As phones join a Wi-Fi by it.
      ...(network && { network: modules(`WIFI:T:WPA;S:${network.name};P:${network.key};;`) }),
    },
  };
}

export function labelLines(label: PageLabel, language: Language): readonly string[] {
  const { urls, setupCode, fingerprint, network } = label;
  const [wifi = '', cable = ''] = ownUrls(urls);
  const lines = [
    labelText.open,
    ...urls.map((url) => ({ zh: `  ${url}`, en: `  ${url}` })),
    ...(network === undefined ? [] : [labelText.network({ ...network, wifi, cable })]),
    ...(setupCode === undefined ? [] : [labelText.setupCode(setupCode)]),
    ...(fingerprint === undefined ? [] : [labelText.fingerprint(fingerprint)]),
  ].map((text) => text[language]);
  // A light module is a drawn one: consoles are dark.
  return [...renderUnicodeCompact(qrTarget(label), { ecc: 'L', border: 2 }).split('\n'), ...lines];
}
