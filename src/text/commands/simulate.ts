/** Texts of `lanewarden simulate`, in Chinese and English. */
import type { Text } from '../text.ts';
import * as table from './simulate.made.ts';

export { storyReportText } from './simulate.made.ts';

const plain = (zh: string, en: string): Text => ({ zh, en });

const limit = (goal: string, bound: 'least' | 'most'): readonly [string, string] =>
  bound === 'least' ? [`≥ ${goal}`, `≥ ${goal}`] : [`≤ ${goal}`, `≤ ${goal}`];

/** The goals table of `simulate --vehicles`. */
export const detectionText = {
  ...table.detectionText,
  goal: (name: Text, share: string, goal: string, bound: 'least' | 'most', count: number, few: boolean): Text => {
    const [zh, en] = limit(goal, bound);
    const [fewZh, fewEn] = few ? ['，数量太少', ', too few'] : ['', ''];
    return plain(
      `${name.zh}：${share}（目标 ${zh}，共 ${count}${fewZh}）`,
      `${name.en}: ${share} (goal ${en}, of ${count}${fewEn})`,
    );
  },
};

export const simulateText = {
  ...table.simulateText,
  badFault: (text: string, known: readonly string[]): Text =>
    plain(
      `看不懂的故障 ${text}；写成 名称、名称=5%、名称@30s:10s，名称有 ${known.join(' ')}`,
      `no such fault: ${text}; write NAME, NAME=5% or NAME@30s:10s, with NAME one of ${known.join(' ')}`,
    ),
  cannotStart: {
    ...table.simulateText.cannotStart,
    noPty: () => plain('socat 没有建成虚拟串口', 'socat did not make the virtual serial port'),
  },
  connect: (
    places: readonly { readonly id: string; readonly what: 'line' | 'gpio' | 'camera'; readonly at: string }[],
    platform: string,
    intakePort: number,
  ): Text => {
    const rows = (names: Readonly<Record<'line' | 'gpio' | 'camera', string>>): string =>
      places.map(({ id, what, at }) => `  ${names[what].padEnd(8)} ${id.padEnd(10)} ${at}\n`).join('');
    return plain(
      `模拟车场已启动：\n${rows({ line: '线路', gpio: 'GPIO', camera: '摄像机' })}  平台     ${platform}\n  管理系统向 http://127.0.0.1:${intakePort} 推送缴费，摄像机向同一地址推送车牌`,
      `the simulated park is running:\n${rows({ line: 'line', gpio: 'gpio', camera: 'camera' })}  platform            ${platform}\n  the management system pushes payments to http://127.0.0.1:${intakePort}, and the cameras push plates there`,
    );
  },
  run: (file: string, tools: string | undefined): Text => {
    const command = `${tools === undefined ? '' : `PATH=${tools}:$PATH `}lanewarden run --config ${file}`;
    return plain(
      `在另一个终端运行：\n  ${command}\n输入 help 查看可用的命令。`,
      `in another terminal:\n  ${command}\ntype help for the commands.`,
    );
  },
  story: (lane: string, story: string, plate = ''): Text => {
    const line = `${lane}  ${story} ${plate}`.trimEnd();
    return plain(line, line);
  },
  record: (fields: Readonly<Record<string, string>>, pictureBytes: number | undefined, seqno: string): Text => {
    const line = `${fields.gate_id}  → ${fields.release_method} ${fields.release_method_desc} ${fields.plate} ${fields.release_time}`;
    const size = pictureBytes === undefined ? undefined : `${Math.round(pictureBytes / 1000)} kB`;
    return plain(
      `${line}（${size === undefined ? '无图片' : `图片 ${size}`}，平台 ${seqno}）`,
      `${line} (${size === undefined ? 'no picture' : `picture ${size}`}, platform ${seqno})`,
    );
  },
};
