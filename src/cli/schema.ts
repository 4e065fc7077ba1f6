/** `lanewarden schema`: what a configuration may contain, for editors (JSON Schema) and for people (Markdown). */
import type { Kinds } from '../config/devices.ts';
import { configurationMarkdown } from '../config/documentation.ts';
import { configJsonSchema } from '../config/json-schema.ts';
import { schemaText } from '../text/commands/cli.ts';
import { type Command, EXIT } from './command.ts';

export function schemaCommand(kinds: Kinds): Command {
  return {
    name: 'schema',
    summary: schemaText.summary,
    options: { markdown: { type: 'boolean', help: schemaText.markdown } },
    async run(values, _positionals, { language, stdout }) {
      const schema = () => `${JSON.stringify(configJsonSchema(kinds, language), undefined, 2)}\n`;
      stdout.write(values.markdown === true ? configurationMarkdown(kinds) : schema());
      return EXIT.ok;
    },
  };
}
