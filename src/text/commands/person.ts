/** Texts of the command `person`, in Chinese and English. */
import type { Erased } from '../../store/record-types.ts';
import type { Text } from '../text.ts';

const plain = (zh: string, en: string): Text => ({ zh, en });

const TABLES: Readonly<Record<string, Text>> = {
  vehicle: plain('名单车辆', 'known vehicles'),
  park_fact: plain('进场与缴费登记', 'entries and payments told'),
  journal: plain('记录在日志中的行', 'rows of the journal about records'),
  account: plain('日报', 'days of the account'),
  mark: plain('对记录的标记', 'marks on records'),
  incident: plain('事件', 'incidents'),
  attempt: plain('推送尝试', 'attempts to send'),
  outgoing: plain('待发消息', 'messages on their way'),
  outbound: plain('待推送事实', 'facts for destinations'),
  observation: plain('盲区', 'blind times'),
};

export const personText = {
  summary: plain('按车牌查找、导出、删除一个人的数据', 'finds, gives out and deletes what is kept about one plate'),
  export: plain('导出到此 zip 文件', 'gives it out as this zip file'),
  erase: plain('删除（摘要仍在链中，核对照样通过）', 'deletes it (the digests stay, and the chain still fits)'),
  reason: plain('删除的原因，留在链中；不要写车牌', 'why it is deleted; stays in the chain, so name no plate'),
  by: plain('由谁删除', 'who deletes it'),
  yes: plain('不再询问', 'does not ask'),
  onePlate: plain('请给出一个完整的车牌', 'name one whole plate'),
  needsReason: plain('删除要有 --reason', 'to delete, give a --reason'),
  eraseAll: plain('删除的是全部：--erase 不能带时间', 'deleting means all of it: --erase takes no time'),
  needsYes: plain('删除不可恢复：确认请加 --yes', 'what is deleted does not come back: add --yes'),
  found: (records: number, rows: number, pictures: number): Text =>
    plain(
      `${records} 条记录、${rows} 行日志、${pictures} 张图片`,
      `${records} records, ${rows} rows of the journal, ${pictures} pictures`,
    ),
  record: (line: string, state: Text): Text => plain(`  ${line} ${state.zh}`, `  ${line} ${state.en}`),
  named: (ids: string): Text =>
    plain(
      `别人的记录里提到它（不属于此人，不删）：${ids}`,
      `named in records of others, which are not this person’s and stay: ${ids}`,
    ),
  exported: (file: string): Text => plain(`已导出到 ${file}`, `given out as ${file}`),
  erased: ({ records, rows, pictures }: Erased): Text =>
    plain(
      `已删除 ${records} 条记录、${rows} 行、${pictures} 张图片；摘要仍在链中，lanewarden verify 写明谁、何时、为什么`,
      `deleted ${records} records, ${rows} rows, ${pictures} pictures; their digests stay in the chain, and lanewarden verify says who, when and why`,
    ),
  /** Of a table of the database, as people know it. */
  table: (name: string): Text => TABLES[name] ?? plain(name, name),
  elsewhereFound: ({ zh, en }: Text): Text => plain(`另有提到它的行：${zh}`, `rows elsewhere that name it: ${en}`),
  leftElsewhere: ({ zh, en }: Text): Text =>
    plain(
      `仍提到它、没有删：${zh}（名单车辆请到名单里删；写着别人记录的行属于别人）`,
      `still named, and not deleted, in: ${en} (take a known vehicle off its list; rows about records of others are theirs)`,
    ),
  left: ({ records, rows }: Erased['left']): Text =>
    plain(
      `还留着 ${records} 条记录（未送达、待复核或最新的一条）和 ${rows} 行（车道当前状态所需）：过些时候再删一次`,
      `${records} records stay for now (not delivered, for review, or the newest one) and ${rows} rows (a lane’s present state needs them): delete again later`,
    ),
  logLeft: plain(
    '数据库的写入日志还没清空（别的程序在读）：再运行一次',
    'the database’s write-ahead log is not empty yet, because another program reads: run it again',
  ),
  copy: (path: string): Text => plain(`副本也可能有：${path}`, `a copy may hold it as well: ${path}`),
  elsewhere: plain(
    '本机之外：备份、导出的文件、已上传到平台的记录、MQTT 接收方、系统日志，要另行删除。闪存不保证旧块被覆盖。',
    'outside: backups, exported files, records at the platform, receivers over MQTT, the system’s log; delete there too. Flash does not promise that old blocks are overwritten.',
  ),
} as const;
