/** The page's access to provisioning: looks at a file, and leaves it for the box like the command does. It applies nothing itself. */
import type { Clock } from '../clock.ts';
import { Problem } from '../http/problem.ts';
import type { ProvisionControl } from '../page/file-control.ts';
import { changeLines } from '../provision/change-text.ts';
import { type BoxPlaces, boxIdentity } from '../provision/look.ts';
import { operatorKey, requireOperator } from '../provision/operator-key.ts';
import { ProvisionError } from '../provision/provision-error.ts';
import { shortKey } from '../provision/provision-file.ts';
import type { ProvisionSpool } from '../provision/spool.ts';
import { provisionText } from '../text/fleet/provision.ts';
import type { ParseProcess } from './parse-process.ts';

export function provisionControl(
  places: BoxPlaces,
  { parse, spool, clock }: { readonly parse: ParseProcess; readonly spool: ProvisionSpool; readonly clock: Clock },
): ProvisionControl {
  const operators = { configFile: places.configFile, folder: spool.folder };
  return {
    view: async () => {
      const operator = await operatorKey(operators);
      return { ...(await boxIdentity(places)), ...(operator !== undefined && { operator: shortKey(operator) }) };
    },
    look: (text) =>
      orProblem(async () => {
        const { file, changes } = await parse.run('provision', text, places);
        const { key, body } = file;
        const trusted = (await operatorKey(operators)) === key;
        const { madeWallMs, note } = body;
        return { signedBy: shortKey(key), trusted, madeWallMs, note, lines: changeLines(changes) };
      }),
    apply: (text, trust) =>
      orProblem(async () => {
        const { file } = await parse.run('provision', text, places);
        await requireOperator(operators, file.key, trust);
        return async (job) => {
          await spool.leave({ text });
          job.progress(provisionText.running);
          const result = await spool.ended(text, clock, job.signal);
          if (result?.state !== 'done') throw new Problem('invalid', { detail: result?.text ?? provisionText.lost });
          job.progress(result.text, 1);
          return {};
        };
      }),
  };
}

async function orProblem<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof ProvisionError ? new Problem('invalid', { detail: error.text }) : error;
  }
}
