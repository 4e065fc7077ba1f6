/** What the configuration page says. Chinese first. */
import type { Text } from '../text.ts';
import type { Texts } from './texts.ts';

export const configText = {
  form: { zh: '表单', en: 'Form' },
  text: { zh: '文本', en: 'Text' },
  secrets: { zh: '密钥', en: 'Secrets' },
  history: { zh: '历史', en: 'History' },
  views: { zh: '看法', en: 'Views' },
  changes: { zh: '改动', en: 'Changes' },
  unsaved: { zh: '有还没应用的改动', en: 'There are changes that are not in force' },
  discard: { zh: '放弃改动', en: 'Discard them' },
  check: { zh: '检查', en: 'Check' },
  apply: { zh: '应用', en: 'Apply' },
  applyHint: {
    zh: '新配置 30 秒内起不来会自动退回；起来以后要您确认才会保留。',
    en: 'When the new one does not come up within 30 s the former one comes back; when it does, it stays only if you keep it.',
  },
  noFaults: { zh: '没有错误', en: 'No faults' },
  faults: (count: number): Text => ({
    zh: `${count} 处错误，改正后才能应用`,
    en:
      count === 1
        ? '1 fault, to be put right before it can be applied'
        : `${count} faults, to be put right before it can be applied`,
  }),
  checking: { zh: '正在检查…', en: 'Checking…' },
  line: (line: number): Text => ({ zh: `第 ${line} 行`, en: `line ${line}` }),
  inSecrets: { zh: '密钥文件', en: 'secrets file' },
  reloadTheirs: { zh: '放弃我的，读取现在的', en: 'Drop mine, read the present one' },

  broken: {
    zh: '配置文件有错误，没有生效。盒子继续按上一份好的配置运行，车道不受影响。',
    en: 'The configuration file has faults and is not in force. The box runs on with the last good one; the lanes are not affected.',
  },
  toInForce: { zh: '换回正在生效的那一份', en: 'Take the one in force' },
  reverted: {
    zh: '新配置没有起来，或者没有被保留；现在用的是上一份。',
    en: 'The new configuration did not come up or was not kept; the former one is in force again.',
  },
  trial: (left: string): Text => ({
    zh: `新配置正在试运行：${left} 内不确认就自动退回`,
    en: `The new configuration is on trial: unless kept within ${left} the former one comes back`,
  }),
  keep: { zh: '保留新配置', en: 'Keep it' },
  revert: { zh: '现在退回', en: 'Revert now' },

  editor: { zh: '配置文件 lanewarden.yaml', en: 'Configuration file lanewarden.yaml' },
  notYaml: {
    zh: '文本不是有效的 YAML，表单读不懂：请先在“文本”里改正。',
    en: 'The text is not valid YAML, so the form cannot read it: put it right under "Text" first.',
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
  unfold: { zh: '展开细节', en: 'More of it' },
  onePerLine: { zh: '一行一个', en: 'one a line' },
  key: { zh: '名称', en: 'Name' },

  secretsHint: {
    zh: '只能写入，从不显示。填了新值再应用。',
    en: 'Written, never shown. Fill in a new value, then apply.',
  },
  secretSet: { zh: '已设置', en: 'set' },
  secretMissing: { zh: '没有值', en: 'no value' },
  secretNew: { zh: '新值', en: 'New value' },
  secretChanged: { zh: '应用时写入', en: 'written when applied' },
  usedBy: (places: string): Text => ({ zh: `用于 ${places}`, en: `used by ${places}` }),
  secretSteps: {
    zh: '更换密钥，不中断（泄露了也这样做）',
    en: 'Changing a secret without a gap, also when one has leaked',
  },
  platformSteps: { zh: '平台的签名密钥', en: 'The platform’s signing secret' },
  platformStep1: {
    zh: '在“云平台”下添加 nextSecret（名字 cloud.nextSecret），在这里填平台给的新密钥，应用。此时仍用旧密钥。',
    en: 'Under “cloud” add nextSecret (name: cloud.nextSecret), fill in the new secret here, apply. The old one still signs.',
  },
  platformStep2: {
    zh: '请平台切换。旧密钥一被拒，本机就改用新密钥重发，不暂停、不丢记录；日志会写明。',
    en: 'Have the platform switch. Once the old one is refused, records are signed again with the new one: nothing pauses, nothing is lost, and the log says so.',
  },
  platformStep3: {
    zh: '日志写明之后：把 cloud.appSecret 的值换成新密钥，删掉 nextSecret，应用。',
    en: 'When the log has said so: give cloud.appSecret the new value, remove nextSecret, apply.',
  },
  tokenSteps: { zh: '管理系统的令牌', en: 'A token of the management system' },
  tokenStep1: {
    zh: '在 intake.http.tokens 添加一项（新名字、新密钥名），在这里填新令牌；在旧的一项写 until（到什么时候为止，如 2026-12-01T00:00:00+08:00），应用。此后两个都有效。',
    en: 'Add an entry to intake.http.tokens (a new name, a new secret), fill in the new token here, and give the old entry an until, such as 2026-12-01T00:00:00+08:00. Apply: both are taken.',
  },
  tokenStep2: {
    zh: '把新令牌交给管理系统。日志和事件按名字区分两者，看旧的还有没有人用。',
    en: 'Give the new token to the management system. Messages carry the name of their token, so you see whether the old one is still in use.',
  },
  tokenStep3: {
    zh: '到时旧的自动失效；然后删掉旧的一项。令牌泄露时不要等：把 until 写成很近的时间，或直接删掉旧的一项。',
    en: 'The old one ends by itself at its moment; then remove its entry. When it has leaked, do not wait: set until to a near moment, or remove the entry at once.',
  },
  noSecrets: { zh: '配置里没有用到密钥', en: 'The configuration names no secrets' },

  changedLines: (count: number): Text => ({ zh: `改了 ${count} 行`, en: count === 1 ? '1 line' : `${count} lines` }),
  compare: { zh: '与现在对比', en: 'Compare with now' },
  rollback: { zh: '恢复这一份', en: 'Bring it back' },
  rollbackAsk: { zh: '恢复这一份配置？', en: 'Bring this configuration back?' },
  noHistory: { zh: '还没有历史', en: 'No history yet' },
  same: { zh: '与现在的一样', en: 'The same as now' },
  unchangedLines: (count: number): Text => ({ zh: `… ${count} 行没变`, en: `… ${count} lines unchanged` }),
} satisfies Texts;
