/** Observation gaps in words, with the barrier and counters around them. Both languages; Chinese first. */
import type { ObservationGap } from '../lane/types.ts';
import { roleText } from './lane-facts.ts';
import type { Text } from './text.ts';

const both = (zh: string, en: string): Text => ({ zh, en });

const WHY: Readonly<Record<ObservationGap['why'], Text>> = {
  points: both('信号看不到', 'signals could not be seen'),
  notRunning: both('程序没有运行', 'the program was not running'),
  powerCut: both('断电', 'power cut'),
  mains: both('市电中断', 'mains lost'),
  camera: both('摄像机无法连接', 'a camera could not be reached'),
  feed: both('付费消息通道断开', 'an intake channel was down'),
};

const ARM: Readonly<Record<string, Text>> = {
  closed: both('落', 'down'),
  opening: both('抬起中', 'going up'),
  open: both('抬', 'up'),
  closing: both('落下中', 'going down'),
  unknown: both('未知', 'not known'),
  fault: both('故障', 'fault'),
};
const arm = (state: string): Text => ARM[state] ?? both(state, state);

export function observationText(gap: ObservationGap): { readonly what: Text; readonly counted: Text } {
  const { why, name, roles, armBefore, armAfter, openings, passages } = gap;
  const of = [...(name === undefined ? [] : [both(name, name)]), ...roles.map(roleText)];
  const zh = of.map((text) => text.zh).join('、');
  const en = of.map((text) => text.en).join(', ');
  return {
    what: of.length === 0 ? WHY[why] : both(`${WHY[why].zh}：${zh}`, `${WHY[why].en}: ${en}`),
    counted: both(
      `闸杆：前${arm(armBefore).zh}、后${arm(armAfter).zh}；其间记到抬杆 ${openings} 次、通过 ${passages} 辆`,
      `arm ${arm(armBefore).en} before and ${arm(armAfter).en} after; meanwhile ${openings} openings and ${passages} passages were counted`,
    ),
  };
}
