/** Answers to the words typed at a simulated lane, in Chinese and English. */
import type { Text } from '../text.ts';
import * as table from './simulate-words.made.ts';

const plain = (zh: string, en: string): Text => ({ zh, en });

export const simulateWordsText = {
  ...table.simulateWordsText,
  faults: (active: readonly string[]): Text =>
    active.length === 0
      ? plain('没有故障', 'no faults')
      : plain(`故障：${active.join(' ')}`, `faults: ${active.join(' ')}`),
  help: (stories: readonly string[], faults: readonly string[], unknown: string | undefined): Text => {
    const wrong = unknown === undefined ? ['', ''] : [`看不懂 ${unknown}。`, `${unknown} is not understood. `];
    return plain(
      [
        `${wrong[0]}可以输入（一行可写多条，[车道] 在前）：`,
        '  arm up | arm down                  人工抬杆、落杆',
        '  loop a|b|c on|off                  地感有车；off：恢复由车辆决定',
        '  press button | remote | relay      按一下按钮、遥控，或开闸继电器动作一次',
        '  arrive [车牌]                      来一辆车，停在闸前，等别人缴费、抬杆',
        '  car [车牌]                         一辆车，按钮放行，走完全程',
        `  ${stories.join(' | ')} [车牌]`,
        '  traffic on | off                   随机来车；off：还没来的也不来了',
        '  wait 5                             等 5 秒再执行后面的',
        `  fault 名称 [on | off | 5%]：${faults.join(' ')}`,
        '  faults、report、help、quit；# 后面是注释',
      ].join('\n'),
      [
        `${wrong[1]}you can type (several on a line, [LANE] before them):`,
        '  arm up | arm down                  moves the arm by hand',
        '  loop a|b|c on|off                  occupies a loop; off: as the vehicles make it',
        '  press button | remote | relay      closes a contact for a moment',
        '  arrive [PLATE]                     a car waits at the arm until somebody pays and lifts it',
        '  car [PLATE]                        one car, let out by the button, the whole way',
        `  ${stories.join(' | ')} [PLATE]`,
        '  traffic on | off                   random vehicles; off: those that wait go elsewhere',
        '  wait 5                             the next word 5 s later',
        `  fault NAME [on | off | 5%]: ${faults.join(' ')}`,
        '  faults, report, help, quit; # begins a comment',
      ].join('\n'),
    );
  },
};
