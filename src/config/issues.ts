/** Reads one part of a document with one schema, and turns schema issues into faults with positions. Knows no particular key. */
import { z } from 'zod';
import { configFaultText } from '../text/config.ts';
import type { ConfigDocument, Path } from './document.ts';
import type { ConfigFault, ConfigFaultCode } from './errors.ts';
import { nearest } from './nearest.ts';
import type { Complaint } from './schema/values.ts';
import { Secret } from './secrets.ts';

type Issue = z.core.$ZodIssue;
/** The allowed keys of an object, by the checked object. */
type KnownKeys = Map<unknown, readonly string[]>;

export interface ReadResult<T> {
  readonly data?: T;
  readonly faults: readonly ConfigFault[];
}

/**
 * Reads `value` at `path`. Where the schema wants text and the file has a bare number, its source text is used: an unquoted `id: 0123`
 * keeps its zeros. A secret reveals its text only to a schema that wants text there.
 */
export function read<T>(schema: z.ZodType<T>, document: ConfigDocument, path: Path, value: unknown): ReadResult<T> {
  const knownKeys: KnownKeys = new Map();
  const parse = () =>
    schema.safeParse(value, {
      reportInput: true,
      // Checks are rare: code compiled for them costs more than it saves. Set for all of zod it would miss every schema made before.
      jitless: true,
      error: (issue) => {
        const shape = issue.code === 'unrecognized_keys' ? shapeOf(issue.inst) : undefined;
        if (shape !== undefined) knownKeys.set(issue.input, Object.keys(shape));
        return undefined;
      },
    });
  const first = parse();
  if (first.success) return { data: first.data, faults: [] };
  const numbers = first.error.issues.filter((issue) => putText(issue, document, path, value));
  const result = numbers.length === 0 ? first : parse();
  if (result.success) return { data: result.data, faults: [] };
  return { faults: result.error.issues.flatMap((issue) => faultsOf(issue, document, path, knownKeys)) };
}

/** A fault at a known place, with its own text. */
export function faultAt(
  document: ConfigDocument,
  code: ConfigFaultCode,
  path: Path,
  complaint: Complaint,
  where: 'key' | 'value' = 'value',
): ConfigFault {
  const place = where === 'key' ? document.keyAt(path) : document.valueAt(path);
  return { code, file: document.file, path: writePath(path), ...place, ...complaint };
}

/** `lanes[0].points.down` */
export function writePath(path: Path): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '');
}

function shapeOf(schema: unknown): object | undefined {
  return schema instanceof z.ZodObject ? schema.shape : undefined;
}

/** Substitutes the source text where the schema wants text. Returns whether it did. */
function putText(issue: Issue, document: ConfigDocument, base: Path, value: unknown): boolean {
  if (issue.code !== 'invalid_type' || issue.expected !== 'string' || issue.path.length === 0) return false;
  const held = issue.input instanceof Secret ? issue.input.reveal() : undefined;
  const source = held ?? document.numberSource([...base, ...issue.path]);
  const holder = issue.path
    .slice(0, -1)
    .reduce<unknown>((at, step) => (at as Record<PropertyKey, unknown>)[step], value);
  const last = issue.path.at(-1);
  if (source === undefined || last === undefined || typeof holder !== 'object' || holder === null) return false;
  (holder as Record<PropertyKey, unknown>)[last] = source;
  return true;
}

function faultsOf(issue: Issue, document: ConfigDocument, base: Path, known: KnownKeys): readonly ConfigFault[] {
  const path = [...base, ...issue.path];
  const key = String(path.at(-1) ?? '');
  const fault = (code: ConfigFaultCode, complaint: Complaint) => [faultAt(document, code, path, complaint)];
  switch (issue.code) {
    case 'unrecognized_keys': {
      const names = known.get(issue.input) ?? [];
      return issue.keys.map((name) =>
        faultAt(
          document,
          'unknownKey',
          [...path, name],
          configFaultText.unknownKey(name, nearest(name, names), names),
          'key',
        ),
      );
    }
    case 'invalid_type':
      if (issue.input === undefined) return [faultAt(document, 'missing', path, configFaultText.missing(key), 'key')];
      return fault('type', wrongType(path, issue.expected, issue.input));
    case 'invalid_value': {
      if (issue.input === undefined) return [faultAt(document, 'missing', path, configFaultText.missing(key), 'key')];
      const choices = issue.values.map(String);
      return fault(
        'value',
        configFaultText.choice(key, show(issue.input), choices, nearest(String(issue.input), choices)),
      );
    }
    case 'invalid_union':
      return ofUnion(issue, document, path, known);
    case 'too_small':
    case 'too_big':
      return fault('value', tooFarOut(issue, key));
    case 'invalid_format':
      return fault('value', issue.format === 'guid' ? configFaultText.badUuid() : configFaultText.format(key));
    case 'custom': {
      const complaint = issue.params?.complaint as Complaint | undefined;
      if (complaint === undefined && isInlineSecret(path, issue.input))
        return fault('type', configFaultText.inlineSecret(key));
      return fault('value', complaint ?? configFaultText.kind(issue.message));
    }
    default:
      return fault('value', configFaultText.kind(issue.message));
  }
}

/** Of several forms, the intended one is that whose own type fits. */
function ofUnion(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  document: ConfigDocument,
  path: Path,
  known: KnownKeys,
): readonly ConfigFault[] {
  const key = String(path.at(-1) ?? '');
  if (issue.input === undefined) return [faultAt(document, 'missing', path, configFaultText.missing(key), 'key')];
  const meant = issue.errors.find((issues) => !issues.some((at) => at.code === 'invalid_type' && at.path.length === 0));
  if (meant !== undefined) return meant.flatMap((inner) => faultsOf(inner, document, path, known));
  const expected = issue.errors.flat().flatMap((inner) => (inner.code === 'invalid_type' ? [inner.expected] : []));
  return [faultAt(document, 'type', path, wrongType(path, expected[0] ?? 'string', issue.input))];
}

/** A secret written in place of its name must not be shown. */
function isInlineSecret(path: Path, input: unknown): boolean {
  const isSecret = /secret|password|token/i.test(String(path.at(-1))) || path.at(-2) === 'secrets';
  return (typeof input === 'string' || typeof input === 'number') && isSecret;
}

function wrongType(path: Path, expected: string, input: unknown): Complaint {
  const key = String(path.at(-1) ?? '');
  if (expected === 'object' && isInlineSecret(path, input)) return configFaultText.inlineSecret(key);
  return configFaultText.type(key, expected, Array.isArray(input) ? 'array' : input === null ? 'null' : typeof input);
}

function tooFarOut(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>, key: string): Complaint {
  if (issue.code === 'too_small') {
    if (issue.origin === 'array') return configFaultText.tooFew(key, Number(issue.minimum));
    return issue.origin === 'string' ? configFaultText.empty(key) : configFaultText.atLeast(key, Number(issue.minimum));
  }
  return issue.origin === 'string'
    ? configFaultText.tooLong(key, Number(issue.maximum))
    : configFaultText.atMost(key, Number(issue.maximum));
}

function show(input: unknown): string {
  return typeof input === 'string' || typeof input === 'number' || typeof input === 'boolean'
    ? String(input)
    : typeof input;
}
