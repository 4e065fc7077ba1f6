/**
 * What the box testifies of itself, beside the records: times in which it could not observe, and what was done to it or to what it keeps. Kept on the
 * box, published where there is a broker, never uploaded to the platform.
 */
import type { ObservationGap } from '../lane/types.ts';

/** Of the box, at one moment or until it. */
export interface BoxReport {
  readonly why:
    | 'dismissed' // a record that a person asked to drop; `goesOut`: it is uploaded all the same, and says so
    | 'corrected' // a record that a person, or what came later, corrected
    | 'reviewed' // what a person made of a record; `detail.mark` names it
    | 'clockStep' // the system clock was set
    | 'clock' // a source of time corrected the box's
    | 'database' // replaced, restored, rolled back, damaged
    | 'rewritten' // a row that the chain knows was taken away past the program: `detail.schema`: of the database's structure; `detail.aheadMs`: the last sign of life was not believed; `detail.table`, `detail.sentAgain`: the record was put back and goes out
    | 'outside' // a head that came back from outside is none of this box's chain: `detail.way`, `detail.found`, and the head
    | 'eventsLost' // events of lanes that no journal row tells
    | 'pause' // a person keeps the uploads back; `lasts`: it begins
    | 'underVoltage' // the supply of the box is too low; `lasts`: it begins
    | 'disk' // nothing could be written
    | 'settings' // the configuration was changed; `detail.changes`: path, before and after of each, `detail.how`: page, file or provisioning, `detail.lanes`: what it may weaken; `detail.state`: it waits for a second person, or what became of it
    | 'user' // of the page: `detail.user`, `detail.done`; `outside`, also of those around it: the file was changed past the program
    | 'token' // of a program: `detail.name`, `detail.done`
    | 'pin' // to sign on with: `detail.operator`, `detail.done`: set by somebody else, changed or removed
    | 'signOn' // with a PIN that is not the operator's own; `who`: the session, `detail.setBy`: who set it
    | 'erased' // what was kept about a plate; `detail` counts it
    | 'vehicles' // known vehicles were imported; `detail.state` as of `settings`
    | 'flood' // a sender was refused for sending too much
    | 'reporting' // a lane earned reporting: `detail.lane` by `detail.how`; signed: `who`: the session, `detail.signedBy`: the name in the signature, `reason`
    | 'moved' // an output of the box raised the arm of `detail.lane` and is stopped: `detail.use`, `detail.name`, `detail.delaysMs`: how long after it
    | 'provisioned'; // a signed file of the operator was applied; `who`: his key, `detail.file`: SHA-256 of the file
  readonly who?: string;
  readonly reason?: string;
  readonly recordId?: number;
  /** Of that record: the name under which it left. */
  readonly serial?: string;
  /** Until this moment it lasted so long. */
  readonly forMs?: number;
  readonly lasts?: true;
  readonly goesOut?: true;
  readonly detail?: Readonly<Record<string, unknown>>;
}

export interface Observation {
  readonly id: number;
  /** Empty: the box as a whole. */
  readonly laneId: string;
  /** By the best knowledge of when it was kept. */
  readonly fromWallMs: number;
  readonly toWallMs: number;
  readonly seen: ObservationGap | BoxReport;
}

export const isGap = (seen: Observation['seen']): seen is ObservationGap => 'roles' in seen;

export interface Observations {
  /** Idempotent by lane, cause, name and beginning: folding the journal again adds none twice. The oldest are removed. */
  observe(laneId: string, gap: ObservationGap): Promise<void>;
  /** Enters the chain with its row. */
  report(report: BoxReport): Promise<void>;
  /** Newest first; of what has ended only the end. */
  observations(limit: number): Promise<readonly Observation[]>;
  /** The oldest above this number that no broker has. */
  unpublished(afterId: number): Promise<Observation | undefined>;
  /** A broker has it as it ended then. */
  published(id: number, toWallMs: number): Promise<void>;
}
