/** Texts around every page: names of pages, login, setup, bars. Chinese first. */
import type { Text } from '../text.ts';
import type { Texts } from './texts.ts';
import * as table from './ui-shell.made.ts';

export { pageGroup, pageTitle, roleName } from './ui-shell.made.ts';

export type PageGroup = keyof typeof table.pageGroup;

export const shellText = {
  ...table.shellText,
  configBroken: (faults: number): Text => ({
    zh: `配置文件有 ${faults} 处错误，本机继续按上一份好的配置运行`,
    en: `The configuration file has ${faults} fault${faults === 1 ? '' : 's'}; the box keeps running the last good one`,
  }),
} satisfies Texts;
