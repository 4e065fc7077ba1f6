// An opening that nobody paid for, as the inputs of a board show it.

/** Roles, in the order of the inputs that they are at. */
export const POINTS = ['down', 'up', 'approach', 'barrier', 'auto'];
const bit = (name) => 1 << POINTS.indexOf(name);
export const CLOSED = bit('down');
/** A car comes and the arm is raised without a command. Each step: what is on, and for how long in ms at least. */
export const UNPAID = [
  [['down', 'approach'], 500],
  [['approach'], 600],
  [['up', 'approach'], 500],
  [['up', 'approach', 'barrier'], 500],
  [['up', 'barrier'], 500],
  [['up'], 500],
  [[], 600],
  [['down'], 0],
].map(([on, ms]) => [on.reduce((sum, name) => sum | bit(name), 0), ms]);
