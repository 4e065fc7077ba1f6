/** Texts about backup, restore and the support file. Both languages; Chinese first. */
import type { Text } from '../text.ts';
import * as table from './backup.made.ts';

interface NightlyNote {
  readonly bytes: number;
  readonly kept: number;
  readonly records?: number;
}

export const backupText = {
  ...table.backupText,
  positionals: '[FILE]',
  doneNightly: ({ bytes, kept, records }: NightlyNote): Text =>
    table.backupText.doneNightly(Math.ceil(bytes / 1e6), kept, records?.toString()),
};
