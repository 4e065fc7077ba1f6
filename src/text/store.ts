/** Texts about the store, in Chinese and English. It words events and decides nothing. */

import type { LinkCode, ProtocolCode } from '../driver.ts';
import type { Stall, StoreNotice } from '../store/notice.ts';
import type { RecordState } from '../store/record-types.ts';
import { beijingTime } from './beijing-time.ts';
import type { Text } from './text.ts';

/** Reasons why the disk cannot be written. */
export const STALLED_TEXT: Readonly<Record<Stall, Text>> = {
  full: { zh: '磁盘已满', en: 'the disk is full' },
  readonly: { zh: '磁盘变为只读', en: 'the disk has become read-only' },
  io: { zh: '磁盘读写错误', en: 'the disk reports errors' },
  busy: { zh: '数据库被占用', en: 'the database is locked by another program' },
};

export const STATE_TEXT: Readonly<Record<RecordState, Text>> = {
  waiting: { zh: '待上传', en: 'waiting' },
  held: { zh: '联调待确认', en: 'held' },
  parked: { zh: '被拒收', en: 'refused' },
  delivered: { zh: '已送达', en: 'delivered' },
  withdrawn: { zh: '已撤回', en: 'withdrawn' },
  review: { zh: '待复核', en: 'for review' },
  kept: { zh: '暂存未上报', en: 'kept back' },
  dropped: { zh: '已丢弃', en: 'dropped' },
};

/** Why a record has no picture: as decided by the store and the lane, or the code of the camera's fault. */
const NO_PICTURE = {
  noCamera: { zh: '这个车道没有摄像机', en: 'the lane has no camera' },
  notTaken: { zh: '没有拍照', en: 'none was taken' },
  late: { zh: '摄像机太慢，没有等到', en: 'the camera took too long' },
  unconfirmed: {
    zh: '摄像机的图片地址没有经人确认，没有拍',
    en: 'the picture address of the camera is not confirmed, none was taken',
  },
  unexpected: { zh: '拍照出错，见日志', en: 'the camera failed, see the log' },
  diskFull: { zh: '磁盘空间不足，未保存照片', en: 'the disk was full' },
  diskFault: { zh: '磁盘故障，未保存照片', en: 'the disk refused the picture' },
  damaged: { zh: '照片文件已损坏', en: 'the file of the picture is damaged' },
  overQuota: { zh: '照片超出配额，已清理', en: 'removed to keep within the quota' },
  expired: { zh: '照片已过保留期', en: 'past its retention' },
  storeBusy: { zh: '磁盘太慢，未保存照片', en: 'the disk was too slow' },
  notExported: { zh: '导入时没有照片', en: 'came without a picture' },
  timeout: { zh: '摄像机没有及时应答', en: 'the camera did not answer in time' },
  closed: { zh: '与摄像机的连接没有打开', en: 'the connection to the camera was not open' },
  gone: { zh: '与摄像机的连接断了', en: 'the connection to the camera broke' },
  notFound: { zh: '在配置的地址找不到摄像机的图片', en: 'no picture of the camera at the configured address' },
  denied: { zh: '摄像机拒绝了用户名或密码', en: 'the camera denied the user or the password' },
  busy: { zh: '摄像机正被占用', en: 'the camera was in use' },
  refused: { zh: '连不上摄像机', en: 'the camera could not be connected' },
  notLocal: { zh: '摄像机的地址不在本地网络，没有连接', en: 'the address of the camera is not local: not connected' },
  listenOnly: { zh: '只听的线路上不能取图', en: 'no pictures over a listen-only wire' },
  sharedWire: { zh: '线路不是独用的，没有取图', en: 'the wire is not its own, none was taken' },
  checksum: { zh: '摄像机的应答校验不对', en: 'the camera answered with a wrong checksum' },
  frame: { zh: '摄像机发来的不是图片', en: 'what the camera sent is no picture' },
  exception: { zh: '摄像机没有取图的功能', en: 'the camera has no such picture' },
  identity: { zh: '摄像机不是所配置的种类', en: 'the camera is not of the configured kind' },
} satisfies Readonly<Record<LinkCode | ProtocolCode, Text> & Record<string, Text>>;

