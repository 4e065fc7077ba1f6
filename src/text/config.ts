/** Texts about a configuration: faults and their hints. Both languages; Chinese first. */
import * as table from './config.made.ts';
import { SYNTAX } from './config.made.ts';
import { plain, type Text } from './text.ts';

export { fileText } from './config.made.ts';

/** A fault and what to do about it. */
export interface FaultText {
  readonly message: Text;
  readonly hint: Text;
}

export const configFaultText = {
  ...table.configFaults,
  ...table.configFaultText,
  syntax: (code: string): FaultText => table.configFaults.syntax(SYNTAX[code] ?? SYNTAX.IMPOSSIBLE ?? plain(code)),
  type: (key: string, expected: string, got: string): FaultText =>
    table.configFaults.type(key, expected, got, expected === 'string'),
  secretsMode: (file: string, mode: number): FaultText => table.configFaults.secretsMode(file, mode.toString(8)),
};
