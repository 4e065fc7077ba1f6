/** What `lanewarden profile` says. Both languages; Chinese first. */
import type { Text } from '../text.ts';

export const profileCommandText = {
  summary: {
    zh: '设备档案：list 列出，show 名称 查看，lint 文件… 检查自己写的档案',
    en: 'device profiles: list them, show NAME, or lint FILE… one of your own',
  },
  kind: { zh: '设备种类（默认按内容判断）', en: 'the kind of device (default: found by its content)' },
  what: (words: readonly string[]): Text => ({
    zh: `要做什么：${words.join('、')}`,
    en: `what to do: ${words.join(', ')}`,
  }),
  missing: (name: string): Text => ({ zh: `${name} 后面要写档案名或文件`, en: `${name} needs a name or a file` }),
  unknown: (name: string, near: string | undefined): Text => ({
    zh: `没有档案“${name}”${near === undefined ? '；用 lanewarden profile list 查看全部' : `；是不是想写 ${near}？`}`,
    en: `there is no profile "${name}"${near === undefined ? '; see lanewarden profile list' : `; did you mean ${near}?`}`,
  }),
  noFile: (file: string): Text => ({ zh: `找不到文件 ${file}`, en: `there is no file ${file}` }),
  notYaml: (file: string): Text => ({
    zh: `${file} 的文件名应以 .yaml 结尾：档案名就是文件名`,
    en: `${file} must end in .yaml: the name of a profile is the name of its file`,
  }),
  points: (points: readonly string[]): Text => ({
    zh: `接线点：${points.join(' ')}`,
    en: `points: ${points.join(' ')}`,
  }),
  lookTakes: (speeds: readonly { readonly form: string; readonly ms: number }[]): Text => ({
    zh: `读一遍全部输入：${speeds.map(({ form, ms }) => `${form} 需 ${ms.toFixed(1)} ms`).join('，')}`,
    en: `one look at all inputs: ${speeds.map(({ form, ms }) => `${ms.toFixed(1)} ms at ${form}`).join(', ')}`,
  }),
  good: (file: string, points: number): Text => ({
    zh: `${file}：格式正确，${points} 个接线点；尚未验证：请对照设备核对每一个点，再用于计费`,
    en: `${file}: well formed, ${points} points; unproven: check every point against the board before money depends on it`,
  }),
  unproven: (deviceId: string): Text => ({
    zh: `${deviceId} 的档案是现场自己写的，尚未验证：请逐个输入核对`,
    en: `the profile of ${deviceId} was written for this site and is unproven: check each input by hand`,
  }),
  noProbe: {
    zh: '没有 probe：换错板或站号时无法发现',
    en: 'it has no probe: another board, or a wrong unit number, would not be noticed',
  },
};
