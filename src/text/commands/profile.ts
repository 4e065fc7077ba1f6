/** Texts of `lanewarden profile`. Both languages; Chinese first. */
import type { Text } from '../text.ts';

export const profileCommandText = {
  summary: {
    zh: '设备、平台和收费系统的模板：list 列出，show 名称 查看，lint 文件… 检查自己写的模板，schema 输出 JSON Schema，rehearse 系统名 读一行试试',
    en: 'profiles of devices, platforms and management systems: list them, show NAME, lint FILE… of your own, schema prints the JSON Schema, rehearse SYSTEM reads one row of a management system',
  },
  kind: {
    zh: '设备种类、platform 或 intake（默认按内容判断）',
    en: 'the kind of device, platform or intake (default: found by its content)',
  },
  transcript: {
    zh: '平台、收费系统模板的报文样例（默认：模板旁 transcripts/ 里同名的文件）',
    en: 'the transcript of a profile of a platform or management system (default: the file of its name in transcripts/ beside it)',
  },
  schemaOf: (kinds: readonly string[]): Text => ({
    zh: `schema 要写 --kind：${kinds.join('、')}`,
    en: `schema needs --kind: ${kinds.join(', ')}`,
  }),
  platformNeeds: (values: readonly string[], secrets: readonly string[]): Text => ({
    zh: `要填的值：${values.join(' ') || '无'}；密钥：${secrets.join(' ') || '无'}`,
    en: `values: ${values.join(' ') || 'none'}; secrets: ${secrets.join(' ') || 'none'}`,
  }),
  platformGood: (file: string, needs: Text): Text => ({
    zh: `${file}：格式正确；${needs.zh}`,
    en: `${file}: well formed; ${needs.en}`,
  }),
  noTranscript: (file: string): Text => ({
    zh: `没有报文样例 ${file}（在别处就写 --transcript）：没有东西证明它与对方的文档一致`,
    en: `there is no transcript ${file} (name another with --transcript): nothing proves that it is as the other side documents it`,
  }),
  otherProfile: (name: string): Text => ({
    zh: `报文样例写的是模板“${name}”`,
    en: `the transcript is of the profile "${name}"`,
  }),
  proven: (examples: number, published: number, answers: number): Text => ({
    zh: `报文样例：${examples} 个例子（${published} 个来自对方文档）、${answers} 个回答，全部相符`,
    en: `transcript: ${examples} examples (${published} published), ${answers} answers, all as written`,
  }),
  nonePublished: {
    zh: '报文样例里没有对方文档的例子：都是自己推算的',
    en: 'no example of the transcript is published by the other side: all are derived',
  },
  differs: (example: string, what: string): Text => ({
    zh: `例子“${example}”的 ${what} 不一样`,
    en: `${what} of the example "${example}" is another`,
  }),
  expected: (value: string): Text => ({ zh: `报文样例：${value}`, en: `transcript: ${value}` }),
  given: (value: string): Text => ({ zh: `模板：${value}`, en: `profile:    ${value}` }),
  what: (words: readonly string[]): Text => ({
    zh: `要做什么：${words.join('、')}`,
    en: `what to do: ${words.join(', ')}`,
  }),
  missing: (name: string): Text => ({ zh: `${name} 后面要写模板名或文件`, en: `${name} needs a name or a file` }),
  unknown: (name: string, near: string | undefined): Text => ({
    zh: `没有模板“${name}”${near === undefined ? '；用 lanewarden profile list 查看全部' : `；是不是想写 ${near}？`}`,
    en: `there is no profile "${name}"${near === undefined ? '; see lanewarden profile list' : `; did you mean ${near}?`}`,
  }),
  noFile: (file: string): Text => ({ zh: `找不到文件 ${file}`, en: `there is no file ${file}` }),
  notYaml: (file: string): Text => ({
    zh: `${file} 的文件名应以 .yaml 结尾：模板名就是文件名`,
    en: `${file} must end in .yaml: the name of a profile is the name of its file`,
  }),
  points: (points: readonly string[]): Text => ({
    zh: `接线点：${points.join(' ')}`,
    en: `points: ${points.join(' ')}`,
  }),
  pollTakes: (speeds: readonly { readonly form: string; readonly ms: number }[]): Text => ({
    zh: `读一遍全部输入：${speeds.map(({ form, ms }) => `${form} 需 ${ms.toFixed(1)} ms`).join('，')}`,
    en: `one poll of all inputs: ${speeds.map(({ form, ms }) => `${ms.toFixed(1)} ms at ${form}`).join(', ')}`,
  }),
  good: (file: string, points: number): Text => ({
    zh: `${file}：格式正确，${points} 个接线点；尚未验证：请对照设备核对每一个点，再用于计费`,
    en: `${file}: well formed, ${points} points; unproven: check every point against the board before money depends on it`,
  }),
  unproven: (deviceId: string): Text => ({
    zh: `${deviceId} 的模板是现场自己写的，尚未验证：请逐个输入核对`,
    en: `the profile of ${deviceId} was written for this site and is unproven: check each input by hand`,
  }),
  noProbe: {
    zh: '没有 probe：换错板或站号时无法发现',
    en: 'it has no probe: another board, or a wrong unit number, would not be noticed',
  },
};
