/** Texts of `lanewarden status`. Chinese first. */
import type { Text } from '../text.ts';
import * as table from './status.made.ts';

const both = (zh: string, en: string): Text => ({ zh, en });

export const statusText = {
  ...table.statusText,
  certificateEnds: (leftMs: number): Text => {
    const days = Math.floor(leftMs / 86_400_000);
    return leftMs < 0
      ? both('网页证书已过期', 'The certificate of the page has run out')
      : both(`网页证书 ${days} 天后到期`, `The certificate of the page runs out in ${days} days`);
  },
  verifiedLongAgo: (forMs: number): Text => {
    const days = Math.floor(forMs / 86_400_000);
    return both(
      `证据链 ${days} 天没有整个核对过：lanewarden verify`,
      `The whole chain of evidence was not verified for ${days} days: lanewarden verify`,
    );
  },
  chainFaults: (faults: number, withPictures: boolean): Text => {
    const command = `lanewarden verify${withPictures ? ' --frames' : ''}`;
    return both(
      `上次核对证据链有 ${faults} 处不符：${command}`,
      `The chain of evidence had ${faults === 1 ? 'one fault' : `${faults} faults`} when last verified: ${command}`,
    );
  },
  blind: (times: number, duration: Text, lasts: boolean, what: Text): Text =>
    both(
      `24 小时内有 ${times} 次看不到，共 ${duration.zh}（${lasts ? '仍在持续' : '最近'}：${what.zh}）`,
      `not seen ${times} ${times === 1 ? 'time' : 'times'} in 24 h, ${duration.en} in all (${lasts ? 'still' : 'last'}: ${what.en})`,
    ),
  signed: (last: number, time: string, outside: boolean): Text =>
    both(
      `签到第 ${last} 行（${time}${outside ? '，链头已送出' : ''}）`,
      `signed up to row ${last} (${time}${outside ? ', the head is outside' : ''})`,
    ),
  verified: (time: string, rows: number, faults: number): Text =>
    faults === 0
      ? both(`上次核对 ${time}：${rows} 行全部相符`, `last verified ${time}: all ${rows} rows fit`)
      : both(`上次核对 ${time}：${faults} 处不符`, `last verified ${time}: ${faults} do not fit`),
};
