/**
 * The interface between page and box: answers of `/api/v1` for watching, as types (set-up: `api-setup.ts`), shared with `src/ui`. `…WallMs` are
 * Unix milliseconds by the best knowledge of now, `…ForMs` durations. Errors are problem details (RFC 9457) with a `PageProblemCode`; a `Text` has both languages.
 */
import type { ProblemCode } from '../../http/problem.ts';
import type { PlatformAnswer, RecordState } from '../../store/record-types.ts';
import type { ReportingView } from '../../text/lanes/reporting.ts';
import type { WaitingKind } from '../../text/page/waiting.ts';
import type { Text } from '../../text/text.ts';
import type { TodayBrief } from './api-account.ts';
import type { MarkRow } from './api-duty.ts';

/** What a person may do. Each role may all that those before it may. */
export type UserRole = 'booth' | 'viewer' | 'operator' | 'auditor' | 'installer';
/** What a role may. `office`: to read what the office reads. */
export type Right = UserRole | 'office';

/** `src/http/problem.ts` explains each. */
export type PageProblemCode = ProblemCode;

export interface PageProblem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: PageProblemCode;
  readonly detail: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}

// ── Sessions and users ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** `GET /api/v1/session`: answers without a session too. */
export interface SessionInfo {
  /** `setup`: no user yet. `login`: not logged in. `in`: `user` and `role` are there. */
  readonly state: 'setup' | 'login' | 'in';
  readonly user?: string;
  readonly role?: UserRole;
  /** This is the demonstration: simulated lane, nothing real. `POST /api/v1/demo` works. */
  readonly demo: boolean;
  readonly version: string;
  /** SHA-256 of the box's certificate, as browsers show it; absent on plain HTTP. */
  readonly fingerprint?: string;
}

/** `GET /api/v1/users` (auditor). `POST { user, password, role, lanes? }`, `PUT /api/v1/users/{user}/lanes { lanes? }`, `DELETE /api/v1/users/{user}` (installer); the last installer cannot be deleted. */
export interface UserRow {
  readonly user: string;
  readonly role: UserRole;
  /** Of a booth: the lanes it sees; absent: all. */
  readonly lanes?: readonly string[];
  readonly lastLoginWallMs?: number;
}

// ── Overview and live ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export type Level = 'ok' | 'warn' | 'error';

/** `page`: where something can be done about it; with `lane`, that lane's payments there. */
export interface BoxComplaint {
  /** Of the cause: `rs485-1`, `rs485-1/io1`, `camera/cam1`, `lane/L1/heldOpen`, `platform` … */
  readonly id: string;
  readonly level: Level;
  /** One sentence. */
  readonly text: Text;
  readonly todo?: Text;
  /** For support: addresses, codes, the words of other programs. */
  readonly details?: Text;
  /** What follows from it, folded into it. */
  readonly follows?: readonly Text[];
  readonly page?: PageName;
  readonly lane?: string;
}

/** `GET /api/v1/overview`. */
export interface Overview {
  readonly atWallMs: number;
  readonly parkUuid: string;
  /** One sentence and its severity. */
  readonly headline: BoxComplaint;
  /** Everything else that is wrong, most severe first. */
  readonly complaints: readonly BoxComplaint[];
  readonly lanes: readonly LaneLive[];
  readonly devices: readonly DeviceLive[];
  readonly queue: QueueBrief;
  readonly clock: ClockLive;
  readonly disk: DiskLive;
  /** Of the backup of each night; absent: none is configured. */
  readonly backup?: BackupLive;
  /** The platform first; absent while nothing runs. */
  readonly destinations?: readonly DestinationRow[];
  /** What the day comes to so far; absent while nothing runs. */
  readonly today?: TodayBrief;
  /** The file is not the configuration in force: it has faults, or did not come up. `new`: there is none yet. */
  readonly config: { readonly state: 'new' | 'good' | 'broken' | 'reverted' | 'trial'; readonly faults: number };
  /** It may weaken a lane that reports; absent: none waits. */
  readonly waiting?: WaitingChange;
}