/** `code`: as the record keeps it. One that this version does not know says only that there is none. */
export function noPictureText(code = ''): Text {
  const texts: Readonly<Record<string, Text>> = NO_PICTURE;
  return Object.hasOwn(NO_PICTURE, code) ? (texts[code] as Text) : { zh: '没有照片', en: 'no picture' };
}

const EVICTED: Readonly<Record<Extract<StoreNotice, { kind: 'evicted' }>['what'], Text>> = {
  besidePictures: { zh: '放行前后的照片', en: 'pictures from before and after a release' },
  deliveredPictures: { zh: '已送达记录的照片', en: 'pictures of delivered records' },
  deliveredRecords: { zh: '已送达的记录', en: 'delivered records' },
  lostPictures: {
    zh: '随损坏的数据库保留的照片',
    en: 'folders of pictures whose records were lost with a damaged database',
  },
  waitingPictures: { zh: '待上传记录的照片（记录保留）', en: 'pictures of waiting records (the records stay)' },
};

/** One line for the log and the page. */
export function storeNoticeText(notice: StoreNotice): Text {
  switch (notice.kind) {
    case 'stalled': {
      const why = STALLED_TEXT[notice.why];
      return {
        zh: `存储：${why.zh}，数据暂存内存并每秒重试（${notice.detail}）`,
        en: `store: ${why.en}; kept in memory, tried again every second (${notice.detail})`,
      };
    }
    case 'recovered': {
      const seconds = Math.round(notice.afterMs / 1000);
      return { zh: `存储：${seconds} 秒后恢复写入`, en: `store: writing again after ${seconds} s` };
    }
    case 'gap':
      return {
        zh: `存储：内存队列已满，${notice.events} 个事件未写入日志`,
        en: `store: ${notice.events} events exceeded the full queue and are not in the journal`,
      };
    case 'refused':
      return {
        zh: `存储：内存队列已满，通道 ${notice.laneId} 的一条记录或照片丢失（${notice.detail}）`,
        en: `store: the queue in memory is full: a record or a picture of lane ${notice.laneId} is lost (${notice.detail})`,
      };
    case 'ballast':
      return notice.action === 'released'
        ? { zh: '存储：磁盘已满，已释放预留空间', en: 'store: the disk is full, the reserve was released' }
        : { zh: '存储：预留空间已恢复', en: 'store: the reserve is restored' };
    case 'evicted': {
      const what = EVICTED[notice.what];
      return {
        zh: `存储：为腾出空间清理了 ${notice.count} 份${what.zh}`,
        en: `store: removed ${notice.count} ${what.en}`,
      };
    }
    case 'quarantined':
      return quarantinedText(notice);
    case 'salvaged': {
      const { records, unreadable, lostPages = 0 } = notice;
      return {
        zh: `存储：从损坏的数据库找回 ${records} 条记录，${unreadable} 条无法读取${lostPages === 0 ? '' : `；磁盘有 ${lostPages} 页读不出`}`,
        en: `store: ${records} records salvaged from the damaged database, ${unreadable} unreadable${lostPages === 0 ? '' : `; ${lostPages} of its pages are unreadable on disk`}`,
      };
    }
    case 'recoveryWaits':
      return waitsText(notice);
    case 'recoveryFailed':
      return {
        zh: `存储：sqlite3 无法修复 ${notice.folder} 中的数据库（${notice.detail}）；只找回直接读得出的部分，文件保留`,
        en: `store: sqlite3 could not recover the database in ${notice.folder} (${notice.detail}); only what could be read directly was brought over, the file is kept`,
      };
    case 'swept':
      return {
        zh: `存储：清理了 ${notice.files} 个无主照片文件`,
        en: `store: removed ${notice.files} files without a record`,
      };
    case 'keptPictures':
      return {
        zh: `存储：${notice.files} 张照片的记录随损坏的数据库丢失，照片保留在 ${notice.folder}/frames`,
        en: `store: ${notice.files} pictures whose records were lost with the damaged database are kept in ${notice.folder}/frames`,
      };
    case 'migrated':
      return {
        zh: `存储：数据库由版本 ${notice.from} 更新到 ${notice.to}`,
        en: `store: the database went from version ${notice.from} to ${notice.to}`,
      };
    case 'corrected':
      return {
        zh: `校时：来源 ${notice.source}，调整 ${(notice.byMs / 1000).toFixed(1)} 秒，更正 ${notice.records} 条记录的时间`,
        en: `clock: set by ${notice.source}, ${(notice.byMs / 1000).toFixed(1)} s; the time of ${notice.records} records corrected`,
      };
    case 'clockStep':
      return {
        zh: `校时：系统时钟跳变 ${(notice.byMs / 1000).toFixed(1)} 秒`,
        en: `clock: the system clock was stepped by ${(notice.byMs / 1000).toFixed(1)} s`,
      };
  }
}

