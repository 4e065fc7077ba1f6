/** A scenario file as data: a closed format, every fault with its line. It does not run it. Format: scenarios/README. */
import { z } from 'zod';
import { ConfigDocument, type Path } from '../../config/document.ts';
import { ConfigError, type ConfigFault } from '../../config/errors.ts';
import { faultAt, read } from '../../config/issues.ts';
import { settingsSchema } from '../../config/schema/lane-settings.ts';
import { durationSchema } from '../../config/schema/values.ts';
import { readInputText } from '../../config/settings-file.ts';
import { laneSettings } from '../../lane/settings.ts';
import { type Grant, type LaneSettings, ROLES, type Role } from '../../lane/types.ts';
import { scenarioText } from '../../text/commands/scenario.ts';

/** This lane's id in scenario files. */
export const THIS_LANE = 'L1';

const level = z.enum(['on', 'off']).transform((word) => word === 'on');
const levels = Object.fromEntries(ROLES.map((role) => [role, level.optional()])) as Record<
  Role,
  z.ZodOptional<typeof level>
>;
const role = z.enum(ROLES);
const seconds = z.number().min(0).max(1_000_000);
const color = z.enum(['blue', 'yellow', 'white', 'black', 'green']);

const plate = z.strictObject({
  text: z.string().min(1).max(20),
  confidence: z.number().min(0).max(1).default(1),
  color: color.optional(),
  /** A tail plate, read from behind. */
  behind: z.boolean().optional(),
});

const grant = z.strictObject({
  id: z.string().min(1),
  plate: z.string().min(1).optional(),
  plateColor: color.exactOptional(),
  kind: z.enum(['paid', 'monthly', 'free', 'storedValue', 'remoteOpen', 'relay', 'other']).default('paid'),
  count: z.number().int().min(1).default(1),
  lane: z.string().default(THIS_LANE),
  scope: z.enum(['lane', 'park']).default('lane'),
  /** Seconds from the start, as `t`. */
  issuedAt: z.number().optional(),
  expiresAt: z.number().optional(),
  undated: z.literal(true).exactOptional(),
  parkingSerial: z.string().exactOptional(),
  carType: z.string().optional(),
  carDesc: z.string().exactOptional(),
  operator: z.string().exactOptional(),
  source: z.string().default('scenario'),
});

const revoke = z.strictObject({ id: z.string(), why: z.enum(['usedElsewhere', 'cancelled']).default('cancelled') });
const mode = z.strictObject({
  name: z.enum(['maintenance', 'keepOpen', 'freePassage']),
  on: level.default(true),
  /** Seconds from the start, as `t`. */
  until: z.number().optional(),
  reason: z.string().optional(),
  operator: z.string().optional(),
});
/** `true`: nothing was missed. */
const restart = z.union([
  z.literal(true),
  z.strictObject({ blind: durationSchema(0, 86_400_000), powerCut: z.boolean().default(false) }),
]);

const moment = z.strictObject({
  t: seconds,
  ...levels,
  plate: plate.optional(),
  grant: grant.optional(),
  revoke: revoke.optional(),
  mode: mode.optional(),
  stale: z.array(role).optional(),
  fresh: z.array(role).optional(),
  restart: restart.optional(),
  /** The intake channels of this lane are lost, or back. */
  feed: level.optional(),
});

const expectation = z.strictObject({
  method: z.literal([0, 1, 2, 3]).optional(),
  desc: z.string().optional(),
  plate: z.string().optional(),
  at: z.number().optional(),
  confidence: z.enum(['sure', 'likely', 'possible']).optional(),
  direction: z.enum(['entry', 'exit']).optional(),
  passed: z.boolean().optional(),
  degraded: z.boolean().optional(),
  reported: z.boolean().default(true),
  /** Taken back later, because it was paid after all. */
  withdrawn: z.boolean().default(false),
});

export const SUMMARY_KEYS = ['passages', 'releases', 'withdrawn', 'grantsUsed', 'grantsUnused', 'alarms'] as const;
export type Summary = Readonly<Record<(typeof SUMMARY_KEYS)[number], number>>;

const scenario = z.strictObject({
  name: z.string(),
  why: z.string().optional(),
  lane: z.strictObject({
    direction: z.enum(['entry', 'exit', 'both']),
    points: z.array(role).min(1),
    settings: settingsSchema.optional(),
  }),
  initial: z.array(role).optional(),
  timeline: z.array(moment),
  expect: z.array(expectation),
  summary: z.strictObject(Object.fromEntries(SUMMARY_KEYS.map((key) => [key, z.number().int().optional()]))).optional(),
  /** Records wait on the box instead of leaving it at once, so that a late payment still withdraws them. */
  sending: z.enum(['at-once', 'never']).default('at-once'),
  /** Why it can be told in virtual time only: its times are finer than a wire can carry them. */
  virtualOnly: z.string().min(1).optional(),
});

export type Expectation = z.infer<typeof expectation>;
export type ScenarioGrant = Omit<z.infer<typeof grant>, 'carType'>;

