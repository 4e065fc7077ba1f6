/** Texts of `lanewarden snapshot`. Both languages; Chinese first. */
import * as table from './snapshot.made.ts';

export { trialText } from './snapshot.made.ts';

export const takeText = { ...table.takeText, positionals: '[CAMERA]' } as const;
