/** What the page is given by `src/box`: functions, and interfaces of the box. */
import type { Clock } from '../clock.ts';
import type { KnownToken } from '../http/tokens.ts';
import type { VehicleSlices } from '../intake/park/vehicle-csv.ts';
import type { Log, LogRing } from '../log.ts';
import type { TokenStore } from './access/made-tokens.ts';
import type { BackupLive, Overview } from './api/api.ts';
import type { DemoCar } from './api/api-setup.ts';
import type { Box } from './box.ts';
import type { Commissioning } from './commissioning.ts';
import type { ConfigControl } from './config-control.ts';
import type { DemoControls } from './demo-controls.ts';
import type { FileControl, ProvisionControl } from './file-control.ts';
import type { JobMakers } from './jobs.ts';
import type { MachineClock, UpdateControl } from './machine-control.ts';
import type { MetricRow } from './metrics.ts';
import type { Stream } from './stream.ts';
import type { WaitingControl } from './waiting-control.ts';

export interface PageParts {
  /** Real time: sessions and limits do not run faster in a demonstration. */
  readonly clock: Clock;
  readonly log: Log;
  /** Live events for every browser. */
  readonly stream: Stream;
  /** The last lines of the log. */
  readonly ring: LogRing;
  readonly version: string;
  /** For users, sessions, certificate, audit: a folder of the state, 0700, created if missing. */
  readonly folder: string;
  /** The built page. */
  readonly assets: URL;
  /** A session idle for this long ends. */
  readonly idleMs?: () => number;
  /** Further host names of the box. */
  readonly hosts: () => readonly string[];
  /** The running box; undefined: no configuration is in force, or one is being replaced. */
  readonly box: () => Box | undefined;
  /** Whether viewers see plates masked and no pictures. */
  readonly masksPlates?: () => boolean;
  readonly made: TokenStore;
  /** Tokens of the configuration in force. */
  readonly configuredTokens: () => readonly KnownToken[];
  /** Whether the configuration in force is the one in the file. */
  readonly configState: () => Overview['config'];
  /** Why the disk lets no store open; absent: it does, or none is being opened. */
  readonly refused?: () => Overview['disk']['stalled'];
  /** Of the backup of each night; absent, or undefined: none is configured. */
  readonly backup?: () => BackupLive | undefined;
  /** SHA-256 of the text in force; undefined: none is. */
  readonly configDigest: () => string | undefined;
  /** What has been counted since the program began, with the faults of these devices. */
  readonly counted: (devices: Overview['devices']) => Promise<readonly MetricRow[]>;
  /** Kinds of the wizard and the diagnosis; `apply` and `restore` have their own routes. */
  readonly jobs: JobMakers;
  /** Absent: without the wizard. */
  readonly commissioning?: Commissioning;
  /** Absent: the configuration cannot be changed here. */
  readonly config?: ConfigControl;
  /** Absent: no change ever waits. */
  readonly waiting?: WaitingControl;
  /** Reads a CSV of known vehicles, beside the lanes. */
  readonly readVehicles: (csv: Uint8Array) => Promise<VehicleSlices>;
  /** Absent: no backup, no export. */
  readonly files?: FileControl;
  /** Absent: the configuration cannot be changed here. */
  readonly provision?: ProvisionControl;
  /** Absent: not installed as a package. */
  readonly update?: UpdateControl;
  /** Absent: likewise. */
  readonly machineClock?: MachineClock;
  /** Demonstration only: every visitor is logged in as an installer. */
  readonly demo?: { car(car: DemoCar['car']): void; readonly controls?: DemoControls };
}
