/** Texts about the store, in Chinese and English. It words events and decides nothing. */

import type { StoreNotice } from '../store/notice.ts';
import { beijingTime } from './beijing-time.ts';
import * as table from './store.made.ts';
import { STALLED_TEXT, STATE_TEXT } from './store.made.ts';
import type { Text } from './text.ts';

export { STALLED_TEXT, STATE_TEXT } from './store.made.ts';

/** Why a record has no picture: as decided by the store and the lane, or the code of the camera's fault. */
const NO_PICTURE = table.NO_PICTURE;

/** `code`: as the record keeps it. One that this version does not know says only that there is none. */
export function noPictureText(code = ''): Text {
  const texts: Readonly<Record<string, Text>> = NO_PICTURE;
  return Object.hasOwn(NO_PICTURE, code) ? (texts[code] as Text) : { zh: '没有照片', en: 'no picture' };
}

const EVICTED: Readonly<Record<Extract<StoreNotice, { kind: 'evicted' }>['what'], Text>> = table.EVICTED;

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
export const queueFileText: Readonly<Record<'notQueue' | 'newer', (detail: string) => Text>> = table.queueFileText;

/** The command `queue`. */
export const queueText = {
  ...table.queueText,
  positionals: 'ls | destinations | show ID | retry ID… | retry all | drop ID… | export FILE | import FILE',
  destination: (name: string, waiting: number, oldestWallMs: number | undefined): Text => {
    const since = oldestWallMs === undefined || waiting === 0 ? undefined : beijingTime(oldestWallMs).slice(0, 19);
    return {
      zh: `${name}  等待 ${waiting}${since === undefined ? '' : `  最早 ${since}`}`,
      en: `${name}  ${waiting} queued${since === undefined ? '' : `  oldest ${since}`}`,
    };
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
  retried: (count: number): Text => ({
    zh: `${count} 条记录已重新排队`,
    en: `${count} ${count === 1 ? 'record is' : 'records are'} to be sent again`,
  }),
  corrected: (who: string, why: string, was: string): Text => ({
    zh: `${who} 更正：${why}（原为：${was === '' ? '无车牌' : was}）`,
    en: `corrected by ${who}: ${why} (was: ${was === '' ? 'no plate' : was})`,
  }),
  withoutPicture: (why: string): Text =>
    why === '' ? { zh: '无', en: 'none' } : { zh: `无（${why}）`, en: `none (${why})` },
  besidePicture: (seconds: number): Text => ({
    zh: `另有放行${seconds < 0 ? '前' : '后'} ${Math.abs(seconds).toFixed(1)} 秒的照片，只存本机`,
    en: `one more picture, from ${Math.abs(seconds).toFixed(1)} s ${seconds < 0 ? 'before' : 'after'} the release, kept on the box only`,
  }),
  attempts: (count: number): Text => ({ zh: `已尝试 ${count} 次`, en: count === 1 ? '1 try' : `${count} tries` }),
} as const;
