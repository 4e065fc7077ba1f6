/** Texts about backup, restore and the support file. Both languages; Chinese first. */
import type { Text } from '../text.ts';
import * as table from './backup.made.ts';

/** What was saved or restored. */
interface Backed {
  readonly database: boolean;
  readonly secrets: boolean;
  readonly pictures: number;
  readonly left: number;
}

interface NightlyNote {
  readonly bytes: number;
  readonly kept: number;
  readonly records?: number;
}

export const backupText = {
  ...table.backupText,
  positionals: '[FILE]',
  done: (file: string, { database, secrets, pictures, left }: Backed): Text => ({
    zh: `已备份到 ${file}：配置${database ? `、数据库、未送达的图片 ${pictures} 张` : ''}${secrets ? '、密钥和用户（已加密）' : '；不含密钥和用户'}${left > 0 ? `；另有 ${left} 张图片放不下，请再用 queue export 导出` : ''}。请存到别的机器上`,
    en: `backed up to ${file}: configuration${database ? `, database, ${pictures} undelivered pictures` : ''}${secrets ? ', secrets and users (encrypted)' : '; without secrets and users'}${left > 0 ? `; ${left} more pictures did not fit: take them with queue export` : ''}. Keep it on another machine`,
  }),
  doneNightly: ({ bytes, kept, records }: NightlyNote): Text => ({
    zh: `已备份 ${Math.ceil(bytes / 1e6)} MB，共 ${kept} 份${records === undefined ? '' : `；已试着打开：${records} 条记录`}`,
    en: `backed up ${Math.ceil(bytes / 1e6)} MB, ${kept} are kept${records === undefined ? '' : `; opened for a test: ${records} records`}`,
  }),
  restored: ({ database, secrets, pictures }: Backed): Text => ({
    zh: `已恢复：配置${database ? `、数据库、图片 ${pictures} 张` : ''}${secrets ? '、密钥和用户' : '；密钥和用户没有动'}。原来的保留为 *.before-restore 和 replaced-N.db。现在可以启动服务`,
    en: `restored: configuration${database ? `, database, ${pictures} pictures` : ''}${secrets ? ', secrets and users' : '; secrets and users are as they were'}. What was there is kept as *.before-restore and replaced-N.db. The service can be started`,
  }),
};