/**
 * `POST /api/v1/waiting/agree { id }` (auditor or installer, not the one who saved it, nor a login younger than an hour) → Job 'apply';
 * `POST /api/v1/waiting/withdraw { id }` (office) → Overview. Without either it takes effect when `dueInMs` is over.
 */
export interface WaitingChange {
  readonly id: string;
  readonly kind: WaitingKind;
  readonly by: string;
  readonly sinceWallMs: number;
  readonly dueInMs: number;
  /** That it may weaken. */
  readonly lanes: readonly string[];
  /** Those that weaken first, 40 at most. */
  readonly changes: readonly { readonly path: string; readonly before?: string; readonly after?: string }[];
  /** So many are not named. */
  readonly more?: number;
}

export type PageName =
  | 'overview'
  | 'releases'
  | 'inbox'
  | 'duty'
  | 'queue'
  | 'account'
  | 'wizard'
  | 'signals'
  | 'config'
  | 'pushes'
  | 'diagnostics'
  | 'logs'
  | 'backup'
  | 'privacy'
  | 'users'
  | 'api'
  | 'about';

export interface LaneLive {
  readonly id: string;
  readonly name: string;
  readonly direction: 'entry' | 'exit' | 'both';
  /** `ArmState` of the engine; `unknown` when no limit is wired or known; `fault`: its limits contradict each other. */
  readonly arm: 'closed' | 'opening' | 'open' | 'closing' | 'unknown' | 'fault';
  readonly armForMs: number;
  /** Level of every wired role (`approach`, `barrier`, `exit`, `down`, `up`, `auto`, `button`, `remote` …); null: not known now. */
  readonly levels: Readonly<Record<string, boolean | null>>;
  /** Of each loop that is occupied: for how long. */
  readonly occupiedForMs: Readonly<Record<string, number>>;
  readonly degraded: readonly string[];
  readonly modes: readonly string[];
  /** In maintenance: until when, and why. */
  readonly maintenance?: { readonly untilWallMs?: number; readonly reason?: string };
  /** `details`: of a sense that has changed, what and since when. */
  readonly alarms: readonly { readonly code: string; readonly text: Text; readonly details?: Text }[];
  /** Cameras whose pictures do not show the lane now. */
  readonly hiddenViews: readonly { readonly camera: string; readonly why: 'cameraCovered' | 'cameraFrozen' }[];
  readonly openingForMs?: number;
  readonly granted: boolean;
  readonly bodies: number;
  readonly passages: number;
  readonly lastPlate?: { readonly text: string; readonly color?: string; readonly atWallMs: number };
  readonly lastRelease?: ReleaseListRow;
  /** The last time, now over, in which the lane was not seen, or not all of it. */
  readonly lastGap?: { readonly fromWallMs: number; readonly toWallMs: number; readonly what: Text };
  readonly camera?: string;
  /** Its second camera, and which end of vehicles that sees. */
  readonly second?: { readonly camera: string; readonly looks: 'front' | 'rear' };
  /** Whether it may report that nobody paid: until then such releases are kept back. */
  readonly reporting: ReportingView;
  /** Of the last pulses of the relay (100 at most): how many a payment message joined. Absent: there were none. */
  readonly joinedPulses?: { readonly pulses: number; readonly joined: number };
}

export interface DeviceLive {
  /** `rs485-1/io1`, `gpio/pi`, `camera/cam1`. */
  readonly id: string;
  readonly kind: 'line' | 'device' | 'gpio' | 'camera';
  /** Of a line: where it is plugged in. */
  readonly port?: string;
  readonly state: 'ok' | 'down' | 'unknown';
  /** Down for this long. */
  readonly downForMs?: number;
  readonly lastFault?: Text;
  /** Facts of a device that is read all the same: `linkage`, `counters`, … */
  readonly unproven?: readonly { readonly code: string; readonly text: Text }[];
  readonly roundMs?: number;
  readonly turnaroundMs?: number;
  readonly wireShare?: number;
  readonly faults: number;
}

