/**
 * The settings of a lane: one table from the name in the configuration to the key in LaneSettings, with its default.
 * The configuration schema, the scenario files and the form on the page are derived from it; nothing here knows them.
 */
import type { LaneSettings } from './types.ts';

type SettingKey = Exclude<keyof LaneSettings, 'direction' | 'roles' | 'tells'>;

interface DurationSetting {
  readonly key: SettingKey;
  readonly type: 'duration';
  /** Milliseconds, as are `least` and `most`: the values that make sense. */
  readonly default: number;
  readonly least: number;
  readonly most: number;
}
interface BooleanSetting {
  readonly key: SettingKey;
  readonly type: 'boolean';
  readonly default: boolean;
}
interface EnumSetting {
  readonly key: SettingKey;
  readonly type: 'enum';
  readonly default: string;
  readonly values: readonly string[];
}
/** true, false, or a word for: as the rest of the configuration says. */
interface SwitchSetting {
  readonly key: SettingKey;
  readonly type: 'switch';
  readonly default: 'auto' | boolean;
  readonly values: readonly ['auto', true, false];
}
export type Setting = DurationSetting | BooleanSetting | EnumSetting | SwitchSetting;

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

const duration = <K extends SettingKey>(key: K, defaultMs: number, least: number, most: number) =>
  ({ key, type: 'duration', default: defaultMs, least, most }) as const;

/** Name in the configuration → what it sets. Defaults are those of lane-logic.md; the order is that of the form. */
export const SETTINGS = {
  settle: duration('settleMs', 5 * SECOND_MS, 0, 10 * MINUTE_MS),
  reportFrom: { key: 'reportFrom', type: 'enum', default: 'likely', values: ['sure', 'likely', 'possible'] },
  reportNobodyPassed: { key: 'reportNobodyPassed', type: 'boolean', default: true },
  plateMismatch: { key: 'plateMismatch', type: 'enum', default: 'note', values: ['note', 'review', 'report'] },
  autoCommandIsGrant: { key: 'autoCommandIsGrant', type: 'switch', default: 'auto', values: ['auto', true, false] },
  autoJoin: duration('autoJoinMs', 5 * SECOND_MS, 0, MINUTE_MS),
  laneGrantTtl: duration('laneGrantTtlMs', MINUTE_MS, SECOND_MS, HOUR_MS),
  paidAheadTtl: duration('paidAheadTtlMs', 15 * MINUTE_MS, SECOND_MS, 24 * HOUR_MS),
  manualMaxWait: duration('manualMaxWaitMs', 20 * SECOND_MS, SECOND_MS, 10 * MINUTE_MS),
  heldOpenAfter: duration('heldOpenAfterMs', 30 * SECOND_MS, SECOND_MS, HOUR_MS),
  systemOpenWait: duration('systemOpenWaitMs', MINUTE_MS, 0, 10 * MINUTE_MS),
  fakeExit: { key: 'fakeExit', type: 'enum', default: 'local', values: ['local', 'report'] },
  fakeExitWait: duration('fakeExitWaitMs', 5 * MINUTE_MS, 0, HOUR_MS),
  chainWait: duration('chainWaitMs', MINUTE_MS, 0, 10 * MINUTE_MS),
  plateWindow: duration('plateWindowMs', 2 * SECOND_MS, 0, 10 * SECOND_MS),
  transit: duration('transitMs', 2 * SECOND_MS, 100, MINUTE_MS),
  flicker: duration('flickerMs', 120, 0, SECOND_MS),
  drawbarGap: duration('drawbarGapMs', 600, 0, 10 * SECOND_MS),
  mergeGap: duration('mergeGapMs', 80, 0, SECOND_MS),
  mergeGapTravel: duration('mergeGapTravelMs', 100, 0, SECOND_MS),
  mergeGapSingle: duration('mergeGapSingleMs', 350, 0, 5 * SECOND_MS),
  minDwell: duration('minDwellMs', 150, 0, 5 * SECOND_MS),
  closeTime: duration('closeTimeMs', 6 * SECOND_MS, 0, MINUTE_MS),
  travelTimeout: duration('travelTimeoutMs', 10 * SECOND_MS, SECOND_MS, 10 * MINUTE_MS),
  loopStuckAfter: duration('loopStuckAfterMs', 10 * MINUTE_MS, 10 * SECOND_MS, 24 * HOUR_MS),
} as const satisfies Readonly<Record<string, Setting>>;

export type SettingName = keyof typeof SETTINGS;
export const SETTING_NAMES = Object.keys(SETTINGS) as readonly SettingName[];

/** What a lane has when its configuration says nothing: an exit with both limits and both usual loops. */
export const DEFAULT_SETTINGS: LaneSettings = {
  direction: 'exit',
  roles: ['down', 'up', 'approach', 'barrier'],
  tells: [],
  ...(Object.fromEntries(Object.values(SETTINGS).map((setting) => [setting.key, setting.default])) as Omit<
    LaneSettings,
    'direction' | 'roles' | 'tells'
  >),
};

/**
 * LaneSettings from values by configuration name, durations already in milliseconds; what is left out has its default.
 * The values must have been checked against SETTINGS.
 */
export function laneSettings(
  lane: Pick<LaneSettings, 'direction' | 'roles'> & Partial<Pick<LaneSettings, 'tells'>>,
  values: Readonly<Partial<Record<SettingName, number | boolean | string>>>,
): LaneSettings {
  const given = Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [SETTINGS[name as SettingName].key, value]);
  return { ...DEFAULT_SETTINGS, ...(Object.fromEntries(given) as Partial<LaneSettings>), ...lane };
}
