/** The request that a destination of kind `platform` gets for a record, as a person reads it. It sends nothing and shows no secret. */

import type { Config } from '../../config/types.ts';
import { type RequestMoment, requestOfRecord } from '../../delivery/platform-client.ts';
import { platformComparison } from '../../delivery/request/platform-comparison.ts';
import { comparisonText } from '../../delivery/request/receipt-text.ts';
import { MASK } from '../../delivery/request/sign.ts';
import { masked, type SignatureComparison } from '../../delivery/request/signature-comparison.ts';
import type { PlatformConfig } from '../../delivery/settings.ts';
import { signText } from '../../text/cloud.ts';
import type { Language } from '../../text/text.ts';
import { EXIT, ExitError } from '../command.ts';

/** Longer bodies are cut: a picture has half a million characters. */
const BODY_SHOWN_MAX = 4_000;

export interface ShownRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signedText?: string;
  readonly signature?: string;
  readonly body: string;
  readonly comparison?: SignatureComparison;
}

/** Throws ExitError. */
export function platformOf({ destinations }: Config, name: string): PlatformConfig {
  const platforms = destinations.filter((each) => each.kind === 'platform');
  const found = platforms.find((each) => each.name === name);
  if (found !== undefined) return found;
  const names = platforms.map((each) => each.name);
  throw new ExitError(EXIT.noInput, signText.noDestination(name, names));
}

/** `hint`: a text that the platform signed, to be compared. */
export async function shownRequest(
  config: PlatformConfig,
  record: Parameters<typeof requestOfRecord>[1],
  { moment, hint }: { readonly moment: RequestMoment; readonly hint: string | undefined },
): Promise<ShownRequest> {
  const secrets = Object.values(config.secrets);
  const shown = (text: string): string => secrets.reduce((left, secret) => masked(left, secret.reveal()), text);
  const made = await requestOfRecord(config, record, { ...moment, token: MASK });
  const signed = await requestOfRecord(config, record, { ...moment, token: MASK, mask: MASK });
  const { signature: form } = config.profile.request;
  const comparison = hint === undefined ? undefined : platformComparison(form, signed, hint, MASK);
  const headers = Object.entries(made.headers).map(([name, value]) => [name, shown(value)] as const);
  return {
    ...{ method: made.method, url: shown(config.url + made.path), headers: Object.fromEntries(headers) },
    ...(signed.signedText !== undefined && { signedText: signed.signedText }),
    ...(made.signature !== undefined && { signature: made.signature }),
    body: shown(printable(made.body)),
    ...(comparison && { comparison }),
  };
}

export function requestLines(request: ShownRequest, language: Language): readonly string[] {
  const { method, url, headers, signedText, signature, body, comparison } = request;
  return [
    `${method} ${url}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    '',
    body,
    '',
    ...(signedText === undefined ? [] : [`${signText.signedText[language]}: ${signedText}`]),
    ...(signature === undefined ? [] : [signature]),
    ...(comparison === undefined ? [] : comparisonText(comparison).map((line) => line[language])),
  ];
}

/** The bytes of a file are replaced by their number. */
function printable(body: Buffer): string {
  const text = body
    .toString('latin1')
    .replace(
      /(Content-Type: image\/jpeg\r\n\r\n)([\s\S]*)(\r\n--[\w-]+--\r\n)$/,
      (_, head, bytes: string, tail) => `${head}<${bytes.length} bytes>${tail}`,
    );
  const whole = Buffer.from(text, 'latin1').toString('utf8').replaceAll('\r\n', '\n').trimEnd();
  return whole.length <= BODY_SHOWN_MAX ? whole : `${whole.slice(0, BODY_SHOWN_MAX)}…`;
}