export interface QueueBrief {
  readonly waiting: number;
  readonly held: number;
  readonly parked: number;
  readonly review: number;
  /** Kept back because their lane has not earned reporting. */
  readonly kept: number;
  readonly delivered: number;
  /** Of those waiting. */
  readonly oldestForMs?: number;
  readonly nextTryInMs?: number;
  /** `paused`: by a person. `refused`: by the platform's 401 or 403, probing. */
  readonly uploader: 'working' | 'idle' | 'offline' | 'paused' | 'refused';
  readonly offlineForMs?: number;
  readonly paused?: { readonly who: string; readonly untilWallMs: number };
  readonly why?: Text;
  /** The platform's own words, where they are long. */
  readonly detail?: string;
}

/** One way out of the box. */
export interface DestinationRow {
  /** `4pyun`, `mqtt`, or as the configuration names it. */
  readonly name: string;
  readonly kind: string;
  /** `stopped`: it wants nothing more, until it is resumed. */
  readonly state: 'idle' | 'working' | 'failing' | 'paused' | 'stopped';
  readonly waiting: number;
  readonly oldestForMs?: number;
  /** Messages that arrived, and requests that failed, since the start. */
  readonly arrived: number;
  readonly failed: number;
  readonly lastError?: Text;
}

export interface ClockLive {
  /** `manual`: taken from a person's phone. */
  readonly quality: 'synced' | 'corrected' | 'manual' | 'estimated' | 'unknown';
  /** Of `manual`: it may be off by this much, either way. */
  readonly errorMs?: number;
  readonly wallMs: number;
}

export interface BackupLive {
  /** When the last good one was made. */
  readonly lastWallMs?: number;
  /** When one was last opened, verified and counted. */
  readonly testedWallMs?: number;
  /** How many there are. */
  readonly kept: number;
  /** Why the last one failed. */
  readonly fault?: Text;
}

export interface DiskLive {
  /** Of the card, estimated; absent in the first hour, and where the kernel does not count it. */
  readonly wear?: { readonly bytesPerDay: number; readonly years: number };
  readonly freeBytes: number;
  readonly framesBytes: number;
  readonly framesMaxBytes: number;
  /** How long pictures and records are to stay, and what the disk can keep. Absent: nothing runs. */
  readonly kept?: {
    readonly profile: 'short' | 'month' | 'year';
    readonly framesMs: number;
    readonly recordsMs: number;
    /** Absent: less than a day to judge by. `lost`: from when on, and which day, pictures go before their time. */
    readonly forecast?: {
      readonly days: number;
      readonly lost?: { readonly dayWallMs: number; readonly fromWallMs: number };
    };
  };
  /** At the pace of the last days; absent when nothing has been kept yet. */
  readonly daysLeft?: number;
  /** The disk cannot be written; new data is in memory. */
  readonly stalled?: 'full' | 'readonly' | 'io' | 'busy';
  /** Records that are in memory only and sent from there, and how many of them the platform has accepted. */
  readonly unkept?: { readonly records: number; readonly delivered: number };
  /** The database was found damaged in the last seven days and another one begun. `saved` is absent while records are recovered. */
  readonly damage?: {
    readonly agoMs: number;
    readonly saved?: { readonly records: number; readonly unreadable: number; readonly lostPages: number };
  };
}

// ── Releases ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────

export type { RecordState };

export interface ReleaseListRow {
  readonly id: number;
  readonly serial: string;
  readonly laneId: string;
  readonly laneName: string;
  readonly releaseWallMs: number;
  readonly method: string;
  readonly desc: Text;
  readonly reason: Text;
  readonly confidence: string;
  /** 0…100: how often such evidence was right in simulated truth; records of earlier versions have none. */
  readonly score?: number;
  readonly plate?: string;
  readonly plateColor?: string;
  readonly state: RecordState;
  readonly picture: 'pending' | 'attached' | 'none';
  readonly attempts: number;
  readonly lastWhy?: Text;
  readonly seqno?: string;
  readonly timeQuality: ClockLive['quality'];
  /** While it waits: why, and when it is tried next. */
  readonly waits?: Text;
  readonly nextTryInMs?: number;
  readonly deliveredWallMs?: number;
  /** Who gave the command or was on duty, and how that is known. */
  readonly operator?: string;
  readonly operatorBy?: 'command' | 'message' | 'pin' | 'roster';
  /** What an unpaid exit would have cost, in fen: asked for by the management system at `wallMs`, or by the tariff since it came in then. */
  readonly owed?: { readonly by: 'told' | 'tariff'; readonly amount: number; readonly wallMs: number };
  /** The last decision of a person on it. */
  readonly mark?: MarkRow;
  /** What the one concerned has said since. */
  readonly answer?: MarkRow;
  /** Pictures beside its own. */
  readonly beside?: readonly ('before' | 'after' | 'second')[];
  /** Somebody wished it away, and it has not left yet: a second person may still agree. */
  readonly wishedAway?: { readonly who: string; readonly why: string; readonly atWallMs: number };
}

