/** Texts for an installer while one car teaches the wiring. Both languages; Chinese first. */
import { roleText } from './lanes/lane-facts.ts';
import * as table from './teach.made.ts';
import type { Text } from './text.ts';

const both = (zh: string, en: string): Text => ({ zh, en });

const MEANS: Readonly<Record<'button' | 'remote' | 'auto', Text>> = table.MEANS;

interface Moved {
  readonly role: string;
  readonly point: string;
  readonly seconds: number;
}

export const teachText = {
  ...table.teachText,
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
  /** Each moved `seconds` after the recording began: `first` ought to have moved before `next`. */
  swapped: (first: Moved, next: Moved): Text => {
    const [a, b] = [roleText(first.role), roleText(next.role)];
    const at = ({ seconds }: Moved) => seconds.toFixed(1);
    return both(
      `波形里 ${next.point} 先动（第 ${at(next)} 秒），${first.point} 后动（第 ${at(first)} 秒）；「${a.zh}」总在「${b.zh}」之前动，您填的相反`,
      `the recording shows ${next.point} first (${at(next)} s) and ${first.point} later (${at(first)} s); the ${a.en} always moves before the ${b.en}, and you named them the other way round`,
    );
  },
  isOther: (point: string, fitting: readonly string[], named: string): Text => {
    const fits = fitting.map(roleText);
    const not = roleText(named);
    return both(
      `照波形，${point} 是「${fits.map(({ zh }) => zh).join('」或「')}」，您填的是「${not.zh}」`,
      `by the recording ${point} is the ${fits.map(({ en }) => en).join(' or the ')}; you named it the ${not.en}`,
    );
  },
  twice: (role: string): Text => {
    const name = roleText(role);
    return both(`「${name.zh}」或它的输入用了两次`, `${name.en} or its input is given twice`);
  },
} as const;
