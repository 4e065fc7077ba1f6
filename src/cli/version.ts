/** `lanewarden version`: the build and its platform. */
import { readFileSync } from 'node:fs';
import { cliText, versionText } from '../text/commands/cli.ts';
import type { Command } from './command.ts';
import { printResult } from './output.ts';

/** package.json is two folders above the sources, three above their build, and beside the package's bundle. */
const PACKAGE_FILES = ['../../package.json', '../../../package.json', './package.json'] as const;

/** The version in package.json; `0.0.0` when absent, as in a copy of a single file. */
export function programVersion(): string {
  for (const place of PACKAGE_FILES) {
    try {
      const text = readFileSync(new URL(place, import.meta.url), 'utf8');
      const { name, version } = JSON.parse(text) as Record<string, string>;
      if (name === 'lanewarden' && version !== undefined) return version;
    } catch {
      // Try the next place.
    }
  }
  return '0.0.0';
}

export const versionCommand: Command = {
  name: 'version',
  summary: versionText.summary,
  options: { json: { type: 'boolean', help: cliText.jsonOption } },
  async run(values, _positionals, context) {
    const version = programVersion();
    const { version: node, platform, arch } = process;
    printResult(context, values.json, { version, node, platform, arch }, () => [`lanewarden ${version}`]);
  },
};
