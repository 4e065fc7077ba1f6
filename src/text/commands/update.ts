/** Texts about running as a service and about updates. Both languages; Chinese first. */
import type { Text } from '../text.ts';
import * as table from './update.made.ts';
import { UPDATE_FAILED } from './update.made.ts';

export { lackingText, serviceText } from './update.made.ts';

export const updateText = {
  ...table.updateText,
  installed: (version: string, before: string | undefined): Text => ({
    zh: `已安装 ${version}${before === undefined ? '' : `（原为 ${before}）`}，试运行中（约两分钟）`,
    en: `${version} is installed${before === undefined ? '' : ` (it was ${before})`}; on trial (about two minutes)`,
  }),
  failed: (code: string, detail: string): Text => {
    const { zh, en } = UPDATE_FAILED[code] ?? { zh: '更新失败', en: 'the update failed' };
    const tail = detail === '' ? '' : ` [${detail}]`;
    return { zh: `${zh}${tail}`, en: `${en}${tail}` };
  },
  notProven: (version: string, seconds: number, missing: readonly Text[]): Text => ({
    zh: `新版本 ${version} 在 ${seconds} 秒内没有通过试运行（${missing.map(({ zh }) => zh).join('；')}），退出；几次之后自动换回旧版本`,
    en: `version ${version} did not pass its trial within ${seconds} s (${missing.map(({ en }) => en).join('; ')}): it ends, and after a few attempts the former version comes back`,
  }),
};
