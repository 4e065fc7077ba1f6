/** What the box testifies of itself, in words: observation gaps with the barrier and counters around them, and reports. Both languages; Chinese first. */

import type { ObservationGap } from '../lane/types.ts';
import type { HeadMisfit } from '../store/chain/chain.ts';
import type { BoxReport, Observation } from '../store/observation.ts';
import { beijingTime } from './beijing-time.ts';
import { pinText } from './duty.ts';
import { roleText } from './lanes/lane-facts.ts';
import { type EarnedHow, earnedText } from './lanes/reporting.ts';
import { ARM, BEGAN, BLIND_CAUSE, byWhom, DONE, FOUND_OUTSIDE, HOW_ENDED, MARKED } from './observation.made.ts';
import { WAITING_STATE, type WaitingKind, type WaitingState, waitingText } from './page/waiting.ts';
import { joined, type Text } from './text.ts';

const both = (zh: string, en: string): Text => ({ zh, en });

interface ObservationText {
  readonly what: Text;
  readonly counted?: Text;
}

export function observationText(seen: Observation['seen']): ObservationText {
  return 'roles' in seen ? gapText(seen) : { what: reportText(seen) };
}
const arm = (state: string): Text => ARM[state] ?? both(state, state);

function gapText(gap: ObservationGap): ObservationText {
  const { why, name, roles, armBefore, armAfter, openings, passages, who, reason, lasts } = gap;
  const of = [
    ...[name, who, reason].filter((each) => each !== undefined).map((each) => both(each, each)),
    ...roles.map(roleText),
  ];
  const { zh, en } = joined(of, '、', ', ');
  const now = lasts ? both('（尚未结束）', ' (goes on)') : both('', '');
  return {
    what: both(
      `${BLIND_CAUSE[why].zh}${of.length === 0 ? '' : `：${zh}`}${now.zh}`,
      `${BLIND_CAUSE[why].en}${of.length === 0 ? '' : `: ${en}`}${now.en}`,
    ),
    counted: both(
      `闸杆：前${arm(armBefore).zh}、后${arm(armAfter).zh}；其间记到抬杆 ${openings} 次、通过 ${passages} 辆`,
      `arm ${arm(armBefore).en} before and ${arm(armAfter).en} after; meanwhile ${openings} openings and ${passages} passages were counted`,
    ),
  };
}

function rewrittenText(
  recordId: number,
  { lines, schema, aheadMs, sentAgain }: Readonly<Record<string, unknown>>,
): Text {
  if (Array.isArray(lines))
    return both(
      `自检发现证据链或各表有不符，请用 lanewarden verify 查看：${lines.join('；')}`,
      `the check of the chain and the tables by the program itself found what does not fit, see lanewarden verify: ${lines.join('; ')}`,
    );
  if (Array.isArray(schema))
    return both(
      `数据库结构（表、索引、触发器或视图）被人改动过，能恢复的已照程序的恢复：${schema.join('、')}`,
      `tables, indexes, triggers or views of the database were changed past the program, and are put right where that can be: ${schema.join(', ')}`,
    );
  if (typeof aheadMs === 'number')
    return both(
      `状态目录里的 alive 说程序运行到的时刻，比时钟所许的还晚 ${Math.round(aheadMs / 86_400_000)} 天：有人改过它，或时钟错过；不予采信`,
      `alive in the state folder has the program run ${Math.round(aheadMs / 86_400_000)} days further than the clock allows: somebody changed it, or a clock was wrong; it is not believed`,
    );
  return sentAgain === true
    ? both(
        `记录 ${recordId} 被人绕过程序删掉了：已按链恢复，照样上报，没有图片`,
        `record ${recordId} was deleted past the program: it is put back as the chain says and goes out, without its picture`,
      )
    : both(`记录 ${recordId} 被人绕过程序删掉了`, `record ${recordId} was deleted past the program`);
}

function outsideText({ way, found, last, signed }: Detail): Text {
  const { zh, en } = FOUND_OUTSIDE[found as HeadMisfit] ?? both(String(found), String(found));
  const time = beijingTime(Date.parse(String(signed)));
  return both(
    `${String(way)} 记得本机 ${time} 的链头（第 ${String(last)} 行），与本机的证据链不符：${zh}`,
    `${String(way)} remembers a head of this box of ${time} (row ${String(last)}) that is not in its chain: ${en}`,
  );
}

function signOnText(who: string, detail: Detail): Text {
  return both(
    `${String(detail.operator)} ${detail.on === false ? '下岗' : '上岗'}，用的是 ${String(detail.setBy)} 设的 PIN，不是本人的；在 ${who} 的会话里`,
    `${String(detail.operator)} signed ${detail.on === false ? 'off' : 'on'} with the PIN that ${String(detail.setBy)} had set, not with an own one, in the session of ${who}`,
  );
}