function quarantinedText(notice: Extract<StoreNotice, { kind: 'quarantined' }>): Text {
  const { folder, detail, givenUp } = notice;
  return {
    zh: `存储：数据库损坏，已移至 ${folder}，启用新库（${detail}）${givenUp === undefined ? '' : `；损坏的数据库太多，${givenUp} 未及找回已删除，请更换存储卡`}`,
    en: `store: the database is damaged and is quarantined in ${folder}; a new one is in use (${detail})${givenUp === undefined ? '' : `; there are too many, and ${givenUp} was deleted before its salvage: replace the card`}`,
  };
}

function waitsText(notice: Extract<StoreNotice, { kind: 'recoveryWaits' }>): Text {
  const { missing, folder } = notice;
  const megabytes = Math.ceil(notice.bytes / 1_000_000);
  return missing === 'shell'
    ? {
        zh: `存储：没有 sqlite3 命令，${folder} 中损坏的数据库暂时只找回一部分；执行 apt install sqlite3 后自动继续`,
        en: `store: the command sqlite3 is missing, so only part of the damaged database in ${folder} is brought over; after apt install sqlite3 the rest follows by itself`,
      }
    : {
        zh: `存储：找回 ${folder} 中损坏的数据库需要 ${megabytes} MB 空间；腾出后自动继续`,
        en: `store: bringing over the damaged database in ${folder} needs ${megabytes} MB of free space; with that it goes on by itself`,
      };
}

/** Faults of a file that should be an exported queue. */
export const queueFileText: Readonly<Record<'notQueue' | 'newer', (detail: string) => Text>> = {
  notQueue: (detail) => ({
    zh: `不是本程序导出的队列文件，或文件已损坏（${detail}）；请重新导出`,
    en: `this is no exported queue, or it is damaged (${detail}): export it again`,
  }),
  newer: (detail) => ({
    zh: `队列文件由更新的版本导出（${detail}）；请先更新本机程序`,
    en: `the file was exported by a newer version (${detail}): update this box first`,
  }),
};

