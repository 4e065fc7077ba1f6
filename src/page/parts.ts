/** What the page is given: functions and the parts of the box it looks at, as types. The composition fills it in. */
import type { Clock } from '../clock.ts';
import type { Log, LogRing } from '../log.ts';
import type { Overview } from './api/api.ts';
import type { DemoCar } from './api/api-setup.ts';
import type { Box } from './box.ts';
import type { Commissioning } from './commissioning.ts';
import type { ConfigControl } from './config-control.ts';
import type { DemoControls } from './demo-controls.ts';
import type { FileControl } from './file-control.ts';
import type { JobMakers } from './jobs.ts';
import type { Stream } from './stream.ts';
import type { UpdateControl } from './update-control.ts';

export interface PageParts {
  /** Of the machine: sessions and limits do not run faster in a demonstration. */
  readonly clock: Clock;
  readonly log: Log;
  /** What happens, for every browser. */
  readonly stream: Stream;
  /** The last lines of the log. */
  readonly ring: LogRing;
  readonly version: string;
  /** Users, sessions, certificate, audit: a folder of the state, 0700; made when it is not there. */
  readonly folder: string;
  /** The built page. */
  readonly assets: URL;
  /** A session that is not used for this long ends. */
  readonly idleMs?: () => number;
  /** Names besides its own by which the box may be called. */
  readonly hosts: () => readonly string[];
  /** What runs now; undefined: no configuration is in force, or one takes the place of another at the moment. */
  readonly box: () => Box | undefined;
  /** Whether it is a token of the intake: such a one may read figures. */
  readonly isToken?: (token: string) => boolean;
  /** Whether what runs is what stands in the file. */
  readonly configState: () => Overview['config'];
  /** The wizard's and the diagnosis' kinds; `apply` and `restore` are routes of their own. */
  readonly jobs: JobMakers;
  /** Absent: without the wizard. */
  readonly commissioning?: Commissioning;
  /** Absent: the configuration cannot be changed here. */
  readonly config?: ConfigControl;
  /** Absent: no backup, no export. */
  readonly files?: FileControl;
  /** Absent: not installed as a package, and updated otherwise. */
  readonly update?: UpdateControl;
  /** Only in the demonstration: whoever comes is logged in as an installer. */
  readonly demo?: { car(car: DemoCar['car']): void; readonly controls?: DemoControls };
}
