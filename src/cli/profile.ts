/** `lanewarden profile`: lists and shows profiles of devices, platforms and management systems, and checks new ones, which opens no port and sends nothing. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { systemClock } from '../clock.ts';
import { nearest } from '../config/nearest.ts';
import { profileJsonSchema, profileNames, readProfile } from '../config/profiles.ts';
import { type Bus, type DriverKind, LinkError, type WireUse } from '../driver.ts';
import { turnMs } from '../line/bus-load.ts';
import { cliText } from '../text/commands/cli.ts';
import { profileCommandText as text } from '../text/commands/profile.ts';
import type { Text } from '../text/text.ts';
import { UsageError } from './arguments.ts';
import { CONFIG_OPTION, type Command, type CommandContext, EXIT, ExitError, JSON_OPTION } from './command.ts';
import { namedConfig } from './named-store.ts';
import { print, printResult, remark } from './output.ts';
import { faultLine, lintProven, PROVEN_KINDS, provenRows, showProven } from './platform/proven-profile.ts';

type ProfiledKind = DriverKind & { readonly profiles: NonNullable<DriverKind['profiles']> };

/** Common fields of all profiles. */
interface Profile {
  readonly maker: string;
  readonly model: string;
  readonly source: string;
  readonly probe?: unknown;
}

const WORDS = ['list', 'show', 'lint', 'schema', 'rehearse'] as const;
/** Speeds for the poll times in `show`: usual factory settings, and our advice. */
const SPEEDS = [9_600, 38_400, 115_200];

export const profileCommand: Command = {
  name: 'profile',
  summary: text.summary,
  options: {
    kind: { type: 'string', value: 'KIND', help: text.kind },
    transcript: { type: 'string', value: 'FILE', help: text.transcript },
    ...CONFIG_OPTION,
    ...JSON_OPTION,
  },
  positionals: 'list | show NAME | lint FILE… | schema | rehearse SYSTEM',
  async run(values, [word, ...names], context) {
    const { driverKinds } = await context.kinds();
    const profiled = driverKinds.filter((kind): kind is ProfiledKind => kind.profiles !== undefined);
    const isChosen = (kind: string) => values.kind === undefined || kind === values.kind;
    const chosen = {
      kinds: profiled.filter(({ kind }) => isChosen(kind)),
      proven: PROVEN_KINDS.filter(({ kind }) => isChosen(kind)),
    };
    if (word === 'list') return list(chosen, values.json === true, context);
    if (word === 'schema') return printSchema(profiled, values.kind, context);
    const [first, second] = names;
    if (word !== 'show' && word !== 'lint' && word !== 'rehearse') throw new UsageError('positional', text.what(WORDS));
    if (first === undefined) throw new UsageError('positional', text.missing(word));
    if (word !== 'lint' && second !== undefined) throw new UsageError('positional', cliText.positionalUnwanted(second));
    if (word === 'rehearse') {
      const { rehearseSystem } = await import('./platform/rehearse-system.ts');
      return rehearseSystem(await namedConfig(values, context), first, context);
    }
    if (word === 'show') return show(chosen, first, values.json === true, context);
    return lint(chosen, names, { ...context, transcript: values.transcript as string | undefined });
  },
};

interface Chosen {
  readonly kinds: readonly ProfiledKind[];
  /** Those that a transcript proves. */
  readonly proven: typeof PROVEN_KINDS;
}

type LintContext = CommandContext & { readonly transcript: string | undefined };

function printSchema(kinds: readonly ProfiledKind[], kind: unknown, context: CommandContext): number {
  const all = [
    ...kinds.map((each) => ({ kind: each.kind, ...each.profiles })),
    ...PROVEN_KINDS.map((each) => ({ kind: each.kind, ...each.profiles })),
  ];
  const profiles = all.find((each) => each.kind === kind);
  if (profiles === undefined) throw new UsageError('positional', text.schemaOf(all.map((each) => each.kind)));
  print(context, JSON.stringify(profileJsonSchema(profiles), undefined, 2));
  return EXIT.ok;
}

