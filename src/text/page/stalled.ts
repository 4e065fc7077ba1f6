/** Reasons why the disk cannot be written. Chinese first. */
import type { Text } from '../text.ts';

export const STALLED_TEXT: Readonly<Record<'full' | 'readonly' | 'io' | 'busy', Text>> = {
  full: { zh: '磁盘已满', en: 'the disk is full' },
  readonly: { zh: '磁盘变为只读', en: 'the disk has become read-only' },
  io: { zh: '磁盘读写错误', en: 'the disk reports errors' },
  busy: { zh: '数据库被占用', en: 'the database is locked by another program' },
};
