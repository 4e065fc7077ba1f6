/** Texts of the configuration page. Chinese first. */
import type { Text } from '../text.ts';
import type { Texts } from './texts.ts';

export const rowTrialText = {
  read: { zh: '读一行试试（不计入）', en: 'Read one row (counts nothing)' },
  hint: {
    zh: '用上面填的去读最新一行，不用先启用。',
    en: 'Reads the newest row with what is entered above; it need not be applied first.',
  },
  done: { zh: '读了一行，没有计入', en: 'One row read, nothing counted' },
  none: { zh: '连上了，还没有一行', en: 'Connected, and there is no row yet' },
  row: { zh: '读到的一行', en: 'The row' },
  payment: { zh: '会成为这笔缴费', en: 'The payment it would be' },
  problems: { zh: '这笔缴费不会被采用：', en: 'This payment would be refused:' },
  left: { zh: '不算缴费：', en: 'No payment: ' },
  fault: { zh: '读不到：', en: 'Cannot read it: ' },
  detail: { zh: '原话', en: 'In its own words' },
} satisfies Texts;

export const configText = {
  form: { zh: '表单', en: 'Form' },
  text: { zh: '文本', en: 'Text' },
  secrets: { zh: '密钥', en: 'Secrets' },
  history: { zh: '历史', en: 'History' },
  views: { zh: '视图', en: 'Views' },
  changes: { zh: '改动', en: 'Changes' },
  unsaved: { zh: '有还没应用的改动', en: 'Unapplied changes' },
  discard: { zh: '放弃改动', en: 'Discard changes' },
  check: { zh: '检查', en: 'Check' },
  apply: { zh: '应用', en: 'Apply' },
  applyHint: {
    zh: '新配置 30 秒内起不来会自动退回；起来以后要您确认才会保留。',
    en: 'If the new configuration does not come up within 30 s, the previous one is restored; if it does, it stays only if you keep it.',
  },
  noFaults: { zh: '没有错误', en: 'No faults' },
  faults: (count: number): Text => ({
    zh: `${count} 处错误，改正后才能应用`,
    en: count === 1 ? '1 fault: fix it before applying' : `${count} faults: fix them before applying`,
  }),
  checking: { zh: '正在检查…', en: 'Checking…' },
  line: (line: number): Text => ({ zh: `第 ${line} 行`, en: `line ${line}` }),
  inSecrets: { zh: '密钥文件', en: 'secrets file' },
  reloadTheirs: { zh: '放弃我的，读取现在的', en: 'Discard mine, load the current one' },

  broken: {
    zh: '配置文件有错误，没有生效。本机继续按上一份好的配置运行，车道不受影响。',
    en: 'The configuration file has faults and is not in force. The box keeps running the last good one; the lanes are not affected.',
  },
  toInForce: { zh: '换回正在生效的那一份', en: 'Load the one in force' },
  reverted: {
    zh: '新配置没有起来，或者没有被保留；现在用的是上一份。',
    en: 'The new configuration did not come up or was not kept; the previous one is in force.',
  },
  trial: (left: string): Text => ({
    zh: `新配置正在试运行：${left} 内不确认就自动退回`,
    en: `The new configuration is on trial: unless kept within ${left}, the previous one is restored`,
  }),
  keep: { zh: '保留新配置', en: 'Keep it' },
  revert: { zh: '现在退回', en: 'Revert now' },

  editor: { zh: '配置文件 lanewarden.yaml', en: 'Configuration file lanewarden.yaml' },
  notYaml: {
    zh: '文本不是有效的 YAML，表单无法读取：请先在“文本”里改正。',
    en: 'The text is not valid YAML, so the form cannot read it: fix it under "Text" first.',
  },
  required: { zh: '必填', en: 'required' },
  byDefault: (value: string): Text => ({ zh: `默认 ${value}`, en: `default ${value}` }),
  notSet: { zh: '不设置', en: 'not set' },
  yes: { zh: '是', en: 'yes' },
  no: { zh: '否', en: 'no' },
  moreSettings: (count: number): Text => ({
    zh: `还可以设置 ${count} 项`,
    en: count === 1 ? '1 more setting' : `${count} more settings`,
  }),
  add: { zh: '添加', en: 'Add' },
  addTo: (name: string): Text => ({ zh: `添加到 ${name}`, en: `Add to ${name}` }),
  remove: { zh: '删除', en: 'Remove' },
  removeAsk: (name: string): Text => ({ zh: `删除 ${name}？`, en: `Remove ${name}?` }),
  item: (number: number): Text => ({ zh: `第 ${number} 项`, en: `item ${number}` }),
  unfold: { zh: '展开细节', en: 'Details' },
  onePerLine: { zh: '一行一个', en: 'one per line' },
  key: { zh: '名称', en: 'Name' },

  secretsHint: {
    zh: '只能写入，从不显示。填了新值再应用。',
    en: 'Write-only, never shown. Enter a new value, then apply.',
  },
  secretSet: { zh: '已设置', en: 'set' },
  secretMissing: { zh: '没有值', en: 'no value' },
  secretNew: { zh: '新值', en: 'New value' },
  secretChanged: { zh: '应用时写入', en: 'written when applied' },
  usedBy: (places: string): Text => ({ zh: `用于 ${places}`, en: `used by ${places}` }),
  secretSteps: { zh: '更换密钥，不中断', en: 'Replace a secret without interruption' },
  platformSteps: {
    zh: '平台：① 添加 cloud.nextSecret，填新值，应用；② 平台切换；③ 日志写明后，appSecret 换成新值，删掉 nextSecret。',
    en: 'Platform: (1) add cloud.nextSecret with the new value and apply; (2) the platform switches; (3) when the log confirms it, set appSecret to the new value and remove nextSecret.',
  },
  tokenSteps: {
    zh: '令牌：① 在 intake.http.tokens 添加新的一项，给旧的写上 until（到何时失效）；② 管理系统改用新令牌；③ 删掉旧的。已泄露的立刻删。',
    en: 'Token: (1) add a new entry to intake.http.tokens and give the old one `until`, the moment it ends; (2) the management system changes to the new token; (3) remove the old one. Remove a leaked one at once.',
  },
  noSecrets: { zh: '配置里没有用到密钥', en: 'The configuration uses no secrets' },

  changedLines: (count: number): Text => ({ zh: `改了 ${count} 行`, en: count === 1 ? '1 line' : `${count} lines` }),
  compare: { zh: '与现在对比', en: 'Compare with current' },
  rollback: { zh: '恢复这一份', en: 'Restore this one' },
  rollbackAsk: { zh: '恢复这一份配置？', en: 'Restore this configuration?' },
  noHistory: { zh: '还没有历史', en: 'No history yet' },
  same: { zh: '与现在的一样', en: 'Same as current' },
  unchangedLines: (count: number): Text => ({ zh: `… ${count} 行没变`, en: `… ${count} lines unchanged` }),
} satisfies Texts;
