/**
 * What a lane may decide and what that rests on, one row a member: verdicts, what a record calls them, alarms. Types and tables elsewhere follow from these rows,
 * so that a new one is written here once, and the compiler names the texts it needs. It imports nothing: drivers may read it.
 */

/**
 * `method`: the platform's `release_method`: 0 unknown, 1 manual, 2 automatic, 3 suspected tailgating. `unpaid`: rests on "no payment heard", so a
 * lane that hears of none gets it wrong.
 */
export const VERDICT_ROWS = {
  manual: { method: 1, unpaid: true },
  automatic: { method: 2, unpaid: false },
  tailgating: { method: 3, unpaid: true },
  heldOpen: { method: 1, unpaid: true },
  systemUnpaid: { method: 1, unpaid: true },
  fakeExit: { method: 0, unpaid: true },
  wrongWay: { method: 0, unpaid: false },
  ranBarrier: { method: 0, unpaid: true },
  unknown: { method: 0, unpaid: true },
} as const satisfies Readonly<Record<string, { readonly method: 0 | 1 | 2 | 3; readonly unpaid: boolean }>>;

export type Verdict = keyof typeof VERDICT_ROWS;
export const VERDICTS = Object.keys(VERDICT_ROWS) as [Verdict, ...Verdict[]];

/** What a record says it was, and the verdict that says so; each has one fixed Chinese text on the wire (`release_method_desc`). */
export const DESC_VERDICT = {
  button: 'manual', // 按钮开闸
  remote: 'manual', // 遥控开闸
  manual: 'manual', // 手动开闸
  heldOpen: 'heldOpen', // 常开放行
  tailgating: 'tailgating', // 可疑跟车
  wrongWay: 'wrongWay', // 逆行
  ranBarrier: 'ranBarrier', // 闯杆
  fire: 'automatic', // 消防开闸
  mainsLost: 'automatic', // 断电开闸
  keepOpen: 'automatic', // 平台常开
  freePassage: 'automatic', // 免费时段
  systemUnpaid: 'systemUnpaid', // 系统开闸无缴费
  fakeExit: 'fakeExit', // 折返未出场
  unknown: 'unknown', // 原因不明
} as const satisfies Readonly<Record<string, Verdict>>;

export type ReleaseDesc = keyof typeof DESC_VERDICT;

export const PLATE_COLORS = ['blue', 'yellow', 'white', 'black', 'green'] as const;
export type PlateColor = (typeof PLATE_COLORS)[number];

/** What a message may say that a permission rests on. */
export const GRANT_KINDS = ['paid', 'monthly', 'free', 'storedValue', 'remoteOpen', 'other'] as const;
export type GrantKind = (typeof GRANT_KINDS)[number];

export const ALARM_KINDS = [
  'barrierStuck',
  'barrierFault',
  'barrierUnknown',
  'loopStuck',
  'ranBarrier',
  'heldOpen',
  'pointsLost',
  'feedDown',
  'pulsesUnverified',
  'laneIdsSwapped',
  'loopChanged',
  'relayChanged',
  'readsChanged',
] as const;

export type AlarmKind = (typeof ALARM_KINDS)[number];

/** How a body comes to a grant; earlier ones are used first. `assigned`: the joint assignment of its minute leaves it to it. */
export const CLAIM_WAYS = [
  'exact',
  'fuzzy',
  'presence',
  'next',
  'further',
  'known',
  'pulse',
  'mismatch',
  'assigned',
] as const;
export type ClaimWay = (typeof CLAIM_WAYS)[number];

/** Direction of one vehicle. A lane may also be `both`. */
export type Direction = 'entry' | 'exit';

/** One short thing that is so, with when and how much: kept with the verdict, rendered in both languages by `src/text/lanes/lane.ts`. */
export interface Fact {
  readonly kind: string;
  readonly atMs?: number;
  readonly values?: Readonly<Record<string, string | number | boolean>>;
}
