/** What is worth asking: with its numbers, beside the lane's own median, and nothing where too little is known. */
import { expect, it } from 'vitest';
import { patternsOf, patternText } from '../../src/account/patterns.ts';

type OfLane = Parameters<typeof patternsOf>[0][number];
const row = (lane: string, operator: string, column: string, count: number): OfLane => ({
  ...{ lane, operator, column, count, hour: 9, part: 'opening', amount: 0 },
});
/** Of a hundred openings of each. */
const byHand = (lane: string, hands: Readonly<Record<string, number>>): readonly OfLane[] =>
  Object.entries(hands).flatMap(([operator, hand]) => [
    row(lane, operator, 'hand.button', hand),
    row(lane, operator, 'granted.paid', 100 - hand),
  ]);

it('one who opens by hand more than twice as often as the median of this lane', () => {
  const [asked, ...more] = patternsOf(byHand('1', { 张三: 30, 李四: 10, 王五: 9 }), []);
  expect(more).toEqual([]);
  expect(asked).toMatchObject({
    kind: 'handOpenings',
    lane: '1',
    operator: '张三',
    count: 30,
    per100: 30,
    median100: 10,
  });
  // Thirty where ten are expected: by chance once in a hundred thousand days.
  expect(asked).toMatchObject({ chance100: 0 });
  expect(patternText(asked as never, [{ id: '1', name: '南门' }])).toEqual({
    zh: '南门：张三 人工开闸 30 次，每百次开闸 30 次，本车道中位数 10；碰巧这么多的可能 不到 0.1 %。为什么？',
    en: '南门: 张三 opened 30 times by hand, 30 of 100, the lane’s median is 10; so many by chance: below 0.1 %. Why?',
  });
});

it('a booth at a poor reader is not measured by another lane', () => {
  const poor = byHand('1', { 张三: 40, 李四: 42, 王五: 38 });
  const good = byHand('2', { 赵六: 2, 孙七: 1, 周八: 2 });
  expect(patternsOf([...poor, ...good], [])).toEqual([]);
});

it('too few openings, or too few operators, say nothing', () => {
  expect(patternsOf(byHand('1', { 张三: 9, 李四: 1, 王五: 1 }), [])).toEqual([]);
  expect(patternsOf(byHand('1', { 张三: 50, 李四: 1 }), [])).toEqual([]);
});

it('openings by remote with nobody signed on, of all by remote, where somebody signs on at all', () => {
  const rows = [row('1', '', 'hand.remote', 3), row('1', '张三', 'hand.remote', 4)];
  expect(patternsOf(rows, [])).toEqual([{ kind: 'remoteUnsigned', count: 3, of: 7 }]);
  expect(patternsOf(rows.slice(0, 1), [])).toEqual([]);
});

it('a plate with three records in the week', () => {
  const plates = [
    { plate: '粤B11111', count: 3 },
    { plate: '粤B22222', count: 2 },
  ];
  expect(patternsOf([], plates)).toEqual([{ kind: 'samePlate', plate: '粤B11111', count: 3 }]);
});
