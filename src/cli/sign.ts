/** `lanewarden sign`: signs the fields on standard input with the code that signs records. It never prints the secret. */
import { isUtf8 } from 'node:buffer';
import { systemClock } from '../clock.ts';
import { nearest } from '../config/nearest.ts';
import { parkPlatform } from '../config/schema/platform-destination.ts';
import { momentNow } from '../delivery/platform-client.ts';
import type { SignatureForm } from '../delivery/request/profile-form.ts';
import { comparisonText } from '../delivery/request/receipt-text.ts';
import { type FactName, RECORD_FACTS } from '../delivery/request/record-facts.ts';
import { type Fields, MASK } from '../delivery/request/sign.ts';
import { fieldsSignature } from '../delivery/request/signature.ts';
import { compareSignatures, masked } from '../delivery/request/signature-comparison.ts';
import type { PlatformConfig } from '../delivery/settings.ts';
import { signText } from '../text/cloud.ts';
import { type Command, type CommandContext, EXIT, ExitError, misuse } from './command.ts';
import { namedConfig } from './named-store.ts';
import { print, printResult } from './output.ts';
import { platformOf, requestLines, shownRequest } from './platform/platform-request.ts';

const INPUT_MAX_BYTES = 1_000_000;

/** `input`: source of the JSON. */
export const signCommandReading = (input: () => AsyncIterable<Uint8Array | string>): Command => ({
  name: 'sign',
  summary: signText.summary,
  options: {
    json: { type: 'boolean', help: signText.json },
    compare: { type: 'string', value: 'HINT', help: signText.compare },
    to: { type: 'string', value: 'DESTINATION', help: signText.to },
    config: { type: 'string', short: 'c', value: 'FILE', help: signText.config },
  },
  run: async (values, positionals, context) => {
    if (positionals.length > 0) throw misuse(signText.notObject);
    if (typeof values.to === 'string') {
      const config = await namedConfig(values, context);
      return signForPlatform(platformOf(config, values.to), await readAll(input()), values, context);
    }
    const secret = context.environment.LANEWARDEN_SECRET;
    if (secret === undefined || secret === '') throw new ExitError(EXIT.configuration, signText.noSecret);
    writeSignature(parse(await readAll(input()), secret), secret, values, context);
  },
});

function writeSignature(
  fields: Fields,
  secret: string,
  { json, compare }: Readonly<Record<string, unknown>>,
  context: CommandContext,
): void {
  const shown = (text: string): string => masked(text, secret);
  const form = parkPlatform().request.signature as SignatureForm;
  const pairs = Object.entries(fields).filter(([name]) => name !== 'sign');
  const { text: canonical } = fieldsSignature(form, pairs, MASK);
  const { signature } = fieldsSignature(form, pairs, secret);
  const comparison = typeof compare === 'string' ? compareSignatures(fields, compare) : undefined;
  if (json === true) {
    const said = { canonical, sign: signature, ...(comparison && { comparison }) };
    print(
      context,
      JSON.stringify(said, (_, value) => (typeof value === 'string' ? shown(value) : value)),
    );
    return;
  }
  const differences = comparison === undefined ? [] : comparisonText(comparison);
  const lines = [canonical, signature, ...differences.map((text) => text[context.language])];
  print(context, ...lines.map(shown));
}

export const signCommand = signCommandReading(() => process.stdin);

async function signForPlatform(
  platform: PlatformConfig,
  bytes: Buffer | undefined,
  { json, compare }: Readonly<Record<string, unknown>>,
  context: CommandContext,
): Promise<void> {
  const facts: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(parse(bytes, ''))) {
    if (!(name in RECORD_FACTS)) throw misuse(signText.noFact(name, nearest(name, Object.keys(RECORD_FACTS))));
    const isTime = RECORD_FACTS[name as FactName] === 'time';
    const wallMs = isTime ? Date.parse(value) : undefined;
    if (Number.isNaN(wallMs)) throw misuse(signText.badTime(name));
    facts[name] = wallMs ?? value;
  }
  const hint = typeof compare === 'string' ? compare : undefined;
  const request = await shownRequest(platform, { facts }, { moment: momentNow(systemClock()), hint });
  printResult(context, json, request, () => requestLines(request, context.language));
}

/** undefined: larger than any input to sign. */
async function readAll(input: AsyncIterable<Uint8Array | string>): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of input) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > INPUT_MAX_BYTES) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

/** Values as sent; the rules of the signature omit null and empty ones. Throws ExitError. */
function parse(bytes: Buffer | undefined, secret: string): Fields {
  if (bytes === undefined) throw misuse(signText.tooLong);
  // A GBK terminal: each character would be signed as another.
  if (!isUtf8(bytes)) throw misuse(signText.notUtf8);
  const text = bytes.toString('utf8');
  if (text.trim() === '') throw misuse(signText.noInput);
  let value: unknown;
  try {
    // Editors on Windows put a byte order mark in front.
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    // The parser's message quotes the input, which may contain a secret pasted by accident.
    throw misuse(signText.notJson);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw misuse(signText.notObject);
  const fields: [string, string][] = [];
  for (const [name, member] of Object.entries(value)) {
    if (/^app_?secret$/i.test(name.trim())) throw misuse(signText.secretInside);
    if (member === null) continue;
    if (!['string', 'number', 'boolean'].includes(typeof member)) throw misuse(signText.notText(masked(name, secret)));
    fields.push([name, String(member)]);
  }
  const changed = numbersIn(text).find((number) => String(Number(number)) !== number);
  if (changed !== undefined) throw misuse(signText.changedNumber(masked(changed, secret)));
  return Object.fromEntries(fields);
}

/** Numbers in their written form: JSON.parse turns 1.50 into 1.5 and drops the last digits of long ones, and the record has them. */
function numbersIn(json: string): readonly string[] {
  return json.replaceAll(/"[^"\\]*(?:\\.[^"\\]*)*"/g, '""').match(/-?\d[\d.eE+-]*/g) ?? [];
}
