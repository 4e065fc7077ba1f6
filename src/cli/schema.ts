/** `lanewarden schema`: the configuration's schema, for editors (JSON Schema) and for people (Markdown), and the public shape of a release. */
import { writeFileSync } from 'node:fs';
import type { Kinds } from '../config/devices.ts';
import { configurationMarkdown, isConfigurationPage } from '../config/documentation.ts';
import { configJsonSchema } from '../config/json-schema.ts';
import { contractAsyncApi, contractJsonSchema, contractSchemas } from '../delivery/contract.ts';
import { pageOpenApi } from '../page/openapi.ts';
import { PROGRAM_ROUTES } from '../page/routes/release-routes.ts';
import { schemaText } from '../text/commands/cli.ts';
import { configurationPages, documentationText } from '../text/keys/documentation.ts';
import type { Language } from '../text/text.ts';
import { UsageError } from './arguments.ts';
import type { Command } from './command.ts';
import { programVersion } from './version.ts';

const PAGES = Object.keys(configurationPages);

/** Of a release, by the form. */
const RELEASE: Readonly<Record<string, (language: Language) => unknown>> = {
  'json-schema': contractJsonSchema,
  openapi: (language) =>
    pageOpenApi({
      ...{ routes: PROGRAM_ROUTES, version: programVersion(), language },
      ...{ schemas: contractSchemas(language), address: { origin: 'https://box.example:8443' }, ids: {} },
    }),
  asyncapi: (language) => contractAsyncApi(programVersion(), language),
};
const FORMS = Object.keys(RELEASE);

export const schemaCommand: Command = {
  name: 'schema',
  summary: schemaText.summary,
  options: {
    markdown: { type: 'string', value: 'PAGE', offers: PAGES, help: schemaText.markdown(PAGES) },
    release: { type: 'string', value: 'FORM', offers: FORMS, help: schemaText.release(FORMS) },
    out: { type: 'string', short: 'o', value: 'FILE', help: schemaText.out },
  },
  async run({ markdown: page, release, out }, _positionals, { language, stdout, kinds }) {
    if (page !== undefined && release !== undefined) throw new UsageError('option', schemaText.oneOnly);
    const text = release === undefined ? textOf(await kinds(), page, language) : releaseText(release, language);
    // Behind a `>` the shell has emptied the file before any word is checked.
    if (typeof out === 'string') writeFileSync(out, text);
    else stdout.write(text);
  },
};

/** Throws UsageError: no such form. */
function releaseText(form: unknown, language: Language): string {
  const made = RELEASE[String(form)]?.(language);
  if (made === undefined) throw new UsageError('option', schemaText.unknownForm(String(form), FORMS));
  return `${JSON.stringify(made, undefined, 2)}\n`;
}

/** Throws UsageError: no such page. */
function textOf(kinds: Kinds, page: unknown, language: Language): string {
  if (typeof page !== 'string') return `${JSON.stringify(configJsonSchema(kinds, language), undefined, 2)}\n`;
  if (isConfigurationPage(page)) return configurationMarkdown(kinds, page, language);
  throw new UsageError('option', documentationText.unknownPage(page, PAGES.join(', ')));
}
