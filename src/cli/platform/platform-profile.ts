/** Platform profiles for the command `profile`: rows, one profile, and the check of one with its transcript. It sends nothing. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigDocument } from '../../config/document.ts';
import type { ConfigFault } from '../../config/errors.ts';
import { read } from '../../config/issues.ts';
import { profileNames, readProfile } from '../../config/profiles.ts';
import { platformProfiles } from '../../platform/profile.ts';
import type { PlatformProfile } from '../../platform/profile-form.ts';
import { platformTranscript, transcriptDifferences } from '../../platform/transcript.ts';
import { cliText } from '../../text/commands/cli.ts';
import { profileCommandText as text } from '../../text/commands/profile.ts';
import type { Language, Text } from '../../text/text.ts';
import { type CommandContext, EXIT } from '../command.ts';

export const PLATFORM_KIND = 'platform';

/** Longer texts of a difference are shown around the first character that differs. */
const SHOWN_MAX = 160;

export function platformRows() {
  return profileNames(platformProfiles).map((name) => {
    const { maker, model, source } = readProfile(platformProfiles, name).profile as PlatformProfile;
    return { kinds: [PLATFORM_KIND], name, maker, model, source };
  });
}

export function showPlatform(name: string, asJson: boolean, { stdout, language }: CommandContext): number {
  const profile = readProfile(platformProfiles, name).profile as PlatformProfile;
  if (asJson) {
    stdout.write(`${JSON.stringify({ kind: PLATFORM_KIND, name, profile })}\n`);
    return EXIT.ok;
  }
  const file = fileURLToPath(new URL(`${name}.yaml`, platformProfiles.folder));
  stdout.write([`# ${name}`, `# ${needsOf(profile)[language]}`, '', readFileSync(file, 'utf8')].join('\n'));
  return EXIT.ok;
}

export function lintPlatform(
  file: string,
  { profile, faults }: ReturnType<typeof readProfile>,
  context: CommandContext & { readonly transcript: string | undefined },
): number {
  const { stdout, stderr, language, transcript } = context;
  for (const fault of faults) stderr.write(`${faultLine(fault, language)}\n`);
  if (faults.length > 0) return EXIT.configuration;
  const ready = profile as PlatformProfile;
  stdout.write(`${text.platformGood(file, needsOf(ready))[language]}\n`);
  const beside = transcript ?? join(dirname(file), 'transcripts', basename(file));
  if (existsSync(beside)) return compare(ready, { name: basename(file, '.yaml'), transcript: beside }, context);
  if (transcript !== undefined) {
    stderr.write(`${text.noFile(transcript)[language]}\n`);
    return EXIT.noInput;
  }
  stdout.write(`  ${text.noTranscript(beside)[language]}\n`);
  return EXIT.ok;
}

function compare(
  profile: PlatformProfile,
  { name, transcript }: { readonly name: string; readonly transcript: string },
  { stdout, stderr, language }: CommandContext,
): number {
  const document = new ConfigDocument(resolve(transcript), readFileSync(transcript, 'utf8'));
  const { data, faults } =
    document.faults.length > 0
      ? { data: undefined, faults: document.faults }
      : read(platformTranscript, document, [], document.value);
  for (const fault of faults) stderr.write(`${faultLine(fault, language)}\n`);
  if (data === undefined) return EXIT.configuration;
  if (data.profile !== name) stderr.write(`${transcript}: ${text.otherProfile(data.profile)[language]}\n`);
  const differences = transcriptDifferences(profile, data);
  for (const { path, example, what, expected, given } of differences) {
    const { line, column } = document.valueAt(path);
    const [there, here] = around(expected, given);
    stderr.write(`${transcript}:${line}:${column}: ${text.differs(example, what)[language]}\n`);
    stderr.write(`    ${text.expected(there)[language]}\n    ${text.given(here)[language]}\n`);
  }
  if (differences.length > 0 || data.profile !== name) return EXIT.configuration;
  const published = data.examples.filter(({ from }) => from === 'published').length;
  stdout.write(`  ${text.proven(data.examples.length, published, data.answers.length)[language]}\n`);
  if (published === 0) stdout.write(`  ${text.nonePublished[language]}\n`);
  return EXIT.ok;
}

/** Both texts around their first difference, with line ends made visible. */
function around(expected: string, given: string): readonly [string, string] {
  let same = 0;
  while (same < expected.length && expected[same] === given[same]) same += 1;
  const from = Math.max(0, same - SHOWN_MAX / 4);
  const cut = (whole: string) =>
    `${from > 0 ? '…' : ''}${whole.slice(from, from + SHOWN_MAX)}${whole.length > from + SHOWN_MAX ? '…' : ''}`;
  const visible = (whole: string) =>
    // biome-ignore lint/suspicious/noControlCharactersInRegex: line ends and what else cannot be seen
    cut(whole).replaceAll(/[\x00-\x1f]/g, (sign) => JSON.stringify(sign).slice(1, -1));
  return [visible(expected), visible(given)];
}

function needsOf({ values, secrets }: PlatformProfile): Text {
  const shown = Object.entries(values).map(([name, { optional, default: usual }]) =>
    optional || usual !== undefined ? `[${name}]` : name,
  );
  return text.platformNeeds(shown, Object.keys(secrets));
}

export const faultLine = (fault: ConfigFault, language: Language): string =>
  [
    `${fault.file}:${fault.line}:${fault.column}: ${fault.path === '' ? '' : `${fault.path}: `}${fault.message[language]}`,
    `    ${cliText.hint(fault.hint[language])[language]}`,
  ].join('\n');
