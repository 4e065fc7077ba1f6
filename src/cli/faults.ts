/** Configuration faults for the terminal: place, message, offending line, hint. It masks possible secrets. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { ConfigError, ConfigFault } from '../config/errors.ts';
import { nearest } from '../config/nearest.ts';
import { isSecretName } from '../config/secret-name.ts';
import { cliText } from '../text/commands/cli.ts';
import type { Language } from '../text/text.ts';

/** Its lines are never shown. */
const NEVER_SHOWN = 'secrets.yaml';
const LONGEST_LINE = 120;
const MASKED_MAX = 1_000;
const VALUE = String.raw`("[^"]*"?|'[^']*'?|[^\s,{}[\]#][^,}\]#]*)`;
/** A key with a possible secret as its value, unless that is a reference. */
const SECRET_KEY = new RegExp(
  String.raw`(["']?[\p{L}\p{N}_.-]*(?:secret|passw|passphrase|pwd|token|密码|口令|密钥)[\p{L}\p{N}_]*["']?\s*:\s*)${VALUE}`,
  'giu',
);
/** Any key: it may be a mistyped one of those, whose line is then shown. */
const ANY_KEY = new RegExp(String.raw`(["']?(?:[\p{L}\p{N}_-]*\.)*([\p{L}\p{N}_-]+)["']?\s*:\s*)${VALUE}`, 'gu');
const SECRET_KEYS = ['password', 'passwd', 'secret', 'appSecret', 'token'];

/** Without a newline at its end. */
export function writeFaults(error: ConfigError, language: Language): string {
  if (error.faults.length === 0) return error.text[language];
  const lines = new Map<string, readonly string[]>();
  const show = (fault: ConfigFault): string => {
    const fileLines = lines.get(fault.file) ?? readLines(fault.file);
    lines.set(fault.file, fileLines);
    const at = `${fault.file}:${fault.line}:${fault.column}`;
    const path = fault.path === '' ? '' : ` ${fault.path}:`;
    return [
      `${at}:${path} ${fault.message[language]}`,
      ...excerpt(fileLines[fault.line - 1], /(^|\.)secrets\./.test(fault.path)),
      `    ${cliText.hint(fault.hint[language])[language]}`,
    ].join('\n');
  };
  return [...error.faults.map(show), error.text[language]].join('\n');
}

/** Masks the values of keys like `password` in a line of the configuration, unless they are references. `isAll`: those of every key. */
export function maskedLine(line: string, isAll = false): string {
  const groupAt = isAll ? 0 : line.search(/["']?\bsecrets["']?\s*:\s*\{/);
  if (groupAt >= 0) return maskedLine(line.slice(0, groupAt)) + withoutValues(line.slice(groupAt));
  return line
    .replaceAll(SECRET_KEY, (whole, key: string, value: string) => (isName(key, value) ? whole : `${key}***`))
    .replaceAll(ANY_KEY, (whole, head: string, key: string, value: string) =>
      nearest(key, SECRET_KEYS) === undefined || isName(head, value) ? whole : `${head}***`,
    )
    .replaceAll(/:\/\/[^/@\s]*@/g, '://***@');
}

function withoutValues(text: string): string {
  return text.replaceAll(ANY_KEY, (whole, head: string, _key: string, value: string) =>
    isName(head, value) ? whole : `${head}***`,
  );
}

/** `secret: cloud.appSecret` is a reference: words joined by dots. */
function isName(key: string, value: string): boolean {
  return /^["']?secret["']?\s*:/i.test(key) && isSecretName(value.trim().replaceAll(/^["']|["']$/g, ''));
}

function excerpt(line: string | undefined, isSecrets: boolean): readonly string[] {
  if (line === undefined || line.trim() === '') return [];
  // Masking takes more than linear time, so longer lines are cut.
  const text = maskedLine(line.trim().slice(0, MASKED_MAX), isSecrets);
  return [`    ${text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE)}…` : text}`];
}

function readLines(file: string): readonly string[] {
  if (basename(file) === NEVER_SHOWN) return [];
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/);
  } catch {
    return [];
  }
}