function list({ kinds, proven }: Chosen, asJson: boolean, context: CommandContext): number {
  // Kinds that read the same boards in different ways share a folder; a profile is listed once, with all of them.
  const sharing = ({ profiles }: ProfiledKind): readonly ProfiledKind[] =>
    kinds.filter((each) => each.profiles.folder.href === profiles.folder.href);
  const ofDevices = kinds
    .filter((kind) => sharing(kind)[0] === kind)
    .flatMap((kind) =>
      profileNames(kind.profiles).map((name) => {
        const { maker, model, source } = readProfile(kind.profiles, name).profile as Profile;
        return { kinds: sharing(kind).map((each) => each.kind), name, maker, model, source };
      }),
    );
  const rows = [...ofDevices, ...proven.flatMap(provenRows)];
  const width = Math.max(...rows.map(({ name }) => name.length));
  printResult(context, asJson, rows, () =>
    rows.map((row) => `${row.name.padEnd(width)}  ${row.kinds.join(' ')}  ${row.maker} ${row.model}`),
  );
  return EXIT.ok;
}

function show({ kinds, proven }: Chosen, name: string, asJson: boolean, context: CommandContext): number {
  const other = proven.find(({ profiles }) => profileNames(profiles).includes(name));
  if (other !== undefined) return showProven(other, name, asJson, context);
  const kind = kinds.find(({ profiles }) => profileNames(profiles).includes(name));
  if (kind === undefined) {
    const names = [...kinds, ...proven].flatMap(({ profiles }) => profileNames(profiles));
    throw new ExitError(EXIT.noInput, text.unknown(name, nearest(name, names)));
  }
  const { profile } = readProfile(kind.profiles, name);
  const points = pointsOf(kind, profile);
  const { language } = context;
  const file = fileURLToPath(new URL(`${name}.yaml`, `${kind.profiles.folder.href.replace(/\/$/, '')}/`));
  const use = kind.wireUse?.(configOf(kind, profile));
  printResult(context, asJson, { kind: kind.kind, name, points, profile }, () => [
    `# ${name}`,
    `# ${text.points(points)[language]}`,
    ...(use === undefined ? [] : [`# ${text.pollTakes(speeds(use))[language]}`]),
    '',
    readFileSync(file, 'utf8').trimEnd(),
  ]);
  return EXIT.ok;
}

const speeds = (use: WireUse) =>
  SPEEDS.map((baudRate) => {
    const wire = { port: '/dev/x', baudRate, dataBits: 8, parity: 'none', stopBits: 1 } as const;
    return { form: `${baudRate} 8N1`, ms: use.turns.reduce((sum, turn) => sum + turnMs(wire, turn), 0) };
  });

async function lint(chosen: Chosen, files: readonly string[], context: LintContext): Promise<number> {
  const codes: number[] = [];
  for (const file of files) codes.push(await lintFile(chosen, file, context));
  return codes.find((code) => code !== EXIT.ok) ?? EXIT.ok;
}

async function lintFile({ kinds, proven }: Chosen, file: string, context: LintContext): Promise<number> {
  if (!existsSync(file)) return failed(context, EXIT.noInput, text.noFile(file));
  if (!file.endsWith('.yaml')) return failed(context, EXIT.configuration, text.notYaml(file));
  const folder = pathToFileURL(`${dirname(resolve(file))}/`);
  const name = basename(file, '.yaml');
  const [best] = kinds
    .map((kind) => ({ kind, ...readProfile({ folder, schema: kind.profiles.schema }, name) }))
    .sort((a, b) => a.faults.length - b.faults.length);
  const [other] = proven
    .map((kind) => ({ kind, read: readProfile({ folder, schema: kind.profiles.schema }, name) }))
    .sort((a, b) => a.read.faults.length - b.read.faults.length);
  if (other !== undefined && other.read.faults.length < (best?.faults.length ?? Number.POSITIVE_INFINITY))
    return lintProven(other.kind, file, other.read, context);
  if (best === undefined || best.faults.length > 0) {
    remark(context, ...(best?.faults ?? []).map((fault) => faultLine(fault, context.language)));
    return EXIT.configuration;
  }
  print(context, text.good(file, pointsOf(best.kind, best.profile).length));
  if ((best.profile as Profile).probe === undefined) print(context, `  ${text.noProbe[context.language]}`);
  return EXIT.ok;
}

/** Of one file among others. */
function failed(context: CommandContext, code: number, why: Text): number {
  remark(context, why);
  return code;
}

/** A device of this kind with default settings. */
function configOf(kind: ProfiledKind, profile: unknown): { readonly profile: unknown } {
  return { ...(kind.schema.parse({}) as object), profile };
}

function pointsOf(kind: ProfiledKind, profile: unknown): readonly string[] {
  const bus: Bus = {
    exchange: () => Promise.reject(new LinkError('closed', 'no port is open while a profile is read')),
    frames: () => {
      throw new LinkError('closed', 'no port is open while a profile is read');
    },
  };
  return kind.create(configOf(kind, profile), { bus, clock: systemClock() }).points;
}
