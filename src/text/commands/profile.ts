/** Texts of `lanewarden profile`. Both languages; Chinese first. */
import type { Text } from '../text.ts';
import * as table from './profile.made.ts';

export const profileCommandText = {
  ...table.profileCommandText,
  platformNeeds: (values: readonly string[], secrets: readonly string[]): Text => ({
    zh: `要填的值：${values.join(' ') || '无'}；密钥：${secrets.join(' ') || '无'}`,
    en: `values: ${values.join(' ') || 'none'}; secrets: ${secrets.join(' ') || 'none'}`,
  }),
  unknown: (name: string, near: string | undefined): Text => ({
    zh: `没有模板“${name}”${near === undefined ? '；用 lanewarden profile list 查看全部' : `；是不是想写 ${near}？`}`,
    en: `there is no profile "${name}"${near === undefined ? '; see lanewarden profile list' : `; did you mean ${near}?`}`,
  }),
  points: (points: readonly string[]): Text => ({
    zh: `接线点：${points.join(' ')}`,
    en: `points: ${points.join(' ')}`,
  }),
  pollTakes: (speeds: readonly { readonly form: string; readonly ms: number }[]): Text => ({
    zh: `读一遍全部输入：${speeds.map(({ form, ms }) => `${form} 需 ${ms.toFixed(1)} ms`).join('，')}`,
    en: `one poll of all inputs: ${speeds.map(({ form, ms }) => `${ms.toFixed(1)} ms at ${form}`).join(', ')}`,
  }),
};
