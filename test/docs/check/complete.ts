/** What there is a closed set of stands whole on its pages: a name that was changed is one that is missing. */
import { z } from 'zod';
import { DRIVER_KINDS } from '../../../drivers/index.ts';
import type { JsonSchema } from '../../../src/config/json-schema.ts';
import { platformProfiles } from '../../../src/delivery/request/profile.ts';
import { type FactType, RECORD_FACTS } from '../../../src/delivery/request/record-facts.ts';
import { platformTranscript } from '../../../src/delivery/request/transcript.ts';
import { PROBLEM_STATUS } from '../../../src/http/problem.ts';
import type { Known } from './known.ts';
import type { Fault, Pages } from './pages.ts';

const asJson = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;

/** Every key and every choice of a form. */
function namesOf(schema: JsonSchema): readonly string[] {
  const any = schema.additionalProperties;
  const inner = [
    ...Object.values(schema.properties ?? {}),
    ...(schema.anyOf ?? []),
    ...(schema.oneOf ?? []),
    ...(schema.items === undefined ? [] : [schema.items]),
    ...(typeof any === 'object' && any !== null ? [any as JsonSchema] : []),
  ];
  return [
    ...Object.keys(schema.properties ?? {}),
    ...((schema.enum as string[] | undefined) ?? []),
    ...inner.flatMap(namesOf),
  ].map(String);
}

interface Whole {
  readonly pages: RegExp;
  readonly names: readonly string[];
}

function wholes({ errorCodes }: Known): readonly Whole[] {
  const modbus = DRIVER_KINDS.find(({ kind }) => kind === 'modbus')?.profiles?.schema as z.ZodType;
  const facts = Object.values<FactType>(RECORD_FACTS).flatMap((type) => (typeof type === 'string' ? [] : type));
  const ofPlatform = [
    ...namesOf(asJson(platformProfiles.schema)),
    ...namesOf(asJson(platformTranscript)),
    ...Object.keys(RECORD_FACTS),
    ...facts,
  ];
  return [
    {
      pages: /\/errors[\w-]*\.md$/,
      names: [...errorCodes, ...Object.keys(PROBLEM_STATUS).map((code) => `ProblemCode.${code}`)],
    },
    {
      pages: /\/platform-profile[\w-]*\.md$/,
      names: ofPlatform.filter((name) => !/^[0-3]$/.test(name)).map((name) => name.replace(/^hmac-/, '')),
    },
    { pages: /\/device-profiles\.md$/, names: namesOf(asJson(modbus)).filter((name) => /^[a-z]\w{3,}$/.test(name)) },
  ];
}

export type Complete = (pages: Pages) => readonly Fault[];

export function complete(all: Known): Complete {
  const sets = wholes(all);
  return (pages) =>
    ['zh', 'en'].flatMap((language) =>
      sets.flatMap((set) => {
        const own = [...pages].filter(([page]) => page.startsWith(`docs/${language}/`) && set.pages.test(page));
        const text = own.map(([, each]) => each).join('\n');
        return [...new Set(set.names)]
          .filter((name) => !new RegExp(`(?<![\\w-])${name.replaceAll('.', '\\.')}(?!\\w)`).test(text))
          .map((name) => ({
            page: own[0]?.[0] ?? '',
            line: 1,
            what: `${name} is named nowhere on ${own.map(([page]) => page).join(', ')}`,
          }));
      }),
    );
}
