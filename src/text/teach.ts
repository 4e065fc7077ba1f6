/** Texts for an installer while one car teaches the wiring. Both languages; Chinese first. */
import { roleText } from './lanes/lane-facts.ts';
import type { Text } from './text.ts';

const both = (zh: string, en: string): Text => ({ zh, en });

const MEANS: Readonly<Record<'button' | 'remote' | 'auto', Text>> = {
  button: both('按岗亭按钮', 'press the booth’s button'),
  remote: both('按遥控器', 'use the remote'),
  auto: both('让管理系统开闸', 'let the management system open'),
};

export const teachText = {
  ask: (act: 'car' | 'empty', by: 'button' | 'remote' | 'auto'): Text => {
    const means = MEANS[by];
    return act === 'empty'
      ? both(
          `车道清空。${means.zh}，不要过车，等闸杆自己落下`,
          `Keep the lane empty. Now ${means.en}, let nobody through, and wait until the arm has come down by itself`,
        )
      : both(
          `车道先清空、闸杆落下。一辆车开到地感 A 上停住，${means.zh}，等闸杆抬到顶、数到五，再开出去，等闸杆落下`,
          `Lane free, arm down. One car drives onto loop A and stops; ${means.en}; wait until the arm is up and count to five; drive out, and wait until the arm is down`,
        );
  },
  seen: (points: readonly string[]): Text =>
    both(
      `看到 ${points.length} 个输入变化（${points.join(' ')}）。都静下来 8 秒后自动判断`,
      `${points.length} inputs changed (${points.join(' ')}). Judged once all is quiet for 8 s`,
    ),
  lost: (device: string): Text =>
    both(`中途收不到设备 ${device}，请检查后重来`, `device ${device} was lost meanwhile: check it and start again`),
  carFirst: both('先放一辆车，再做这一步', 'let one car through first, then this step'),
  badAct: both('car 或 empty', 'car or empty'),
  badBy: both('button、remote 或 auto', 'button, remote or auto'),
  maintenanceReason: both('调试', 'commissioning'),
  twice: (role: string): Text => {
    const name = roleText(role);
    return both(`「${name.zh}」或它的输入用了两次`, `${name.en} or its input is given twice`);
  },
} as const;
