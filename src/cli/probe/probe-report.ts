/** Results of a search or of listening, for people, for programs, and as YAML for the configuration. */

import { readLevels } from '../../commission/levels.ts';
import type { ListenResult } from '../../commission/listen.ts';
import { formOf, scanSettings } from '../../commission/scan.ts';
import type { SearchableKind } from '../../commission/searchable.ts';
import { type Clock, LinkError, ProtocolError } from '../../driver.ts';
import { transportOf } from '../../line/port-contract.ts';
import type { ScanResult } from '../../page/api/api-setup.ts';
import { probeText as text } from '../../text/commands/probe.made.ts';
import { faultText, noticeText, unprovenWords } from '../../text/fault.ts';
import type { Text } from '../../text/text.ts';
import { wireText } from '../../text/wire.ts';
import type { CommandContext } from '../command.ts';
import { printResult } from '../output.ts';

type Found = ScanResult['found'][number];
type Speed = Parameters<typeof formOf>[1];

export interface ProbedBoard extends Found {
  readonly kind: string;
  /** Of `profiles`, as they are sold. */
  readonly names: readonly Text[];
  /** By the first of its profiles. */
  readonly levels?: Readonly<Record<string, boolean>>;
  /** Notes for a person. */
  readonly notes: readonly Text[];
}

interface InspectParts {
  readonly kind: SearchableKind;
  readonly profiles: ReadonlyMap<string, unknown>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const speedOf = ({ baudRate, parity }: Found | ScanResult['garbled'][number]): Speed => ({
  baudRate,
  parity: parity as Speed['parity'],
});

/** Current inputs of a board. */
export async function inspect(
  found: Found,
  port: string,
  { kind, profiles, ...parts }: InspectParts,
): Promise<ProbedBoard> {
  const [name] = found.profiles;
  const named = {
    ...found,
    kind: kind.kind,
    names: found.profiles.map((each) => namedProfile(found, each, profiles.get(each))),
  };
  if (name === undefined || parts.signal.aborted) return { ...named, notes: [] };
  try {
    const device = { kind, profile: profiles.get(name), unit: found.unit };
    const { levels, notices } = await readLevels(device, scanSettings(port, speedOf(found)), parts);
    return { ...named, levels, notes: notices.map((notice) => noticeText(name, notice)) };
  } catch (error) {
    if (!(error instanceof LinkError) && !(error instanceof ProtocolError)) throw error;
    return { ...named, notes: [faultText(name, error)] };
  }
}

/** As it is sold, with what the answers do not prove of it. */
function namedProfile({ unproven }: Found, name: string, profile: unknown): Text {
  const { maker, model } = (profile ?? {}) as { readonly maker?: string; readonly model?: string };
  return text.named(
    maker === undefined ? name : `${name} [${maker} ${model}]`,
    unprovenWords((unproven?.[name] ?? []).map(({ code }) => code)),
  );
}

export function reportFound(
  port: string,
  boards: readonly ProbedBoard[],
  garbled: ScanResult['garbled'],
  asJson: boolean,
  context: CommandContext,
): void {
  const { language } = context;
  const yaml = snippet(port, boards);
  const form = (place: Found | ScanResult['garbled'][number]): string => formOf({ port }, speedOf(place));
  const lines = boards.flatMap((board) => [
    text.found(board.unit, form(board), board.answers)[language],
    ...about(board).map((line) => `  ${line[language]}`),
  ]);
  const places = garbled.map((place) => text.unitAt(place.unit, form(place))[language]);
  if (places.length > 0) lines.push(text.garbled(places)[language]);
  if (boards.length === 0 && places.length === 0) lines.push(text.nothing[language]);
  if (yaml !== '') lines.push('', text.paste[language], '', yaml.trimEnd());
  printResult(context, asJson, { port, found: boards, garbled, ...(yaml !== '' && { yaml }) }, () => lines);
}

function about({ names: [name, ...others], levels, notes }: ProbedBoard): readonly Text[] {
  if (name === undefined) return [text.noProfile];
  const pairs = Object.entries(levels ?? {}).map(([point, value]) => `${point}=${value ? 1 : 0}`);
  const inputs = levels === undefined ? [] : [pairs.length === 0 ? text.noLevels : text.levels(pairs.join(' '))];
  return [text.profile(name, others), ...inputs, ...notes];
}

/** One line of the configuration: at the speed with most answers, because a wire has one. */
function snippet(port: string, boards: readonly ProbedBoard[]): string {
  const known = boards.filter(({ profiles }) => profiles.length > 0);
  const bySpeed = new Map<string, ProbedBoard[]>();
  for (const board of known) {
    const key = formOf({ port }, speedOf(board));
    bySpeed.set(key, [...(bySpeed.get(key) ?? []), board]);
  }
  const [most] = [...bySpeed.values()].sort((a, b) => b.length - a.length);
  const [first] = most ?? [];
  if (most === undefined || first === undefined) return '';
  const speed = transportOf(port) === 'serial' ? [`baudRate: ${first.baudRate}`, `parity: ${first.parity}`] : [];
  return [
    'lines:',
    '  - id: bus1',
    ...[`port: ${port}`, ...speed, 'devices:'].map((each) => `    ${each}`),
    ...most.map(
      ({ kind, profiles, unit }, at) =>
        `      - { id: io${at + 1}, kind: ${kind}, profile: ${profiles[0]}, unit: ${unit} }`,
    ),
    '',
  ].join('\n');
}

export function reportTraffic(results: readonly ListenResult[], asJson: boolean, context: CommandContext): void {
  const rows = results.map(({ settings: { port, baudRate, parity }, ...row }) => {
    const said = row.said.map(({ meaning, count }) => ({ ...meaning, count, text: wireText(meaning) }));
    return { ...row, baudRate, parity, said, form: formOf({ port }, { baudRate, parity: parity as Speed['parity'] }) };
  });
  const clear = rows.find(({ frames }) => frames > 0);
  const noise = rows.some(({ bytes }) => bytes > 0);
  const verdict = clear === undefined ? (noise ? text.noise : text.silent) : text.isMaster(clear.form);
  printResult(context, asJson, rows, () => [
    ...rows.flatMap(({ form, bytes, frames, said }) => [
      text.heard(form, bytes, frames),
      ...said.map(({ text: words, count }) => `  ${count}× ${words[context.language]}`),
    ]),
    verdict,
  ]);
}
