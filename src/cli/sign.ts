/** `lanewarden sign`: signs the fields on standard input with the code that signs records. It never prints the secret. */
import { isUtf8 } from 'node:buffer';
import { systemClock } from '../clock.ts';
import type { Kinds } from '../config/devices.ts';
import { loadConfig } from '../config/file.ts';
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
import type { Text } from '../text/text.ts';
import { type Command, type CommandContext, EXIT, refuse } from './command.ts';
import { platformOf, requestLines, shownRequest } from './platform/platform-request.ts';

const INPUT_MAX_BYTES = 1_000_000;

type Parsed = { readonly fields: Fields } | { readonly fault: Text };

/** `input`: source of the JSON. `kinds`: to read a configuration, for `--to`. */
export function signCommandReading(
  input: () => AsyncIterable<Uint8Array | string>,
  kinds: () => Promise<Kinds>,
): Command {
  return {
    name: 'sign',
    summary: signText.summary,
    options: {
      json: { type: 'boolean', help: signText.json },
      compare: { type: 'string', value: 'HINT', help: signText.compare },
      to: { type: 'string', value: 'DESTINATION', help: signText.to },
      config: { type: 'string', short: 'c', value: 'FILE', help: signText.config },
    },
    run: async (values, positionals, context) => {
      if (positionals.length > 0) return fail(context, EXIT.usage, signText.notObject);
      if (typeof values.to === 'string') {
        const config = loadConfig(values.config as string | undefined, await kinds(), context.environment);
        const platform = platformOf(config, values.to);
        if ('zh' in platform) return fail(context, EXIT.noInput, platform);
        return signForPlatform(platform, await readAll(input()), values, context);
      }
      const secret = context.environment.LANEWARDEN_SECRET;
      if (secret === undefined || secret === '') return fail(context, EXIT.configuration, signText.noSecret);
      const parsed = parse(await readAll(input()), secret);
      if ('fault' in parsed) return fail(context, EXIT.usage, parsed.fault);
      writeSignature(parsed.fields, secret, values, context);
      return EXIT.ok;
    },
  };
}

function writeSignature(
  fields: Fields,
  secret: string,
  { json, compare }: Readonly<Record<string, unknown>>,
  { stdout, language }: CommandContext,
): void {
  const shown = (text: string): string => masked(text, secret);
  const form = parkPlatform().request.signature as SignatureForm;
  const pairs = Object.entries(fields).filter(([name]) => name !== 'sign');
  const { text: canonical } = fieldsSignature(form, pairs, MASK);
  const { signature } = fieldsSignature(form, pairs, secret);
  const comparison = typeof compare === 'string' ? compareSignatures(fields, compare) : undefined;
  if (json === true) {
    const said = { canonical, sign: signature, ...(comparison && { comparison }) };
    stdout.write(`${JSON.stringify(said, (_, value) => (typeof value === 'string' ? shown(value) : value))}\n`);
    return;
  }
  const differences = comparison === undefined ? [] : comparisonText(comparison);
  for (const line of [canonical, signature, ...differences.map((text) => text[language])])
    stdout.write(`${shown(line)}\n`);
}

export const signCommand = (kinds: () => Promise<Kinds>): Command => signCommandReading(() => process.stdin, kinds);

async function signForPlatform(
  platform: PlatformConfig,
  bytes: Buffer | undefined,
  { json, compare }: Readonly<Record<string, unknown>>,
  context: CommandContext,
): Promise<number> {
  const parsed = parse(bytes, '');
  if ('fault' in parsed) return fail(context, EXIT.usage, parsed.fault);
  const facts: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(parsed.fields)) {
    if (!(name in RECORD_FACTS))
      return fail(context, EXIT.usage, signText.noFact(name, nearest(name, Object.keys(RECORD_FACTS))));
    const isTime = RECORD_FACTS[name as FactName] === 'time';
    const wallMs = isTime ? Date.parse(value) : undefined;
    if (Number.isNaN(wallMs)) return fail(context, EXIT.usage, signText.badTime(name));
    facts[name] = wallMs ?? value;
  }
  const hint = typeof compare === 'string' ? compare : undefined;
  const request = await shownRequest(platform, { facts }, { moment: momentNow(systemClock()), hint });
  if (json === true) context.stdout.write(`${JSON.stringify(request)}\n`);
  else for (const line of requestLines(request, context.language)) context.stdout.write(`${line}\n`);
  return EXIT.ok;
}

const fail = (context: CommandContext, code: number, text: Text): number => refuse('sign', context, code, text);

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

/** Values as sent; the rules of the signature omit null and empty ones. */
function parse(bytes: Buffer | undefined, secret: string): Parsed {
  if (bytes === undefined) return { fault: signText.tooLong };
  // A GBK terminal: each character would be signed as another.
  if (!isUtf8(bytes)) return { fault: signText.notUtf8 };
  const text = bytes.toString('utf8');
  if (text.trim() === '') return { fault: signText.noInput };
  let value: unknown;
  try {
    // Editors on Windows put a byte order mark in front.
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    // The parser's message quotes the input, which may contain a secret pasted by accident.
    return { fault: signText.notJson };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { fault: signText.notObject };
  const fields: [string, string][] = [];
  for (const [name, member] of Object.entries(value)) {
    if (/^app_?secret$/i.test(name.trim())) return { fault: signText.secretInside };
    if (member === null) continue;
    if (!['string', 'number', 'boolean'].includes(typeof member))
      return { fault: signText.notText(masked(name, secret)) };
    fields.push([name, String(member)]);
  }
  const changed = numbersIn(text).find((number) => String(Number(number)) !== number);
  if (changed !== undefined) return { fault: signText.changedNumber(masked(changed, secret)) };
  return { fields: Object.fromEntries(fields) };
}

/** Numbers in their written form: JSON.parse turns 1.50 into 1.5 and drops the last digits of long ones, and the record has them. */
function numbersIn(json: string): readonly string[] {
  return json.replaceAll(/"[^"\\]*(?:\\.[^"\\]*)*"/g, '""').match(/-?\d[\d.eE+-]*/g) ?? [];
}
