/** `lanewarden schema`: the configuration's schema, for editors (JSON Schema) and for people (Markdown). */
import type { Kinds } from '../config/devices.ts';
import { configurationMarkdown, isConfigurationPage } from '../config/documentation.ts';
import { configJsonSchema } from '../config/json-schema.ts';
import { schemaText } from '../text/commands/cli.ts';
import { configurationPages, documentationText } from '../text/keys/documentation.ts';
import { UsageError } from './arguments.ts';
import { type Command, EXIT } from './command.ts';

const PAGES = Object.keys(configurationPages);

export function schemaCommand(kinds: Kinds): Command {
  return {
    name: 'schema',
    summary: schemaText.summary,
    options: { markdown: { type: 'string', value: 'PAGE', offers: PAGES, help: schemaText.markdown(PAGES) } },
    async run({ markdown: page }, _positionals, { language, stdout }) {
      if (typeof page !== 'string')
        stdout.write(`${JSON.stringify(configJsonSchema(kinds, language), undefined, 2)}\n`);
      else if (isConfigurationPage(page)) stdout.write(configurationMarkdown(kinds, page, language));
      else throw new UsageError('option', documentationText.unknownPage(page, PAGES.join(', ')));
      return EXIT.ok;
    },
  };
}
