/** How soon an event of a lane is to be on the disk. What nothing is decided by rides along: a commit of its own would wear a card more than it says. */
import type { LaneEvent, Role } from '../lane/types.ts';

/** `now`: with what else this turn brings; `soon`: within a quarter of a second; `along`: with what is committed next, or when it is ten seconds old. */
export type Urgency = 'now' | 'soon' | 'along';

interface Opening {
  readonly by: Role;
  /** Loops behind the arm that were taken since. */
  readonly taken: Set<Role>;
  isFollowed: boolean;
}

const SOON: ReadonlySet<LaneEvent['kind']> = new Set(['grant', 'revoke', 'mode', 'sent', 'unsent', 'start']);

export class Urgencies {
  /** By lane, from the arm's leaving down to its being down. */
  readonly #openings = new Map<string, Opening>();

  of(laneId: string, event: LaneEvent): Urgency {
    if (event.kind === 'edge') return this.#isDue(laneId, event.role, event.on) ? 'now' : 'along';
    return SOON.has(event.kind) || (event.kind === 'tick' && event.accepted) ? 'soon' : 'along';
  }

  #isDue(laneId: string, role: Role, on: boolean): boolean {
    const opening = this.#openings.get(laneId);
    if (role === 'down' || role === 'up') return this.#isLetUp(laneId, opening, role, on);
    if (role === 'approach') return opening?.isFollowed === true;
    if (role !== 'barrier' && role !== 'exit') return true;
    // Without an opening, or for the second time in one: what may have been let through by nobody.
    const isOdd = on && (opening === undefined || opening.taken.has(role));
    if (on) opening?.taken.add(role);
    if (opening !== undefined && isOdd) opening.isFollowed = true;
    return isOdd || opening?.isFollowed === true;
  }

  #isLetUp(laneId: string, opening: Opening | undefined, role: Role, on: boolean): boolean {
    const isUp = role === 'up' ? on : !on;
    // The switch that showed the opening shows its end, and that the arm is down in any case.
    if (!isUp && (role === 'down' || opening?.by === 'up')) this.#openings.delete(laneId);
    if (isUp && opening === undefined) this.#openings.set(laneId, { by: role, taken: new Set(), isFollowed: false });
    return isUp && (role === 'down' || opening === undefined);
  }
}