/** The command `queue`. */
export const queueText = {
  summary: {
    zh: '查看和处理待上传的记录：ls、destinations、show、retry、drop、export、import',
    en: 'list and manage the records: ls, destinations, show, retry, drop, export, import',
  },
  positionals: 'ls | destinations | show ID | retry ID… | retry all | drop ID… | export FILE | import FILE',
  config: { zh: '配置文件，用来找到数据目录', en: 'the configuration, to find the state folder' },
  store: { zh: '数据目录，代替配置文件', en: 'the state folder, instead of a configuration' },
  destination: (name: string, waiting: number, oldestWallMs: number | undefined): Text => {
    const since = oldestWallMs === undefined || waiting === 0 ? undefined : beijingTime(oldestWallMs).slice(0, 19);
    return {
      zh: `${name}  等待 ${waiting}${since === undefined ? '' : `  最早 ${since}`}`,
      en: `${name}  ${waiting} queued${since === undefined ? '' : `  oldest ${since}`}`,
    };
  },
  requestFor: {
    zh: '配置里的去向（kind: platform）：show 输出为它组成的请求',
    en: 'a destination (kind: platform) of the configuration: show prints the request made for it',
  },
  compare: {
    zh: '与该平台给出的签名原文比对（与 --to 一起用）',
    en: 'compare with the text which that platform signed (with --to)',
  },
  onlyShow: {
    zh: '--to 和 --compare 只用于 show，要有配置',
    en: '--to and --compare belong to show, and need a configuration',
  },
  noRange: (task: string): Text => ({
    zh: `${task} 不按时间：时间只用于 ls 和 export`,
    en: `${task} takes no time: only ls and export do`,
  }),
  state: { zh: '只列出此状态的记录', en: 'only records of this state' },
  limit: { zh: '最多列出多少条', en: 'list so many at most' },
  json: { zh: '以 JSON 输出', en: 'print JSON' },
  reason: { zh: '丢弃的原因（必填，留存备查）', en: 'why (needed for drop; it is kept)' },
  by: { zh: '操作人（默认取系统用户名）', en: 'who does it (default: the user of the system)' },
  yes: { zh: '不再询问', en: 'do not ask' },
  wrongTask: (word: string): Text => ({
    zh: `不认识的操作「${word}」：可用 ls、destinations、show、retry、drop、export、import`,
    en: `there is no “${word}”: use ls, destinations, show, retry, drop, export or import`,
  }),
  extraWord: (word: string): Text => ({ zh: `多余的参数「${word}」`, en: `“${word}” has no place here` }),
  needsId: { zh: '缺少记录编号（见 queue ls 第一列）', en: 'a record number is needed (the first column of queue ls)' },
  needsFile: { zh: '缺少文件名', en: 'a file name is needed' },
  needsReason: { zh: '丢弃记录必须用 --reason 说明原因', en: 'dropping a record needs --reason' },
  needsYes: {
    zh: '标准输入不是终端，无法询问；确认丢弃请加 --yes',
    en: 'there is no terminal to ask on; add --yes to drop',
  },
  wrongState: (word: string): Text => {
    const list = (language: 'zh' | 'en') =>
      Object.entries(STATE_TEXT).map(([state, text]) =>
        state === text[language] ? state : `${state} (${text[language]})`,
      );
    return {
      zh: `没有「${word}」这种状态，只有 ${list('zh').join('、')}`,
      en: `there is no state “${word}”, only ${list('en').join(', ')}`,
    };
  },
  wrongLimit: { zh: '--limit 须为 1 到 100000 的整数', en: '--limit is a number from 1 to 100000' },
  noStore: (path: string): Text => ({ zh: `${path} 里没有数据库`, en: `there is no database in ${path}` }),
  unknown: (id: number): Text => ({ zh: `没有编号为 ${id} 的记录`, en: `there is no record ${id}` }),
  empty: { zh: '没有符合条件的记录', en: 'no such records' },
  retried: (count: number): Text => ({
    zh: `${count} 条记录已重新排队`,
    en: `${count} ${count === 1 ? 'record is' : 'records are'} to be sent again`,
  }),
  notRetried: (id: number, state: Text): Text => ({
    zh: `记录 ${id} ${state.zh}，不能重发`,
    en: `record ${id} is ${state.en} and cannot be sent again`,
  }),
  askDrop: (id: number, plate: string, state: string): Text => ({
    zh: `丢弃记录 ${id}（${plate}，${state}）？只待复核的不再上报；要上报的注明后照发，除非第二个人也同意。输入 yes 确认：`,
    en: `Drop record ${id} (${plate}, ${state})? What only waits for review is not reported; any other goes out and says so, unless a second person agrees. Type yes: `,
  }),
  kept: (id: number): Text => ({ zh: `记录 ${id} 未丢弃`, en: `record ${id} was kept` }),
  dropped: (id: number): Text => ({ zh: `记录 ${id} 已丢弃`, en: `record ${id} was dropped` }),
  goesOut: (id: number): Text => ({
    zh: `记录 ${id} 照样上报，注明有人要求丢弃；第二个人（审计员或安装员）在发出之前也同意，才不再上报`,
    en: `record ${id} goes out and says that you asked to drop it; it is dropped only if a second person (auditor or installer) agrees before it has left`,
  }),
  mayBeOnWire: {
    zh: '其中如有此刻正在上传的，平台仍可能收下，那时会显示为已送达',
    en: 'should one be on its way at this moment, the platform may still accept it: it is then shown as delivered',
  },
  notDropped: (id: number, state: Text): Text => ({
    zh: `记录 ${id} ${state.zh}，不能丢弃`,
    en: `record ${id} is ${state.en} and cannot be dropped`,
  }),
  exported: (records: number, pictures: number, file: string): Text => ({
    zh: `已导出 ${records} 条记录、${pictures} 张照片到 ${file}`,
    en: `${records} records and ${pictures} pictures are in ${file}`,
  }),
  left: (count: number): Text => ({
    zh: `另有 ${count} 条记录未能放入一个文件，处理完这批后请再次导出`,
    en: `${count} more did not fit into one file: export again when these are dealt with`,
  }),
  imported: (records: number, pictures: number, known: number): Text => ({
    zh: `已导入 ${records} 条记录、${pictures} 张照片；${known} 条本机已有`,
    en: `${records} records and ${pictures} pictures taken over; ${known} records were here already`,
  }),
  importDamaged: (count: number): Text => ({
    zh: `文件中有 ${count} 张照片已损坏，未导入；换一份完好的文件再次导入即可补上`,
    en: `${count} pictures are damaged in this file and were left out: import a whole one again to add them`,
  }),
  importNoRoom: (count: number): Text => ({
    zh: `空间不足，${count} 张照片未保存；腾出空间后再次导入即可补上`,
    en: `there was no room for ${count} pictures: make some and import again to add them`,
  }),
  droppedBy: (who: string): Text => ({ zh: `由 ${who} 丢弃`, en: `dropped by ${who}` }),
  corrected: (who: string, why: string, was: string): Text => ({
    zh: `${who} 更正：${why}（原为：${was === '' ? '无车牌' : was}）`,
    en: `corrected by ${who}: ${why} (was: ${was === '' ? 'no plate' : was})`,
  }),
  noPlate: { zh: '无车牌', en: 'no plate' },
  pendingPicture: { zh: '还没有拍到', en: 'not there yet' },
  withoutPicture: (why: string): Text =>
    why === '' ? { zh: '无', en: 'none' } : { zh: `无（${why}）`, en: `none (${why})` },
  compared: {
    zh: '平台最近一次提示的签名原文，与本机要发送的比对：',
    en: 'the text the platform says it signed, beside what this box sends:',
  },
  secondPicture: { zh: '另一台摄像机的照片存于本机', en: 'a picture of the other camera is on the box' },
  besidePicture: (seconds: number): Text => ({
    zh: `另有放行${seconds < 0 ? '前' : '后'} ${Math.abs(seconds).toFixed(1)} 秒的照片，只存本机`,
    en: `one more picture, from ${Math.abs(seconds).toFixed(1)} s ${seconds < 0 ? 'before' : 'after'} the release, kept on the box only`,
  }),
  attempts: (count: number): Text => ({ zh: `已尝试 ${count} 次`, en: count === 1 ? '1 try' : `${count} tries` }),
} as const;
