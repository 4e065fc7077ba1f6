/** What the page is given: functions and the parts of the box it looks at, as types. The composition (`src/host.ts`) fills it in. */
import type { App } from '../app.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { DemoCar } from './api-setup.ts';
import type { JobMakers } from './jobs.ts';

export interface PageParts {
  /** Of the machine: sessions and limits do not run faster in a demonstration. */
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
  /** What runs now; undefined: no configuration is in force, or one takes the place of another at the moment. */
  readonly app: () => App | undefined;
  /** The wizard's and the diagnosis' kinds; `apply` and `restore` are routes of their own. */
  readonly jobs: JobMakers;
  /** Only in the demonstration. */
  readonly demo?: { car(car: DemoCar['car']): void };
}
