/** Texts around every page: names of pages, login, setup, bars. */
import type { pageGroup } from './ui-shell.made.ts';

export { pageGroup, pageTitle, roleName, shellText } from './ui-shell.made.ts';

export type PageGroup = keyof typeof pageGroup;
