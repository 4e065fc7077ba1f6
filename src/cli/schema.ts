/** `lanewarden schema`: the configuration's schema, for editors (JSON Schema) and for people (Markdown). */
import { writeFileSync } from 'node:fs';
import type { Kinds } from '../config/devices.ts';
import { configurationMarkdown, isConfigurationPage } from '../config/documentation.ts';
import { configJsonSchema } from '../config/json-schema.ts';
import { schemaText } from '../text/commands/cli.ts';
import { configurationPages, documentationText } from '../text/keys/documentation.ts';
import type { Language } from '../text/text.ts';
import { UsageError } from './arguments.ts';
import { type Command, EXIT } from './command.ts';

const PAGES = Object.keys(configurationPages);

export function schemaCommand(kinds: Kinds): Command {
  return {
    name: 'schema',
    summary: schemaText.summary,
    options: {
      markdown: { type: 'string', value: 'PAGE', offers: PAGES, help: schemaText.markdown(PAGES) },
      out: { type: 'string', short: 'o', value: 'FILE', help: schemaText.out },
    },
    async run({ markdown: page, out }, _positionals, { language, stdout }) {
      const text = textOf(kinds, page, language);
      // Behind a `>` the shell has emptied the file before any word is checked.
      if (typeof out === 'string') writeFileSync(out, text);
      else stdout.write(text);
      return EXIT.ok;
    },
  };
}

/** Throws UsageError: no such page. */
function textOf(kinds: Kinds, page: unknown, language: Language): string {
  if (typeof page !== 'string') return `${JSON.stringify(configJsonSchema(kinds, language), undefined, 2)}\n`;
  if (isConfigurationPage(page)) return configurationMarkdown(kinds, page, language);
  throw new UsageError('option', documentationText.unknownPage(page, PAGES.join(', ')));
}
