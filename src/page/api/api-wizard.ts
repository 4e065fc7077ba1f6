/**
 * The interface between the local page and the box for commissioning: results of the wizard's steps, kept on the box so that a sleeping phone
 * loses nothing. Types only; conventions at the head of `api.ts`.
 */
import type { ReportingView } from '../../text/lanes/reporting.ts';
import type { Text } from '../../text/text.ts';
import type { TryRow } from './api.ts';
import type { IntakeAddresses } from './api-intake.ts';
import type { PortRow, ReceivedRow, ScanResult, SnapshotResult } from './api-setup.ts';

/** `GET /api/v1/commissioning` (installer): ports, profiles, lanes and cameras to choose from. */
export interface CommissioningChoices {
  readonly ports: readonly PortRow[];
  readonly profiles: readonly ProfileRow[];
  /** Ids as the configuration in force has them. */
  readonly lanes: readonly { readonly id: string; readonly name: string; readonly camera?: string }[];
  /** In the order of the configuration. */
  readonly lines: readonly {
    readonly id: string;
    readonly port: string;
    readonly listenOnly: boolean;
    readonly devices: readonly string[];
  }[];
  /** Inputs of boards that no lane uses, as `device.point`. */
  readonly free: readonly string[];
  readonly cameras: readonly string[];
  /** IPv4 addresses of the box, the best to enter elsewhere first. */
  readonly addresses: readonly string[];
  /** Cameras whose picture's address has no known form: not polled, unless the update confirmed it. */
  readonly doubtful: readonly {
    readonly camera: string;
    readonly sent: string;
    readonly sha256: string;
    readonly why: 'unconfirmed' | 'byUpdate';
  }[];
  /** Destinations and polled systems near the box that no person has confirmed: nothing is sent there, unless the update kept them. */
  readonly unconfirmed: readonly NearPeer[];
  readonly roles: readonly string[];
  readonly cloudMode?: 'integration' | 'production';
  readonly cloudUrl?: string;
  /** Destinations of kind `platform`. */
  readonly platforms: readonly {
    readonly name: string;
    readonly mode: 'integration' | 'production';
    readonly url: string;
  }[];
  /** Where paid exits are pushed to; absent: the HTTP intake is off. */
  readonly intake?: IntakeAddresses & { readonly tokens: readonly string[] };
  /** `intake.tells` of the configuration in force. */
  readonly tells: readonly string[];
}

export interface NearPeer {
  readonly use: 'destination' | 'payments' | 'camera' | 'output';
  readonly name: string;
  /** Method and address, a query left out. */
  readonly shown: string;
  readonly sha256: string;
  readonly why: 'unconfirmed' | 'byUpdate' | 'moved';
}

export interface ProfileRow {
  readonly name: string;
  readonly kind: string;
  readonly maker: string;
  readonly model: string;
}

/** `GET /api/v1/commissioning/{lane}` (auditor): the acceptance sheet as far as it is filled. */
export interface AcceptanceSheet {
  readonly lane: string;
  readonly laneName: string;
  readonly direction: string;
  readonly parkUuid: string;
  readonly version: string;
  /** Public key of the box, which signs heads and bundles of evidence. */
  readonly evidenceKey?: string;
  readonly cloudMode: string;
  /** As configured, with what the wiring test found of each. */
  readonly points: readonly SheetPoint[];
  /** What the wiring test found last, by role: to be written into the configuration where it differs. */
  readonly learned: readonly (WiredPoint & { readonly atWallMs: number })[];
  /** Devices of the lane that are read though a fact of them is not proven. */
  readonly unproven: readonly { readonly device: string; readonly what: readonly Text[] }[];
  /** As `check` says it: what the lane can detect with this wiring, and what it cannot. */
  readonly can: readonly Text[];
  readonly limits: readonly Text[];
  readonly scan?: { readonly atWallMs: number; readonly port: string; readonly found: ScanResult['found'] };
  /** Picture at `/api/v1/commissioning/{lane}/picture`. */
  readonly snapshot?: SnapshotResult & { readonly atWallMs: number; readonly camera: string };
  readonly told?: ReceivedRow;
  readonly rehearsal?: SheetRehearsal;
  readonly notes: SheetNotes;
  /** When a person ended commissioning last. */
  readonly acceptedWallMs?: number;
  /** The lane is in maintenance: its releases stay on the box. */
  readonly maintenance?: true;
  readonly reporting: ReportingView;
}

export interface WiredPoint {
  readonly role: string;
  readonly device: string;
  readonly point: string;
  readonly activeLow: boolean;
}

export interface SheetPoint extends WiredPoint {
  /** Of the wiring test that found just this; absent: not tested as it is configured now. */
  readonly testedWallMs?: number;
  /** A person's word instead of a test. `seenAs`: the role that the box took this input for; absent: it saw none. */
  readonly confirmed?: { readonly wallMs: number; readonly seenAs?: string };
}

export interface SheetRehearsal extends Pick<TryRow, 'atWallMs' | 'status' | 'code' | 'seqno'> {
  readonly ok: boolean;
  readonly serial: string;
}

/** `PUT /api/v1/commissioning/{lane}`: { installer?, site?, remarks?, told?, forget?: role, taught?: WiredPoint[], confirmed?, accepted? } → AcceptanceSheet. `DELETE` empties the sheet. */
export interface SheetNotes {
  readonly installer?: string;
  readonly site?: string;
  readonly remarks?: string;
}
export interface SheetWords extends SheetNotes {
  readonly told?: ReceivedRow;
  /** What the wiring test found of this role is dropped. */
  readonly forget?: string;
  /** What one car taught, as a person confirmed it. */
  readonly taught?: readonly WiredPoint[];
  /** `taught` is kept although it contradicts what was recorded; else that is refused (`conflict`). */
  readonly confirmed?: boolean;
  /** Commissioning ends now. */
  readonly accepted?: boolean;
}
