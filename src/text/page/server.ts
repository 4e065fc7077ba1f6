/** Texts of the page's server: problems, jobs, audit, the log's lines about the page. Chinese first. */

import type { UserRole } from '../../page/api/api.ts';
import type { JobKind } from '../../page/api/api-setup.ts';
import { pinText } from '../duty.ts';
import type { Text } from '../text.ts';
import * as table from './server.made.ts';
import { ACTED, JOB_WORD } from './server.made.ts';
import { MARK_NAME } from './ui-review.ts';
import { roleName } from './ui-shell.ts';

export { jobText, pageLog, routeText } from './server.made.ts';

const both = (zh: string, en: string): Text => ({ zh, en });

export const pageText = {
  ...table.pageText,
  /** The user name of every visitor of the demonstration. */
  demoUser: 'demo',
  /** Who acts while there is no user: a name that no user can have. */
  newBox: '(new box)',
  missingScope: (scope: string | undefined): Text =>
    scope === undefined
      ? both('令牌不能做这件事，要登录', 'No token may do this: log in')
      : both(`令牌没有权限 ${scope}`, `The token lacks the scope ${scope}`),
  /** Who acts with a token that is none: a name that no user can have. */
  noToken: '(token)',
} as const;

const NAMED_MOST = 20;
/** However many, it is one line. */
function recordsText(ids: readonly number[]): Text {
  if (ids.length <= NAMED_MOST) return both(`记录 ${ids.join('、')}`, `record ${ids.join(', ')}`);
  const named = ids.slice(0, NAMED_MOST);
  return both(`${ids.length} 条记录（${named.join('、')}……）`, `${ids.length} records (${named.join(', ')}, …)`);
}

export const auditText = {
  ...table.auditText,
  acted: (kind: keyof typeof ACTED, ids: readonly number[], why: string | undefined): Text => {
    const { zh, en } = ACTED[kind];
    const which = recordsText(ids);
    return both(`${zh}${which.zh}${why ? `：${why}` : ''}`, `${en} ${which.en}${why ? `: ${why}` : ''}`);
  },
  marked: (kind: keyof typeof MARK_NAME, ids: readonly number[]): Text => {
    const which = recordsText(ids);
    return both(`复核${which.zh}：${MARK_NAME[kind].zh}`, `reviewed ${which.en}: ${MARK_NAME[kind].en}`);
  },
  pin: (operator: string, done: 'set' | 'changed' | 'removed'): Text => pinText(operator, done),
  paused: (destination?: string): Text =>
    destination === undefined
      ? both('暂停上传', 'paused uploads')
      : both(`暂停去向 ${destination}`, `paused the destination ${destination}`),
  resumed: (destination?: string): Text =>
    destination === undefined
      ? both('恢复上传', 'resumed uploads')
      : both(`恢复去向 ${destination}`, `resumed the destination ${destination}`),
  maintenance: (lane: string, minutes: number | undefined, reason: string | undefined): Text =>
    minutes === undefined
      ? both(`${lane} 结束维护`, `ended the maintenance of ${lane}`)
      : both(
          `${lane} 维护 ${minutes} 分钟：${reason ?? ''}`,
          `put ${lane} into maintenance for ${minutes} min: ${reason ?? ''}`,
        ),
  userAdded: (user: string, role: UserRole, lanes?: readonly string[]): Text =>
    both(
      `添加用户 ${user}（${roleName[role].zh}${lanes ? `，车道 ${lanes.join('、')}` : ''}）`,
      `added the user ${user} (${role}${lanes ? `, lanes ${lanes.join(', ')}` : ''})`,
    ),
  userLanes: (user: string, lanes?: readonly string[]): Text =>
    both(
      `用户 ${user} 的车道改为 ${lanes?.join('、') ?? '全部'}`,
      `bound the user ${user} to lanes: ${lanes?.join(', ') ?? 'all'}`,
    ),
  made: (kind: 'backup' | 'queue' | 'support', withSecrets: boolean): Text =>
    ({
      backup: withSecrets
        ? both('导出了含密钥的备份', 'took a backup with the secrets')
        : both('导出了备份', 'took a backup'),
      queue: both('导出了未送达的记录', 'exported the undelivered records'),
      support: both('导出了诊断文件', 'took the support file'),
    })[kind],
  evidenceTaken: (...ids: readonly number[]): Text =>
    both(`为记录 ${ids.join('、')} 取证`, `took the evidence of record ${ids.join(', ')}`),
  inNameOf: (name: string, { zh, en }: Text): Text =>
    both(`${zh}（以 ${name} 的名义）`, `${en} (in the name of ${name})`),
  job: (kind: string): Text => {
    const word = JOB_WORD[kind as JobKind] ?? both(kind, kind);
    return both(`开始任务：${word.zh}`, `began the job: ${word.en}`);
  },
} as const;
