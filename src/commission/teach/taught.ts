/** What a person confirmed of what one car taught: each signal once, each input once. */
import { Problem } from '../../http/problem.ts';
import { ROLES } from '../../lane/types.ts';
import type { SheetWords } from '../../page/api/api-wizard.ts';
import { learnText } from '../../text/commission.ts';
import { teachText } from '../../text/teach.ts';

/** Throws Problem `invalid`. */
export function checkTaught(taught: NonNullable<SheetWords['taught']>): void {
  const errors = taught.flatMap(({ role, device, point }, index) => {
    const isOther = !ROLES.some((each) => each === role);
    const isTwice = taught
      .slice(0, index)
      .some((other) => other.role === role || (other.device === device && other.point === point));
    if (isOther) return [{ field: `taught[${index}].role`, message: learnText.badRole }];
    return isTwice ? [{ field: `taught[${index}]`, message: teachText.twice(role) }] : [];
  });
  if (errors.length > 0) throw new Problem('invalid', { errors });
}
