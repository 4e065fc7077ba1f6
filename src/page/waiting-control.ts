/** Changes that weaken a lane and wait for a second person or an hour, as an interface that `src/box` implements. */
import type { WaitingChange } from './api/api.ts';
import type { JobRun } from './jobs.ts';

export interface WaitingControl {
  /** undefined: none waits. */
  view(): WaitingChange | undefined;
  /** Of known vehicles as a CSV; false: nothing there has to wait. Throws Problem `conflict` while another change waits. */
  holdsVehicles(
    csv: Uint8Array,
    list: { readonly count: number; readonly replace: boolean },
    by: string,
  ): Promise<boolean>;
  /** The same of a backup that is to be restored; takes the file. */
  holdsRestore(
    path: string,
    wanted: { readonly language: string; readonly passphrase: string | undefined },
    by: string,
  ): Promise<boolean>;
  /** The same of the first provisioning file of an operator, whom a person at the page alone vouches for. */
  holdsProvision(text: string, trust: string | undefined, by: string): Promise<boolean>;
  /** The work of the job `apply`. `id`: of the change that the person saw. Throws Problem: `notFound`, `forbidden` for whoever saved it. */
  agree(id: string, by: string): JobRun;
  /** Throws Problem `notFound`. */
  withdraw(id: string, by: string): Promise<void>;
}