function movedText({ name, lane, delaysMs, shown }: Detail): Text {
  const delays = (delaysMs as readonly number[]).map((each) => (each / 1_000).toFixed(1));
  return both(
    `${String(name)}（${String(shown)}）使车道 ${String(lane)} 的闸杆抬起（发出后 ${delays.join('、')} 秒，A 上没有车）：已停用，有人在页面确认后才再用`,
    `${String(name)} (${String(shown)}) raised the arm of lane ${String(lane)} (${delays.join(', ')} s after it, without a vehicle on A): it is stopped until somebody confirms it at the page`,
  );
}

function reportText(report: BoxReport): Text {
  if (report.detail?.done !== 'outside') return ofReport(report);
  const { changes: [change] = [] } = report.detail as { readonly changes?: readonly { readonly path: string }[] };
  const file = FILE_OF[change?.path ?? report.why] ?? both(report.why, report.why);
  return both(`${file.zh}的文件在程序之外被改`, `the file of ${file.en} was changed outside the program`);
}

function ofReport(report: BoxReport): Text {
  const { why, who = '', reason = '', recordId = 0, goesOut, lasts, detail = {} } = report;
  switch (why) {
    case 'dismissed':
      return goesOut
        ? both(
            `${who} 要求丢弃记录 ${recordId}：${reason}。照样上报，注明此事`,
            `${who} asked to drop record ${recordId}: ${reason}. It goes out all the same, and says so`,
          )
        : both(`${who} 丢弃记录 ${recordId}：${reason}`, `${who} dropped record ${recordId}: ${reason}`);
    case 'corrected':
      return both(`${who} 更正记录 ${recordId}：${reason}`, `${who} corrected record ${recordId}: ${reason}`);
    case 'reviewed': {
      const mark = MARKED[String(detail.mark)] ?? both(String(detail.mark), String(detail.mark));
      const words = [reason, detail.words].filter(Boolean).join(' ');
      return both(
        `${who} 复核记录 ${recordId}：${mark.zh}${words === '' ? '' : `（${words}）`}`,
        `${who} reviewed record ${recordId}: ${mark.en}${words === '' ? '' : ` (${words})`}`,
      );
    }
    case 'clockStep':
      return clockStepText(who, detail);
    case 'clock':
      return both(
        `时钟按 ${String(detail.source)} 更正，${byText(detail).zh}`,
        `the clock was corrected after ${String(detail.source)}, by ${byText(detail).en}`,
      );
    case 'database':
      return BEGAN[String(detail.began)] ?? both('数据库被更换', 'the database was replaced');
    case 'rewritten':
      return rewrittenText(recordId, detail);
    case 'outside':
      return outsideText(detail);
    case 'eventsLost':
      return both(
        `${String(detail.events)} 个事件没有记入日志`,
        `${String(detail.events)} events are missing from the journal`,
      );
    case 'pause':
      if (lasts) return both(`${who} 暂停上传`, `${who} paused uploads`);
      return reason === 'over'
        ? both(`${who} 的暂停到时，上传继续`, `the pause of ${who} ran out, uploads go on`)
        : both(`${who} 的暂停结束，上传继续`, `the pause of ${who} ended, uploads go on`);
    case 'underVoltage':
      return lasts
        ? both('本机供电电压过低', 'the supply of the box is too low')
        : both('本机供电电压恢复', 'the supply of the box is right again');
    case 'disk':
      return both('磁盘拒绝写入', 'the disk refused to write');
    case 'reporting':
      return reportingText(report);
    case 'moved':
      return movedText(detail);
    case 'provisioned':
      return both(`采用了运营方 ${who} 的开通文件`, `a provisioning file of operator ${who} was applied`);
    case 'pin':
      return byWhom(who, pinText(String(detail.operator), detail.done as 'set' | 'changed' | 'removed'));
    case 'signOn':
      return signOnText(who, detail);
    case 'user':
      return byWhom(who, changedText(detail, both('用户', 'user'), String(detail.user)));
    case 'token':
      return byWhom(who, changedText(detail, both('令牌', 'token'), String(detail.name)));
    case 'vehicles':
      if ('state' in detail) return waitedText(report);
      return both(
        `${who} 导入名单车辆 ${String(detail.taken)} 辆，去掉 ${String(detail.removed)} 辆`,
        `${who} imported ${String(detail.taken)} known vehicles and removed ${String(detail.removed)}`,
      );
    case 'erased':
      return both(
        `${who} 删除了一个车牌的数据：记录 ${String(detail.records)} 条${reason === '' ? '' : `（${reason}）`}`,
        `${who} erased what was kept about a plate: ${String(detail.records)} records${reason === '' ? '' : ` (${reason})`}`,
      );
    case 'settings':
      return settingsText(report);
    case 'flood':
      return both(`${who} 发来太多消息，已拒绝`, `${who} sent too much and was refused`);
  }
}

