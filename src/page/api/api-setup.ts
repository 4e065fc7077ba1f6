/** The interface between the local page and the box for set-up: jobs, configuration, logs. Types only; conventions at the head of `api.ts`. */
import type { ConfigFault } from '../../config/errors.ts';
import type { Text } from '../../text/text.ts';
import type { Level, Overview, TryRow } from './api.ts';
import type { VerifyResult } from './api-intake.ts';

// ── Jobs: what takes longer than a second ─────────────────────────────────────────────────────────────────────────────────────

export type JobKind =
  | 'scan'
  | 'learn'
  | 'teach'
  | 'snapshot'
  | 'rehearse'
  | 'readRow'
  | 'confirm'
  | 'diagnose'
  | 'verify'
  | 'apply'
  | 'restore'
  | 'provision'
  | 'update';

/** `POST /api/v1/jobs { kind, … }` → 202 Job; `GET /api/v1/jobs/{id}`; `DELETE` cancels. One of a kind at a time. */
export interface Job {
  readonly id: string;
  readonly kind: JobKind;
  readonly state: 'running' | 'done' | 'failed' | 'cancelled';
  /** 0 to 1; absent: how far is not known. */
  readonly part?: number;
  readonly leftMs?: number;
  readonly now: Text;
  /** By kind; of `snapshot` that failed for its address an UnconfirmedResult. `update` has none. */
  readonly result?: JobResult;
  readonly error?: Text;
}

export type JobResult =
  | ScanResult
  | LearnResult
  | TeachResult
  | SnapshotResult
  | UnconfirmedResult
  | RehearsalResult
  | RowRehearsal
  | DiagnoseResult
  | VerifyResult
  | ApplyResult
  | RestoreResult;

/** Of the job `readRow`: one row of a management system, and the payment it would be. Without a row: connected, and there is none yet. */
export interface RowRehearsal {
  readonly system: string;
  readonly row: readonly NamedValue[];
  /** In the fields of `POST /api/v1/grants`. */
  readonly payment: readonly NamedValue[];
  /** Why the row is no payment here. */
  readonly left?: Text;
  /** What is wrong with the payment, by the name of the row's own column. */
  readonly problems: readonly { readonly field: string; readonly message: Text }[];
  /** Why nothing was read, what to do, and the words of the server. */
  readonly fault?: { readonly what: Text; readonly todo: Text; readonly detail: Text };
}

export interface NamedValue {
  readonly name: string;
  readonly value: string | number;
}

/**
 * Of the jobs `restore`, `provision` and `confirm`: nothing but that it is done; of the first two an ApplyResult `waits` where it is not. `kind: 'confirm'`: { use, name, sha256, armClear: true } of a peer in
 * `unconfirmed` of the choices; refused (`conflict`) unless every lane is in maintenance.
 */
export type RestoreResult = Readonly<Record<string, never>>;

/** `GET /api/v1/ports` (installer). */
export interface PortRow {
  readonly port: string;
  readonly device: string;
  readonly stable: boolean;
  readonly label: string;
  readonly latencyMs?: number;
  /** Program and process that hold it, as far as this user may see. */
  readonly heldBy?: string;
}

/**
 * `kind: 'scan'`: { port, baudRates, parities, units: [from, to], confirmedAlone: true, release? }. Refused (`invalid`) without the confirmation,
 * and (`conflict`) where the port is `listenOnly` in the configuration, or in use by it unless `release` is true. It listens first and stops
 * if another master is active. Read only. Its result grows while it runs and is kept if it is cancelled; `device`: configured here already.
 */
export interface ScanResult {
  readonly found: readonly {
    readonly unit: number;
    readonly baudRate: number;
    readonly parity: string;
    readonly answers: Text;
    readonly device?: string;
    /** Profiles that fit the answers, certain ones first. */
    readonly profiles: readonly string[];
    /** What it does not prove of a profile, by its name. */
    readonly unproven?: Readonly<Record<string, readonly { readonly code: string; readonly text: Text }[]>>;
  }[];
  /** Garbled answers: a duplicate unit, or another baud rate or parity. */
  readonly garbled: readonly { readonly unit: number; readonly baudRate: number; readonly parity: string }[];
}
/** `kind: 'learn'`: { lane, role, action: 'occupy' | 'leave' | 'open' | 'close' | 'press' }: waits for the one point that moves, and for the way back. */
export interface LearnResult {
  readonly device: string;
  readonly point: string;
  readonly activeLow: boolean;
  /** `device.point` of those that moved too. */
  readonly others: readonly string[];
  /** The role that this point has in the lane's configuration already. */
  readonly taken?: string;
  /** It only counts pulses, so its polarity could not be seen. */
  readonly pulsesOnly?: true;
}
/**
 * `kind: 'teach'`: { lane, act?: 'car' | 'empty', by?: 'button' | 'remote' | 'auto' }: one car is let through, and the roles of all inputs are
 * proposed at once; `empty`: one opening without a car after it, which tells loops from limits. Nothing is written: a person confirms
 * (`PUT /api/v1/commissioning/{lane}`, `taught`).
 */
