/** Which configuration is in force, and why the one in the file is not. Chinese first. */
import * as table from './host.made.ts';

export { parseText } from './host.made.ts';

/** `byFile`: in place of a user: the configuration was found in its file. */
export const hostText = { ...table.hostText, byFile: '-' } as const;