export interface TimelineMoment {
  /** From the start of the story, in whole milliseconds. */
  readonly atMs: number;
  readonly levels: Readonly<Partial<Record<Role, boolean>>>;
  readonly plate?: z.infer<typeof plate>;
  readonly grant?: ScenarioGrant;
  readonly revoke?: z.infer<typeof revoke>;
  readonly mode?: z.infer<typeof mode>;
  readonly stale?: readonly Role[];
  readonly fresh?: readonly Role[];
  readonly feed?: boolean;
  readonly restart?: { readonly blindMs: number; readonly powerCut: boolean };
}

export interface Scenario {
  readonly file: string;
  readonly name: string;
  readonly why: string;
  readonly settings: LaneSettings;
  readonly points: readonly Role[];
  readonly initial: readonly Role[];
  readonly timeline: readonly TimelineMoment[];
  readonly expect: readonly Expectation[];
  readonly summary: Partial<Summary>;
  readonly sending: 'at-once' | 'never';
  readonly virtualOnly?: string;
}

const milliseconds = (value: number): number => Math.round(value * 1000);

/** Reads and checks a file. Throws ConfigError: `noInput`, `unreadable`, or `invalid` with every fault and its line. */
export function readScenario(file: string): Scenario {
  return parseScenario(file, readInputText(file));
}

export function parseScenario(file: string, text: string): Scenario {
  const document = new ConfigDocument(file, text);
  const { data, faults } =
    document.faults.length > 0 ? { faults: document.faults } : read(scenario, document, [], document.value);
  const all = data === undefined ? faults : storyFaults(document, data);
  if (data === undefined || all.length > 0) throw new ConfigError('invalid', file, scenarioText.invalid(file), all);
  return build(file, data);
}

type Written = z.infer<typeof scenario>;

/** What a schema cannot say: time goes forward, and only wired points do something. */
function storyFaults(document: ConfigDocument, data: Written): readonly ConfigFault[] {
  const wired = new Set<Role>(data.lane.points);
  const faults: ConfigFault[] = [];
  const unwired = (path: Path, name: Role, where: 'key' | 'value'): void => {
    if (!wired.has(name)) faults.push(faultAt(document, 'reference', path, scenarioText.notWired(name), where));
  };
  data.initial?.forEach((name, index) => {
    unwired(['initial', index], name, 'value');
  });
  data.timeline.forEach((at, index) => {
    const before = data.timeline[index - 1];
    if (before !== undefined && at.t < before.t) {
      faults.push(faultAt(document, 'value', ['timeline', index, 't'], scenarioText.backwards(at.t, before.t)));
    }
    for (const name of ROLES) if (at[name] !== undefined) unwired(['timeline', index, name], name, 'key');
    for (const list of ['stale', 'fresh'] as const) {
      at[list]?.forEach((name, position) => {
        unwired(['timeline', index, list, position], name, 'value');
      });
    }
  });
  return faults;
}

function build(file: string, data: Written): Scenario {
  const { direction, points } = data.lane;
  return {
    file,
    name: data.name,
    why: data.why ?? '',
    settings: laneSettings({ direction, roles: points }, data.lane.settings ?? {}),
    points,
    initial: data.initial ?? points.filter((name) => name === 'down' || name === 'mains'),
    timeline: data.timeline.map(momentOf),
    expect: data.expect,
    summary: (data.summary ?? {}) as Partial<Summary>,
    sending: data.sending,
    ...(data.virtualOnly !== undefined && { virtualOnly: data.virtualOnly }),
  };
}

function momentOf(written: Written['timeline'][number]): TimelineMoment {
  const { t, stale, fresh } = written;
  const changed = ROLES.flatMap((name) => (written[name] === undefined ? [] : [[name, written[name]] as const]));
  const { carType: _, ...told } = written.grant ?? {};
  return {
    atMs: milliseconds(t),
    levels: Object.fromEntries(changed),
    ...(written.plate && { plate: written.plate }),
    ...(written.grant && { grant: told as ScenarioGrant }),
    ...(written.revoke && { revoke: written.revoke }),
    ...(written.mode && { mode: written.mode }),
    ...(stale && { stale }),
    ...(fresh && { fresh }),
    ...(written.feed !== undefined && { feed: written.feed }),
    ...(written.restart !== undefined && { restart: restartOf(written.restart) }),
  };
}

function restartOf(written: z.infer<typeof restart>): { readonly blindMs: number; readonly powerCut: boolean } {
  return written === true ? { blindMs: 0, powerCut: false } : { blindMs: written.blind, powerCut: written.powerCut };
}

/** The grant as the lane gets it; `startMs` is the lane time of the story's start. */
export function scenarioGrant(told: ScenarioGrant, atMs: number, startMs: number): Grant {
  const { lane: _, issuedAt, expiresAt, plate: text, ...rest } = told;
  return {
    ...rest,
    ...(text !== undefined && { plate: text }),
    issuedAtMs: issuedAt === undefined ? atMs : startMs + milliseconds(issuedAt),
    ...(expiresAt !== undefined && { expiresAtMs: startMs + milliseconds(expiresAt) }),
  };
}