/** Of what the file is that was changed outside the program. */
const FILE_OF: Readonly<Record<string, Text>> = {
  settings: both('留存的配置', 'the kept configuration'),
  user: both('用户', 'users'),
  token: both('令牌', 'tokens'),
  pin: both('PIN', 'PINs'),
  commissioned: both('“已验收”标记', 'the mark “commissioned”'),
  operator: both('运营方公钥', 'the operator’s key'),
  profiles: both('自建型号', 'own profiles'),
  ca: both('CA 证书', 'CA certificates'),
};

type Detail = Readonly<Record<string, unknown>>;

function clockStepText(who: string, detail: Detail): Text {
  const by = byText(detail);
  if (who === '') return both(`系统时钟被改，${by.zh}`, `the system clock was set, by ${by.en}`);
  const within = Number(detail.withinMs) / 1_000;
  return both(
    `${who} 按手机时间校准系统时钟，${by.zh}，误差 ±${within} 秒`,
    `${who} took the time of a phone for the system clock, by ${by.en}, ±${within} s`,
  );
}

function reportingText({ who, reason, detail = {} }: BoxReport): Text {
  // Of 1.0.0-rc.1: the name in the signature stands for whoever saved it.
  const by = detail.signedBy === undefined ? who : String(detail.signedBy);
  const how = earnedText({ how: detail.how as EarnedHow, ...(by && { by }), ...(reason && { reason }) });
  const what = both(
    `车道 ${String(detail.lane)} 开始上报“没有缴费”：${how.zh}`,
    `lane ${String(detail.lane)} reports “nobody paid”: ${how.en}`,
  );
  return who === undefined || detail.signedBy === undefined
    ? what
    : both(`${who} 保存：${what.zh}`, `${who} saved: ${what.en}`);
}

const changedText = ({ done }: Detail, what: Text, name: string): Text => {
  const word = DONE[String(done)] ?? both(String(done), String(done));
  return both(`${word.zh}${what.zh} ${name}`, `${word.en} the ${what.en} ${name}`);
};

/** Named in one sentence; the report has all that it has room for. */
const KEYS_NAMED = 5;

/** Of a change that weakens a lane: that it waits, and what became of it. */
function waitedText({ who, reason, detail = {} }: BoxReport): Text {
  const kind = waitingText.kind(detail.kind as WaitingKind);
  const state = WAITING_STATE[detail.state as WaitingState];
  const keys = named(detail);
  const more = [keys.shown, reason ?? ''].filter((each) => each !== '').join('；');
  const by = String(detail.savedBy);
  const said = who === undefined || who === by ? both('', '') : both(`${who} `, `${who}: `);
  return both(
    `${said.zh}${state.zh}：${by} 的${kind.zh}${more === '' ? '' : `（${more}${keys.rest > 0 ? `，另 ${keys.rest} 处` : ''}）`}`,
    `${said.en}${kind.en} of ${by} ${state.en}${more === '' ? '' : ` (${more}${keys.rest > 0 ? `, and ${keys.rest} more` : ''})`}`,
  );
}

function named(detail: Detail): { readonly shown: string; readonly rest: number } {
  const { changes = [], more = 0 } = detail as {
    readonly changes?: readonly { readonly path: string; readonly before?: string; readonly after?: string }[];
    readonly more?: number;
  };
  const first = changes.slice(0, KEYS_NAMED);
  const shown = first.map(({ path, before = '', after = '' }) => `${path}: ${before} → ${after}`).join('；');
  return { shown, rest: changes.length - first.length + more };
}

function settingsText(report: BoxReport): Text {
  const { who = '', detail = {} } = report;
  if ('state' in detail) return waitedText(report);
  const { shown, rest } = named(detail);
  const by = HOW_ENDED[String(detail.how)] ?? both(who, who);
  const person = by.zh === who || who === '' ? both('', '') : both(`（${who}）`, ` (${who})`);
  return both(
    `${by.zh}${person.zh} 改了配置：${shown}${rest > 0 ? `，另 ${rest} 处` : ''}`,
    `${by.en}${person.en} changed the configuration: ${shown}${rest > 0 ? `, and ${rest} more` : ''}`,
  );
}

function byText({ byMs }: Readonly<Record<string, unknown>>): Text {
  const seconds = Math.round(Number(byMs)) / 1_000;
  return seconds < 0 ? both(`回拨 ${-seconds} 秒`, `${seconds} s`) : both(`拨快 ${seconds} 秒`, `+${seconds} s`);
}
