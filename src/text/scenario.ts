/** What `lanewarden scenario` and `lanewarden replay` say, in Chinese and English. */
import type { Text } from './text.ts';

const plain = (zh: string, en: string): Text => ({ zh, en });

export const scenarioText = {
  summary: plain('用虚拟时间运行场景文件并核对结论', 'runs scenario files in virtual time and compares the verdicts'),
  json: plain('输出 JSON，供程序读取', 'prints JSON for programs'),
  timeline: plain('通过的场景也打印时间线', 'prints the timeline of scenarios that pass as well'),
  noFiles: plain('请给出至少一个场景文件', 'name at least one scenario file'),
  unreadable: (file: string, code: string): Text =>
    plain(`无法读取场景文件 ${file}（${code}）`, `the scenario file ${file} cannot be read (${code})`),
  invalid: (file: string): Text => plain(`场景文件无效：${file}`, `not a valid scenario file: ${file}`),
  notWired: (role: string) => ({
    message: plain(`这条车道没有接 ${role}`, `this lane has no ${role} wired`),
    hint: plain('加入 lane.points，或删去此处', 'add it to lane.points, or leave it out here'),
  }),
  backwards: (atS: number, beforeS: number) => ({
    message: plain(`时间倒退：${atS} 在 ${beforeS} 之后`, `time goes back: ${atS} after ${beforeS}`),
    hint: plain('按 t 从小到大排列', 'put the moments in the order of t'),
  }),
  passed: (name: string): Text => plain(`通过  ${name}`, `ok    ${name}`),
  failed: (name: string): Text => plain(`不符  ${name}`, `FAIL  ${name}`),
  totals: (passed: number, failed: number): Text =>
    plain(
      `共 ${passed + failed} 个场景，${passed} 个通过，${failed} 个不符`,
      `${passed + failed} scenarios: ${passed} passed, ${failed} failed`,
    ),
  expected: plain('预期', 'expected'),
  decided: plain('实际', 'decided'),
  nothing: plain('（无）', '(nothing)'),
  differs: (member: string, expected: string, actual: string): Text =>
    plain(`${member} 应为 ${expected}，实为 ${actual}`, `${member} should be ${expected}, is ${actual}`),
  missing: plain('缺少这条放行记录', 'this release did not come'),
  unexpected: plain('多出这条放行记录', 'this release was not expected'),
  total: (key: string, expected: number, actual: number): Text =>
    plain(`合计 ${key} 应为 ${expected}，实为 ${actual}`, `the total of ${key} should be ${expected}, is ${actual}`),
  timelineHead: plain('时间线（秒）', 'timeline (seconds)'),
};
