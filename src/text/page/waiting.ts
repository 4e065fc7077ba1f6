/** A change that weakens a lane, and waits for a second person or an hour. Chinese first. */
import type { Text } from '../text.ts';

const both = (zh: string, en: string): Text => ({ zh, en });

/** What waits. */
export type WaitingKind = 'settings' | 'vehicles' | 'restore' | 'provision';

const KIND: Readonly<Record<WaitingKind, Text>> = {
  settings: both('改配置', 'a change of the configuration'),
  vehicles: both('导入名单车辆', 'an import of known vehicles'),
  restore: both('恢复备份', 'the restore of a backup'),
  provision: both('首次采用一个运营方的开通文件', 'the first provisioning file of an operator'),
};

export const waitingText = {
  kind: (kind: WaitingKind): Text => KIND[kind],
  title: (who: string, kind: WaitingKind): Text =>
    both(`${who} 的${KIND[kind].zh}等第二个人同意`, `${who}: ${KIND[kind].en} waits for a second person`),
  due: (left: string): Text => both(`没有人同意，${left} 后生效`, `without an agreement it takes effect in ${left}`),
  lanes: (lanes: readonly string[]): Text =>
    both(`会削弱车道 ${lanes.join('、')} 的监管`, `it may weaken what watches lane ${lanes.join(', ')}`),
  agree: both('同意', 'Agree'),
  withdraw: both('撤回', 'Withdraw'),
  more: (count: number): Text => both(`另 ${count} 处`, `and ${count} more`),
  held: both(
    '已保存，还没有生效：这项改动会削弱正在上报的车道，要另一个账号同意，否则一小时后生效',
    'Saved, and not in force yet: it may weaken a lane that reports. Another login agrees, or it takes effect in an hour',
  ),
  own: both('自己的改动要由别的账号同意', 'somebody else has to agree to it: you saved it yourself'),
  newUser: both(
    '这个账号建立还不到一小时，不能算第二个人',
    'this login was made less than an hour ago: it does not count as a second person',
  ),
  other: both(
    '另一项改动正在等待同意：请先同意或撤回它',
    'another change is waiting: agree to it or withdraw it first',
  ),
  gone: both('这项改动已经不在等待', 'this change waits no longer'),
  overtaken: both('配置已被别的改动替换，等待的改动作废', 'the configuration has changed since: what waited is void'),
  interrupted: both(
    '启用时程序中断，以现在的配置为准',
    'the program ended while it was being applied: what is in force now counts',
  ),
  damaged: both('等待的改动在磁盘上损坏，作废', 'what waited was damaged on the disk: it is void'),
  applying: both('启用等待的改动', 'applying what waited'),
} as const;

/** What became of it, in the watch report. */
export type WaitingState = 'waits' | 'agreed' | 'due' | 'withdrawn' | 'void';

export const WAITING_STATE: Readonly<Record<WaitingState, Text>> = {
  waits: both('等第二个人同意，或等一小时', 'waits for a second person, or an hour'),
  agreed: both('第二个人已同意', 'is agreed to'),
  due: both('等满一小时，生效', 'has waited for an hour and takes effect'),
  withdrawn: both('已撤回', 'is withdrawn'),
  void: both('作废', 'is void'),
};
