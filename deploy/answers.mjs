// The answers of the page's interface as JSON Schema, from the types that the page itself is compiled against: `npm run build` writes them beside
// the page, and /api/openapi.json has them.
import { createGenerator } from 'ts-json-schema-generator';

/** By the name of the type. Nothing but the declared members: a program may rely on it, and the tests check it. */
export function answerSchemas() {
  const { definitions } = createGenerator({
    path: 'src/page/api/api*.ts',
    tsconfig: 'tsconfig.json',
    type: '*',
    expose: 'export',
    jsDoc: 'extended',
    additionalProperties: false,
    skipTypeCheck: true,
    encodeRefs: false,
  }).createSchema('*');
  // `Changed<LaneLive>` is no name of a component.
  const text = JSON.stringify(definitions).replaceAll(/Changed<(\w+)>/g, 'Changed$1');
  return JSON.parse(text.replaceAll('#/definitions/', '#/components/schemas/'));
}
