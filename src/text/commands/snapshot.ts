/** Texts of `lanewarden snapshot`. Both languages; Chinese first. */
import type { Text } from '../text.ts';
import * as table from './snapshot.made.ts';

export { trialText } from './snapshot.made.ts';

const both = (zh: string, en: string): Text => ({ zh, en });

export const takeText = {
  ...table.takeText,
  positionals: '[CAMERA]',
  which: (ids: readonly string[]): Text =>
    ids.length === 0
      ? both(
          '配置里没有摄像机；不用配置文件时写 --kind 和 --host',
          'the configuration has no camera; without it, give --kind and --host',
        )
      : both(`要写哪一台摄像机：${ids.join('、')}`, `name one of the cameras: ${ids.join(', ')}`),
  taken: (camera: string, bytes: number, tookMs: number, pixels: string | undefined): Text =>
    both(
      `${camera}：${pixels === undefined ? '像素未知' : `${pixels} 像素`}，${bytes} 字节，用时 ${tookMs} 毫秒`,
      `${camera}: ${pixels === undefined ? 'size unknown' : `${pixels} pixels`}, ${bytes} bytes, in ${tookMs} ms`,
    ),
} as const;
