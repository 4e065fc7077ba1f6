/** The schema of the page's form: that of the file, with the profiles of management systems as a choice, each with the keys that it asks for. */
import { intakeProfiles } from '../management/profile.ts';
import type { IntakeProfile } from '../management/profile-form.ts';
import type { Language, Text } from '../text/text.ts';
import type { Kinds } from './devices.ts';
import { configJsonSchema, type JsonSchema } from './json-schema.ts';
import { allProfileNames, locateProfile, readProfile } from './profiles.ts';
import { systemKeysOf } from './schema/systems.ts';

export function configFormSchema(kinds: Kinds, language: Language, configFile: string): JsonSchema {
  const root = configJsonSchema(kinds, language);
  const systems = root.properties?.intake?.properties?.systems;
  const { items } = systems ?? {};
  if (systems === undefined || items === undefined) return root;
  const variants = allProfileNames(configFile, intakeProfiles).flatMap((name) => {
    const found = locateProfile(configFile, intakeProfiles, name);
    const profile = found && (readProfile(found.profiles, name).profile as IntakeProfile | undefined);
    return profile === undefined ? [] : [ofProfile(items, name, profile, language)];
  });
  systems.items = variants.length === 0 ? items : { oneOf: variants };
  return root;
}

function ofProfile(items: JsonSchema, name: string, profile: IntakeProfile, language: Language): JsonSchema {
  const { properties = {}, required = [] } = items as { properties?: JsonSchema['properties']; required?: string[] };
  const ways = systemKeysOf(profile);
  const isPushed = profile.push !== undefined;
  const asked = { values: profile.values, secrets: profile.secrets };
  const kept = Object.entries(properties).flatMap(([key, schema]): [string, JsonSchema][] => {
    if (key === 'profile') return [[key, { ...schema, const: name }]];
    if (key === 'values' || key === 'secrets') {
      const members = membersOf(schema, asked[key], language);
      return members === undefined ? [] : [[key, members]];
    }
    if (key === 'every' && isPushed) return [];
    return key in ways && !ways[key as keyof typeof ways] ? [] : [[key, schema]];
  });
  const first = (['url', 'values', 'secrets'] as const).filter((key) => kept.some(([each]) => each === key));
  const whole = !isPushed && !ways.database && ways.file ? ['file'] : [];
  return {
    ...items,
    properties: Object.fromEntries(kept),
    required: [...required, ...first, ...whole],
    // A server, or a file of SQLite.
    ...(ways.database && { anyOf: [{ required: ['database'] }, { required: ['file'] }] }),
  };
}

interface Asked {
  readonly text: Text;
  readonly optional?: boolean | undefined;
  readonly default?: unknown;
}

/** Those that the profile names, with its words; undefined: it names none. */
function membersOf(
  { additionalProperties, ...schema }: JsonSchema,
  asked: Readonly<Record<string, Asked>>,
  language: Language,
): JsonSchema | undefined {
  const names = Object.keys(asked);
  if (names.length === 0) return undefined;
  const { propertyNames: _, ...rest } = schema;
  const member = additionalProperties as JsonSchema;
  return {
    ...rest,
    properties: Object.fromEntries(
      Object.entries(asked).map(([name, { text, default: usual }]) => [
        name,
        { ...member, description: text[language], ...(usual !== undefined && { default: usual }) },
      ]),
    ),
    required: names.filter((name) => asked[name]?.default === undefined && asked[name]?.optional !== true),
    additionalProperties: false,
  };
}
