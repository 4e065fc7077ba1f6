/** Texts about backup, restore and the support file. Both languages; Chinese first. */
import type { Text } from '../text.ts';

/** What was saved or restored. */
interface Backed {
  readonly database: boolean;
  readonly secrets: boolean;
  readonly pictures: number;
  readonly left: number;
}

export const backupText = {
  summary: {
    zh: '把整台设备备份成一个文件：配置、自建型号、数据库、未送达的图片、操作记录；加 --secrets 时还有加密的密钥和用户',
    en: 'back up the whole box into one file: configuration, own profiles, database, undelivered pictures, audit log; with --secrets also the secrets and users, encrypted',
  },
  positionals: '[FILE]',
  secrets: {
    zh: '连同密钥、网页用户和本机证书一起备份，用口令加密（LANEWARDEN_PASSPHRASE，或现场输入）',
    en: 'the secrets, the users of the page and its certificate too, encrypted by a passphrase (LANEWARDEN_PASSPHRASE, or prompted)',
  },
  force: { zh: '替换已有的同名文件', en: 'replace a file that is there already' },
  exists: (file: string): Text => ({
    zh: `${file} 已存在，没有改动：换一个文件名，或加 --force 替换它`,
    en: `${file} is there already and was left as it is: name another file, or add --force to replace it`,
  }),
  database: {
    zh: '只在数据目录里复制一份数据库 before-update.db（更新前由安装包调用）',
    en: 'only copy the database to before-update.db in the state folder (the package does so before an update)',
  },
  done: (file: string, { database, secrets, pictures, left }: Backed): Text => ({
    zh: `已备份到 ${file}：配置${database ? `、数据库、未送达的图片 ${pictures} 张` : ''}${secrets ? '、密钥和用户（已加密）' : '；不含密钥和用户'}${left > 0 ? `；另有 ${left} 张图片放不下，请再用 queue export 导出` : ''}。请存到别的机器上`,
    en: `backed up to ${file}: configuration${database ? `, database, ${pictures} undelivered pictures` : ''}${secrets ? ', secrets and users (encrypted)' : '; without secrets and users'}${left > 0 ? `; ${left} more pictures did not fit: take them with queue export` : ''}. Keep it on another machine`,
  }),
  copied: (file: string): Text => ({ zh: `数据库已复制到 ${file}`, en: `the database is copied to ${file}` }),
  nothingToCopy: { zh: '还没有数据库，不用复制', en: 'there is no database yet, nothing to copy' },
  ask: { zh: '口令：', en: 'Passphrase: ' },
  noPassphrase: {
    zh: '没有口令：用环境变量 LANEWARDEN_PASSPHRASE 给出，或在终端里运行',
    en: 'no passphrase: set LANEWARDEN_PASSPHRASE, or run it in a terminal',
  },

  restoreSummary: {
    zh: '从备份恢复整台设备；先停止服务',
    en: 'bring the whole box back from a backup; stop the service first',
  },
  restoreDatabase: {
    zh: '只把更新前复制的数据库换回来',
    en: 'only put back the copy of the database that was made before an update',
  },
  ifNewer: {
    zh: '仅当现有数据库是更新的版本写的、本版本读不了时才换',
    en: 'only when the present database was written by a newer version than this',
  },
  storeOption: {
    zh: '数据目录；不写时按现有配置，读不了时用 /var/lib/lanewarden',
    en: 'state folder; else by the present configuration, and when that cannot be read /var/lib/lanewarden',
  },
  yes: { zh: '不再询问', en: 'do not ask' },
  needsFile: { zh: '要写备份文件', en: 'name the backup file' },
  needsYes: {
    zh: '恢复会替换现有配置和数据库：确认请加 --yes',
    en: 'restoring replaces configuration and database: add --yes',
  },
  restored: ({ database, secrets, pictures }: Backed): Text => ({
    zh: `已恢复：配置${database ? `、数据库、图片 ${pictures} 张` : ''}${secrets ? '、密钥和用户' : '；密钥和用户没有动'}。原来的保留为 *.before-restore 和 replaced-N.db。现在可以启动服务`,
    en: `restored: configuration${database ? `, database, ${pictures} pictures` : ''}${secrets ? ', secrets and users' : '; secrets and users are as they were'}. What was there is kept as *.before-restore and replaced-N.db. The service can be started`,
  }),
  putBack: (kept: string): Text => ({
    zh: `更新前的数据库已换回；换下来的保留为 ${kept}`,
    en: `the database from before the update is restored; the replaced one is kept as ${kept}`,
  }),
  notPutBack: { zh: '现有数据库可用，没有换', en: 'the present database can be read; nothing was changed' },
  notBackup: {
    zh: '这不是 lanewarden backup 生成的文件，或文件已损坏；什么都没有改动',
    en: 'this is no file of lanewarden backup, or it is damaged; nothing was changed',
  },
  noRoom: {
    zh: '磁盘空间不够解开这份备份；什么都没有改动。请先腾出空间',
    en: 'there is no room on the disk to unpack this backup; nothing was changed. Free some space first',
  },
  newerBackup: {
    zh: '备份是更新的版本生成的：先更新本机',
    en: 'the backup was made by a newer version: update this box first',
  },
  passphrase: {
    zh: '备份里的密钥和用户已加密：口令不对或没有给（命令行用 LANEWARDEN_PASSPHRASE）',
    en: 'the secrets and users in the backup are encrypted: the passphrase is wrong or missing (on the command line set LANEWARDEN_PASSPHRASE)',
  },
};