/** `GET /api/v1/releases?day=2026-11-24&to=2026-11-25&marked=open&lane=&method=&state=&plate=&before=ID&limit=30`; `day` is a Beijing day. Newest first. `marked=inbox`: what waits for the person who asks. */
export interface ReleaseList {
  readonly items: readonly ReleaseListRow[];
  /** `before` of the next page; absent: the end. */
  readonly next?: number;
  /** All that the filter lets through; `more`: not counted to the end. */
  readonly total: number;
  readonly more?: true;
  readonly methods: readonly { readonly value: string; readonly text: Text }[];
}

export interface ReleaseDetail {
  readonly row: ReleaseListRow;
  /** Reasons of the verdict, in order of time. */
  readonly facts: readonly { readonly atWallMs?: number; readonly text: Text }[];
  /** `second`: of the lane's other camera. */
  readonly beside: { readonly before: boolean; readonly after: boolean; readonly second: boolean };
  readonly pictureWhy?: Text;
  /** The form fields as sent or to be sent; the secret is masked, pictures are named by size. */
  readonly request: readonly { readonly name: string; readonly value: string }[];
  readonly tries: readonly TryRow[];
  /** When the platform hinted at the text it signed: where ours differs (`lanewarden sign --compare`). */
  readonly comparison?: Text;
  readonly can: readonly ('report' | 'dismiss' | 'retry' | 'correct')[];
  /** As in the row. */
  readonly wishedAway?: NonNullable<ReleaseListRow['wishedAway']>;
}

export interface TryRow extends PlatformAnswer {
  readonly atWallMs: number;
  readonly why: Text;
}

/** `GET /api/v1/releases/{id}/timeline?seconds=15`: the signals around it, as the journal has them. `null` level: not known. */
export interface Timeline {
  readonly fromWallMs: number;
  readonly toWallMs: number;
  readonly releaseWallMs: number;
  readonly signals: readonly {
    readonly role: string;
    readonly before: boolean | null;
    readonly edges: readonly { readonly atWallMs: number; readonly level: boolean | null }[];
  }[];
  readonly marks: readonly { readonly atWallMs: number; readonly text: Text }[];
}

// ── Queue ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** `GET /api/v1/queue`. */
export interface QueueView {
  readonly brief: QueueBrief;
  readonly causes: readonly {
    readonly state: RecordState;
    readonly why: Text;
    readonly detail?: string;
    readonly count: number;
    readonly oldestWallMs: number;
    readonly nextTryInMs?: number;
  }[];
  readonly items: readonly ReleaseListRow[];
  /** The platform first. */
  readonly destinations: readonly DestinationRow[];
}

// ── Signals ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface SignalReading {
  readonly device: string;
  readonly point: string;
  readonly kind: 'level' | 'pulses';
  readonly value: number;
  readonly atWallMs: number;
  readonly uncertaintyMs: number;
}

/** `GET /api/v1/signals`: every point of the configuration, who uses it, and its last edges (bounded). */
export interface SignalsView {
  readonly points: readonly {
    readonly device: string;
    readonly point: string;
    readonly uses: readonly { readonly lane: string; readonly role: string; readonly activeLow: boolean }[];
    readonly value: number | null;
    readonly edges: readonly { readonly atWallMs: number; readonly value: number }[];
  }[];
  readonly lines: readonly {
    readonly id: string;
    readonly port: string;
    readonly devices: readonly {
      readonly id: string;
      readonly kind: string;
      readonly profile?: string;
      readonly unit?: number;
    }[];
  }[];
}
