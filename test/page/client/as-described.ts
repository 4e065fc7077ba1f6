/** Checks each JSON answer that a test gets of the page against the schema its route names, so that a type that lies turns red wherever it is asked for. */
import { readFileSync } from 'node:fs';
import type { Route } from '../../../src/page/routes.ts';
import { faultsOf, type Schemas } from './json-schema.ts';

const BUILT = new URL('../../../dist/page/answers.json', import.meta.url);

/** Throws when the answer is not as described. Paths that no route has are nobody's answers. */
export function answerCheck(routes: readonly Route[]): (method: string, path: string, json: unknown) => void {
  const schemas = JSON.parse(readFileSync(BUILT, 'utf8')) as Schemas;
  const forms = routes
    .filter(({ answers }) => !answers.includes('/'))
    .map(({ method, path, answers }) => ({
      ...{ method, answers },
      form: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
    }));
  return (method, path, json) => {
    const [plain = ''] = path.split('?');
    // A fixed path comes before one with a name in it.
    const found = forms
      .filter((each) => each.method === method && each.form.test(plain))
      .sort((a, b) => b.form.source.length - a.form.source.length);
    const exact = found.find(({ form }) => !form.source.includes('[^/]+')) ?? found[0];
    if (exact === undefined) return;
    const name = exact.answers.replace('[]', '');
    const one = { $ref: `#/components/schemas/${name}` };
    const faults = faultsOf(json, name === exact.answers ? one : { type: 'array', items: one }, schemas);
    if (faults.length > 0)
      throw new Error(`${method} ${path} is not the ${exact.answers} it is described as: ${faults.join('; ')}`);
  };
}