export interface TeachResult {
  readonly lane: string;
  readonly roles: readonly TaughtRole[];
  readonly asks: readonly TaughtAsk[];
  /** `device.point` of inputs that moved and belong to nothing of one car's passage. */
  readonly unexplained: readonly string[];
  /** `device.point` of inputs that changed all the time. */
  readonly chattering: readonly string[];
  /** For drawing, of every input that moved: as recorded with the car. Times as in `fromMs`. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly waves: readonly {
    readonly at: string;
    readonly before: boolean | null;
    readonly edges: readonly { readonly atMs: number; readonly level: boolean }[];
  }[];
}
export interface TaughtRole {
  readonly role: string;
  readonly device: string;
  readonly point: string;
  readonly activeLow: boolean;
  /** `sure`: all that happened fits nothing else. `likely`: the best of several explanations. */
  readonly confidence: 'sure' | 'likely';
  /** `device.point` of the other inputs it may be. */
  readonly others: readonly string[];
  /** Other roles that this input may have. */
  readonly maybe: readonly string[];
}
/** What tells the rest: once more with one car; the same, slower; an opening without a car; which contact the pulse was. */
export type TaughtAsk = 'again' | 'slower' | 'empty' | 'press';
/**
 * `kind: 'snapshot'`: { camera, lane? }. The picture is at `/api/v1/jobs/{id}/picture`. If the picture's address has no known form and is not
 * confirmed, nothing is sent, and the failed job has an UnconfirmedResult. An installer may then try it once:
 * { camera, lane?, sha256, armClear: true }; refused (`conflict`) unless every lane of the camera is in maintenance. What came is `confirmed`, to
 * be written into the configuration.
 */
export interface SnapshotResult {
  readonly bytes: number;
  readonly tookMs: number;
  readonly width?: number;
  readonly height?: number;
  readonly confirmed?: { readonly sha256: string; readonly by: string; readonly at: string };
}
/** The address, path and query, that would have been requested. */
export interface UnconfirmedResult {
  readonly unconfirmed: { readonly sent: string; readonly sha256: string };
}
/** `kind: 'rehearse'`: { lane, confirmed: true, production?, to? }: `to` names a destination of kind `platform`; `production: true` too in that mode; one marked test record, signed with the configured secret. `comparison` as in ReleaseDetail. */
export interface RehearsalResult {
  readonly ok: boolean;
  readonly answer: TryRow;
  /** One line for each difference. */
  readonly comparison?: Text;
  readonly next: Text;
  /** `parking_serial` of the test record. */
  readonly serial: string;
  /** As in the request. */
  readonly to?: string;
}
/** `kind: 'diagnose'`. */
export interface DiagnoseResult {
  readonly checks: readonly {
    readonly name: Text;
    readonly level: Level;
    readonly found: Text;
    readonly todo?: Text;
  }[];
}

export interface ReceivedRow {
  readonly atWallMs: number;
  readonly kind: 'grant' | 'plate';
  readonly lane?: string;
  readonly plate?: string;
  readonly source: string;
  /** It was over before it came. */
  readonly expired?: true;
}

// ── Configuration ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface ShownConfigFault extends Omit<ConfigFault, 'code' | 'file'> {
  readonly code: string;
  readonly file: 'config' | 'secrets';
}

