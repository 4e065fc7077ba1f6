/**
 * Profiles that a transcript proves (platforms, management systems) for the command `profile`: rows, one profile, and the check of one with its
 * transcript. It sends nothing.
 */
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigDocument } from '../../config/document.ts';
import type { ConfigFault } from '../../config/errors.ts';
import { read } from '../../config/issues.ts';
import { profileNames, readProfile } from '../../config/profiles.ts';
import { platformProfiles } from '../../delivery/request/profile.ts';
import type { PlatformProfile } from '../../delivery/request/profile-form.ts';
import {
  platformTranscript,
  type TranscriptDifference,
  transcriptDifferences,
} from '../../delivery/request/transcript.ts';
import { intakeProfiles } from '../../management/profile.ts';
import type { IntakeProfile } from '../../management/profile-form.ts';
import { cliText } from '../../text/commands/cli.ts';
import { profileCommandText as text } from '../../text/commands/profile.ts';
import type { Language, Text } from '../../text/text.ts';
import { type CommandContext, EXIT, ExitError } from '../command.ts';
import { print, printResult, remark } from '../output.ts';

/** What every such profile has. */
type ProvenProfile = Pick<PlatformProfile, 'maker' | 'model' | 'source' | 'values' | 'secrets'>;

/** A transcript as it was read and compared. */
interface ComparedTranscript {
  readonly profile: string;
  readonly differences: readonly TranscriptDifference[];
  readonly examples: number;
  readonly published: number;
  readonly answers: number;
}

/** A kind of profiles that a transcript proves. */
interface ProvenKind {
  readonly kind: string;
  readonly profiles: Parameters<typeof readProfile>[0];
  /** undefined: the transcript itself has faults. */
  compare(profile: ProvenProfile, document: ConfigDocument): Promise<Compared> | Compared;
}

interface Compared {
  readonly data?: ComparedTranscript;
  readonly faults: readonly ConfigFault[];
}

const countsOf = (examples: readonly { readonly from: string }[]) => ({
  examples: examples.length,
  published: examples.filter(({ from }) => from === 'published').length,
});

export const PROVEN_KINDS: readonly ProvenKind[] = [
  {
    kind: 'platform',
    profiles: platformProfiles,
    compare: (profile, document) => {
      const { data, faults } = read(platformTranscript, document, [], document.value);
      if (data === undefined) return { faults };
      const differences = transcriptDifferences(profile as PlatformProfile, data);
      return {
        faults,
        data: { profile: data.profile, differences, ...countsOf(data.examples), answers: data.answers.length },
      };
    },
  },
  {
    kind: 'intake',
    profiles: intakeProfiles,
    // Its XML and its character sets are loaded when one is compared.
    compare: async (profile, document) => {
      const { examplesOf, intakeDifferences, intakeTranscript } = await import('../../management/transcript.ts');
      const { data, faults } = read(intakeTranscript, document, [], document.value);
      if (data === undefined) return { faults };
      const differences = intakeDifferences(profile as IntakeProfile, data);
      return { faults, data: { profile: data.profile, differences, ...countsOf(examplesOf(data)), answers: 0 } };
    },
  },
];

/** Longer texts of a difference are shown around the first character that differs. */
const SHOWN_MAX = 160;

export function provenRows({ kind, profiles }: ProvenKind) {
  return profileNames(profiles).map((name) => {
    const { maker, model, source } = readProfile(profiles, name).profile as ProvenProfile;
    return { kinds: [kind], name, maker, model, source };
  });
}

export function showProven(
  { kind, profiles }: ProvenKind,
  name: string,
  asJson: boolean,
  context: CommandContext,
): number {
  const profile = readProfile(profiles, name).profile as ProvenProfile;
  const file = fileURLToPath(new URL(`${name}.yaml`, profiles.folder));
  printResult(context, asJson, { kind, name, profile }, () => [
    `# ${name}`,
    `# ${needsOf(profile)[context.language]}`,
    '',
    readFileSync(file, 'utf8').trimEnd(),
  ]);
  return EXIT.ok;
}

export async function lintProven(
  kind: ProvenKind,
  file: string,
  { profile, faults }: ReturnType<typeof readProfile>,
  context: CommandContext & { readonly transcript: string | undefined },
): Promise<number> {
  const { language, transcript } = context;
  remark(context, ...faults.map((fault) => faultLine(fault, language)));
  if (faults.length > 0) return EXIT.configuration;
  const ready = profile as ProvenProfile;
  print(context, text.platformGood(file, needsOf(ready)));
  const beside = transcript ?? join(dirname(file), 'transcripts', basename(file));
  if (existsSync(beside)) return compare(kind, ready, { name: basename(file, '.yaml'), transcript: beside }, context);
  if (transcript !== undefined) throw new ExitError(EXIT.noInput, text.noFile(transcript));
  print(context, `  ${text.noTranscript(beside)[language]}`);
  return EXIT.ok;
}

async function compare(
  kind: ProvenKind,
  profile: ProvenProfile,
  { name, transcript }: { readonly name: string; readonly transcript: string },
  context: CommandContext,
): Promise<number> {
  const { language } = context;
  const document = new ConfigDocument(resolve(transcript), readFileSync(transcript, 'utf8'));
  const { data, faults } =
    document.faults.length > 0 ? { faults: document.faults } : await kind.compare(profile, document);
  remark(context, ...faults.map((fault) => faultLine(fault, language)));
  if (data === undefined) return EXIT.configuration;
  if (data.profile !== name) remark(context, `${transcript}: ${text.otherProfile(data.profile)[language]}`);
  for (const { path, example, what, expected, given } of data.differences) {
    const { line, column } = document.valueAt(path);
    const [there, here] = around(expected, given);
    remark(context, `${transcript}:${line}:${column}: ${text.differs(example, what)[language]}`);
    remark(context, `    ${text.expected(there)[language]}`, `    ${text.given(here)[language]}`);
  }
  if (data.differences.length > 0 || data.profile !== name) return EXIT.configuration;
  const { examples, published, answers } = data;
  print(context, `  ${text.proven(examples, published, answers)[language]}`);
  if (published === 0) print(context, `  ${text.nonePublished[language]}`);
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

function needsOf({ values, secrets }: ProvenProfile): Text {
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
