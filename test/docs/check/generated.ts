/** Pages and tables that the program writes itself: they stand as it writes them. */
import { Writable } from 'node:stream';
import { CAMERA_KINDS, DRIVER_KINDS } from '../../../drivers/index.ts';
import { runProgram } from '../../../src/cli/program.ts';
import { configurationMarkdown, isConfigurationPage } from '../../../src/config/documentation.ts';
import { METRICS, type MetricName } from '../../../src/page/metrics.ts';
import { metricText } from '../../../src/text/fleet/metrics.made.ts';
import type { Known } from './known.ts';
import { type Fault, type Language, withoutMarks } from './pages.ts';

const kinds = { driverKinds: DRIVER_KINDS, cameraKinds: CAMERA_KINDS };
const LANGUAGES = ['zh', 'en'] as const;

async function commandReference({ commands }: Known, language: Language): Promise<string> {
  let out = '';
  const stdout = new Writable({
    write: (chunk, _encoding, done) => {
      out += String(chunk);
      done();
    },
  });
  const context = {
    stdout,
    stderr: stdout,
    environment: {},
    signal: new AbortController().signal,
    kinds: async () => kinds,
  };
  await runProgram(commands, ['completion', 'reference', '--lang', language], context);
  return out;
}

const metricRows = (language: Language): string =>
  (Object.keys(METRICS) as MetricName[])
    .map(
      (name) =>
        `| \`${name}\` | ${METRICS[name].type} | ${METRICS[name].labels.map((label) => `\`${label}\``).join(' ')} | ${metricText[name][language]} |`,
    )
    .join('\n');

export type Generated = (page: string, text: string) => readonly Fault[];

export async function generated(all: Known): Promise<Generated> {
  const whole = new Map<string, string>();
  const tables = new Map<string, string>();
  for (const language of LANGUAGES) {
    whole.set(`docs/${language}/commands.md`, await commandReference(all, language));
    tables.set(`docs/${language}/page-api.md`, metricRows(language));
  }
  return (page, text) => {
    const [, language, name = ''] = /^docs\/(zh|en)\/(.*)\.md$/.exec(page) ?? [];
    if (language !== undefined && isConfigurationPage(name) && !whole.has(page))
      whole.set(page, withoutMarks(configurationMarkdown(kinds, name, language as Language)));
    const lines = (whole.get(page) ?? text).split('\n');
    const at = text.split('\n').findIndex((line, index) => line !== lines[index]);
    if (at >= 0) return [{ page, line: at + 1, what: `the program writes this page, and here: ${lines[at]}` }];
    const table = tables.get(page);
    return table === undefined || text.includes(`\n${table}\n`)
      ? []
      : [{ page, line: 1, what: 'the table is not that of src/page/metrics.ts' }];
  };
}