/** `GET /api/v1/config` (auditor). */
export interface ConfigView {
  readonly yaml: string;
  /** SHA-256 of `yaml`; to be sent back as `base`. */
  readonly base: string;
  readonly faults: readonly ShownConfigFault[];
  /** What runs now is this text (`good`), a trial that reverts by itself, or an older one. */
  readonly state: Overview['config']['state'];
  readonly trialLeftMs?: number;
  /** Names only: the values never leave the box. */
  readonly secrets: readonly { readonly name: string; readonly set: boolean; readonly usedBy: readonly string[] }[];
  /** What the text says, as plain JSON, for the form (names of secrets, never values); absent when it is not YAML. */
  readonly value?: unknown;
  /** The text in force when the file's own is broken. */
  readonly inForceYaml?: string;
}
export type ConfigCheck = Pick<ConfigView, 'faults' | 'value'>;
/**
 * If the new one is not up within 30 s, the previous one is restored; else a person has `trialMs` to keep it. `waits`: it may weaken a lane that
 * reports, and is not in force: see `waiting` of the Overview.
 */
export interface ApplyResult {
  readonly state: 'trial' | 'reverted' | 'waits';
  readonly faults: readonly ShownConfigFault[];
  readonly why?: Text;
}
/** `GET /api/v1/config/history`; `GET …/{id}` → { yaml }; `POST …/{id}/rollback` → Job 'apply'. Newest first, at most 50. */
export interface HistoryRow {
  readonly id: string;
  readonly savedWallMs: number;
  readonly by: string;
  readonly changedLines: number;
}

// ── The rest ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** `GET /api/v1/log?level=info&before=N&limit=200` → LogRow[], newest first: the last 2,000 lines are kept in memory. */
export interface LogRow {
  readonly n: number;
  readonly atWallMs: number;
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly text: Text;
  readonly ids: Readonly<Record<string, string>>;
}
/**
 * `GET /api/v1/update` (installer). `POST` (application/vnd.debian.binary-package: a .deb that carries its signature, at most 64 MB) → Job 'update'.
 * Its id is `update`: `GET /api/v1/jobs/update` says how the last one stands, also when the program was replaced meanwhile. It cannot be cancelled.
 */
export interface UpdateView {
  /** What runs. */
  readonly version: string;
  /** Why no update can be given by page, and what to do instead; absent: one can. */
  readonly cannot?: Text;
}
/** `GET /api/v1/provision` (installer): what the operator needs of this box for a provisioning file. */
export interface ProvisionView {
  readonly name: string;
  /** The public key that secrets are sealed for. */
  readonly key: string;
  /** Short form of the operator's key that it trusts; absent: none yet. */
  readonly operator?: string;
}
/**
 * `POST /api/v1/provision/look` (application/vnd.lanewarden.provision, installer): what the file would change. `POST /api/v1/provision`, likewise,
 * applies it → Job 'provision'; header lanewarden-trust: the operator's key as compared, where the box trusts none yet.
 */
export interface ProvisionLook {
  /** Short form of the key it is signed by. */
  readonly signedBy: string;
  readonly trusted: boolean;
  readonly madeWallMs: number;
  readonly note: string;
  readonly lines: readonly Text[];
}
export interface AuditRow {
  readonly atWallMs: number;
  readonly user: string;
  readonly what: Text;
}
/** `GET /api/v1/about`. */
export interface About {
  readonly version: string;
  readonly node: string;
  readonly system: string;
  readonly fingerprint?: string;
  readonly licences: readonly { readonly name: string; readonly version: string; readonly licence: string }[];
}
/** `GET /api/v1/label` (installer): what the label in the cabinet says, to print. */
export interface LabelView {
  /** `lanewarden-1a2b`, which mDNS answers to. */
  readonly name: string;
  readonly urls: readonly string[];
  readonly fingerprint?: string;
  /** The Wi-Fi that the box offers where nobody gives it an address; absent: it has been commissioned, or has none. */
  readonly network?: { readonly name: string; readonly key: string; readonly urls: readonly string[] };
  /** QR codes: rows of modules, 1 is dark. */
  readonly codes: { readonly page: readonly string[]; readonly network?: readonly string[] };
}
/** `POST /api/v1/demo { car: 'paid' | 'manual' | 'tailgater' | 'trailer' }` or `{ fault, on }` (docs/en/simulator.md): only in the demonstration. */
export interface DemoCar {
  readonly car: 'paid' | 'manual' | 'tailgater' | 'trailer';
}
/** `GET /api/v1/demo`: the faults; `POST { fault, on }` switches one. */
export type DemoFaults = readonly { readonly name: string; readonly text: Text; readonly on: boolean }[];
