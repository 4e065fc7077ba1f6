/** Texts of `lanewarden cameras`. Chinese first. */
import type { Text } from '../text.ts';

export const camerasText = {
  summary: {
    zh: '列出各摄像机近来的推送和每条的去向（向运行中的程序查询）',
    en: 'list what the cameras pushed lately and what became of it (asks the running program)',
  },
  config: { zh: '配置文件，用来找到数据目录', en: 'the configuration, to find the state folder' },
  store: { zh: '数据目录，代替配置文件', en: 'the state folder, instead of a configuration' },
  limit: { zh: '每台摄像机最多列出多少条', en: 'list so many of each camera at most' },
  json: { zh: '以 JSON 输出', en: 'print JSON' },
  wrongLimit: { zh: '--limit 是 0 或更大的整数', en: '--limit is a whole number, 0 or more' },
  notRunning: (folder: string, why: string): Text => ({
    zh: `查询不到：${folder} 没有运行中的程序（${why}）；用运行程序的用户或 root 执行`,
    en: `no answer: no program runs on ${folder} (${why}); be the user it runs as, or root`,
  }),
  unknown: (camera: string, cameras: readonly string[]): Text => ({
    zh: `没有摄像机 ${camera}；有：${cameras.join('、')}`,
    en: `there is no camera ${camera}; there are: ${cameras.join(', ')}`,
  }),
  none: { zh: '没有配置摄像机，也没有收到过推送', en: 'no cameras are configured, and nothing was pushed' },
  silent: { zh: '还没有收到', en: 'nothing yet' },
  times: (count: number, since: string): Text => ({
    zh: `共 ${count} 条，自 ${since}`,
    en: `${count} times since ${since}`,
  }),
  socket: (command: string, why: string): Text => ({
    zh: `命令 lanewarden ${command} 不可用：${why}`,
    en: `the command lanewarden ${command} is not available: ${why}`,
  }),
};
