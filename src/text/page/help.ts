/** What the page says where the documents were not built. */
import type { Text } from '../text.ts';

export const noHelpText: Text = {
  zh: '文档随安装包提供；从源码运行时看 docs/zh 和 docs/en，或先运行：npm ci --prefix deploy/help && node deploy/help/build.mjs',
  en: 'The documents come with the package. From source look at docs/zh and docs/en, or run: npm ci --prefix deploy/help && node deploy/help/build.mjs',
};
