/** Everything about the store that a person reads, in Chinese and English. It words what happened and decides nothing. */
import type { StoreNotice } from '../store/notice.ts';
import type { RecordState } from '../store/types.ts';
import type { Text } from './text.ts';

export const STATE_TEXT: Readonly<Record<RecordState, Text>> = {
  waiting: { zh: '待上传', en: 'waiting' },
  held: { zh: '联调待确认', en: 'held' },
  parked: { zh: '被拒收', en: 'refused' },
  delivered: { zh: '已送达', en: 'delivered' },
  withdrawn: { zh: '已撤回', en: 'withdrawn' },
  review: { zh: '待复核', en: 'for review' },
  dropped: { zh: '已丢弃', en: 'dropped' },
};

/** Why a record has no picture, as far as the store decides it. */
export const NO_PICTURE_TEXT: Readonly<Record<string, Text>> = {
  diskFull: { zh: '磁盘空间不足，未保存照片', en: 'the disk was full' },
  diskFault: { zh: '磁盘故障，未保存照片', en: 'the disk refused the picture' },
  damaged: { zh: '照片文件已损坏', en: 'the file of the picture is damaged' },
  overQuota: { zh: '照片超出配额，已清理', en: 'removed to keep within the quota' },
  expired: { zh: '照片已过保留期', en: 'past its retention' },
  storeBusy: { zh: '磁盘太慢，未保存照片', en: 'the disk was too slow' },
  notExported: { zh: '导入时没有照片', en: 'came without a picture' },
};

const STALLED: Readonly<Record<'full' | 'readonly' | 'io' | 'busy', Text>> = {
  full: { zh: '磁盘已满', en: 'the disk is full' },
  readonly: { zh: '磁盘变为只读', en: 'the disk has become read-only' },
  io: { zh: '磁盘读写错误', en: 'the disk fails' },
  busy: { zh: '数据库被占用', en: 'the database is held by another program' },
};

const EVICTED: Readonly<Record<Extract<StoreNotice, { kind: 'evicted' }>['what'], Text>> = {
  deliveredPictures: { zh: '已送达记录的照片', en: 'pictures of delivered records' },
  records: { zh: '已送达的记录', en: 'delivered records' },
  waitingPictures: { zh: '待上传记录的照片（记录保留）', en: 'pictures of waiting records (the records stay)' },
};

/** One line for the log and the page. */
export function storeNoticeText(notice: StoreNotice): Text {
  switch (notice.kind) {
    case 'stalled': {
      const why = STALLED[notice.why];
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
        en: `store: ${notice.events} events found the queue full and are not in the journal`,
      };
    case 'ballast':
      return notice.action === 'released'
        ? { zh: '存储：磁盘已满，已释放预留空间', en: 'store: the disk is full, the reserve was given up' }
        : { zh: '存储：预留空间已恢复', en: 'store: the reserve is in place again' };
    case 'evicted': {
      const what = EVICTED[notice.what];
      return {
        zh: `存储：为腾出空间清理了 ${notice.count} 份${what.zh}`,
        en: `store: removed ${notice.count} ${what.en}`,
      };
    }
    case 'quarantined':
      return {
        zh: `存储：数据库损坏，已移至 ${notice.folder}，启用新库（${notice.detail}）`,
        en: `store: the database is damaged and was put aside in ${notice.folder}; a new one was begun (${notice.detail})`,
      };
    case 'salvaged':
      return {
        zh: `存储：从损坏的数据库找回 ${notice.records} 条记录，${notice.unreadable} 条无法读取`,
        en: `store: ${notice.records} records saved from the damaged database, ${notice.unreadable} could not be read`,
      };
    case 'swept':
      return {
        zh: `存储：清理了 ${notice.files} 个无主照片文件`,
        en: `store: removed ${notice.files} files without a record`,
      };
    case 'migrated':
      return {
        zh: `存储：数据库由版本 ${notice.from} 升级到 ${notice.to}`,
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
