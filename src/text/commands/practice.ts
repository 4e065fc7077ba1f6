/** The command `practice`: the forty stories, what each expects, and what was seen instead. Both languages; Chinese first. */
import { beijingTime, type Text } from '../text.ts';
import * as table from './practice.made.ts';

const both = (zh: string, en: string): Text => ({ zh, en });

interface StoryWords {
  readonly title: Text;
  readonly expected: Text;
}

/** In Beijing, as the log writes it: to be found in the vendor's own. */
const timeOfDay = (wallMs: number): string => beijingTime(wallMs).slice(11, 23);

const story = (title: Text, expected: Text): StoryWords => ({ title, expected });

/** By number, as in docs/LANG/vendor-counter.md. */
export const practiceStories = {
  1: story(
    both('在车道缴费', 'paid at the lane'),
    both('送达缴费并抬杆；金额单位分', 'told with lane, plate, amount in fen; arm lifted'),
  ),
  2: story(
    both('提前缴费', 'paid ahead'),
    both('不写 lane，写 expiresAt；出场时只抬杆', 'no lane, with expiresAt; on leaving only the arm'),
  ),
  3: story(both('免费时段内免费', 'free within the free minutes'), both('kind: free', 'kind: free')),
  4: story(both('月卡车', 'season ticket'), both('kind: monthly', 'kind: monthly')),
  5: story(both('储值车', 'stored value'), both('kind: storedValue，含金额', 'kind: storedValue, with its amount')),
  6: story(
    both('远程开闸，无车牌', 'remote opening, no plate'),
    both('kind: remoteOpen，含操作员', 'kind: remoteOpen, with its operator'),
  ),
  7: story(
    both('一次放行两辆', 'one message for two cars'),
    both('count: 2，两辆都算已缴费', 'count: 2, both cars are covered'),
  ),
  8: story(
    both('两条车道同时', 'two lanes at once'),
    both('缴费只记在自己的车道', 'the payment covers its own lane only'),
  ),
  9: story(
    both('收费员改正车牌', 'plate corrected by the cashier'),
    both('改正后用新的 id 再送', 'told again under a new id'),
  ),
  10: story(
    both('未缴费由软件开闸', 'opened by software, unpaid'),
    both('不送缴费；本机记为未缴费', 'nothing told; the box reports it'),
  ),
  11: story(both('同一订单点了两次', 'the same order twice'), both('同一个 id，只算一次', 'the same id, counted once')),
  12: story(both('转发平台的缴费消息', 'platform message forwarded'), both('原样转发，一字不改', 'forwarded as it is')),
  13: story(both('送入场记录', 'entry told'), both('车牌、入口、真实入场时间', 'plate, lane and true time of entry')),
  14: story(
    both('送应收金额', 'charge told'),
    both('应收金额，单位分；未缴费离开', 'the sum in fen; the car leaves unpaid'),
  ),
  15: story(
    both('同步名单车辆', 'known vehicles synchronised'),
    both('三类车辆；月卡车只抬杆即可', 'three kinds; a season car needs no message'),
  ),
  16: story(
    both('删除名单车辆', 'known vehicle removed'),
    both('removed: true；之后算未缴费', 'removed: true; afterwards unpaid'),
  ),
  17: story(
    both('当班：上班与下班', 'on and off duty'),
    both('当班消息含操作员和车道', 'shifts with operator and lanes'),
  ),
  18: story(
    both('一次同步 1200 辆', '1,200 vehicles at once'),
    both('每次最多 500 条，429 后续送，无遗漏', 'at most 500 a request, on after 429, none lost'),
  ),
  19: story(both('送到时已过期', 'expired on arrival'), both('界面显示“已过期”', 'shown as expired')),
  20: story(
    both('车牌写错被拒', 'refused for its plate'),
    both('显示是哪个字段，不再重发', 'the field is shown, not sent again'),
  ),
  21: story(both('令牌更换', 'token changed'), both('显示令牌无效，换新后补送', 'shown; told with the new token')),
  22: story(
    both('没有回答', 'no answer'),
    both('用同一个 id 重发，只算一次；抬杆不等', 'again with the same id, counted once; the arm does not wait'),
  ),
  23: story(
    both('503 暂时存不下', '503 cannot be kept now'),
    both('过了 Retry-After 再发，不丢', 'again after Retry-After, not lost'),
  ),
  24: story(both('429 太多', '429 too many'), both('六笔都送到，各算一次', 'all six arrive, each counts once')),
  25: story(
    both('本机断网 20 秒', 'box away for 20 s'),
    both('照常抬杆；恢复后补送，issuedAt 真实', 'arm lifted; told afterwards with true issuedAt'),
  ),
  26: story(
    both('程序被断电重启', 'your program loses power'),
    both('重启后补送，issuedAt 真实', 'told after the restart with true issuedAt'),
  ),
  27: story(
    both('自己的时钟慢两分钟', 'own clock two minutes slow'),
    both('由回答的 Date 得知，并显示误差', 'seen from Date of the answer, and shown'),
  ),
  28: story(
    both('HTTP 读回未缴费放行', 'unpaid releases read over HTTP'),
    both('有未缴费的车，没有已缴费的车', 'the unpaid car, not the paid one'),
  ),
  29: story(
    both('MQTT 收到未缴费放行', 'unpaid releases over MQTT'),
    both('有未缴费的车，没有已缴费的车', 'the unpaid car, not the paid one'),
  ),
  30: story(both('MQTT 送缴费', 'paid over MQTT'), both('QoS 1，不保留', 'QoS 1, not retained')),
  31: story(
    both('收费电脑的时钟快两分钟', 'till two minutes fast'),
    both('照它写的时间送；本机按收到时算', 'its time as written; the box counts from arrival'),
  ),
  32: story(
    both('两台收费电脑，一台快 90 秒', 'two tills, one 90 s fast'),
    both('各写自己的 till；两辆都算已缴费', 'each with its till; both cars are paid'),
  ),
  33: story(
    both('北京时间却写了 Z', 'Beijing time with a Z'),
    both('照写的送；本机按收到时算', 'as written; the box counts from arrival'),
  ),
  34: story(
    both('月卡写的是办卡时间', 'season ticket by its date of issue'),
    both('issuedAt 是办卡时间，expiresAt 是到期时间', 'issuedAt of its issue, expiresAt of its end'),
  ),
  35: story(
    both('同一个 id 改车牌，还没用', 'same id, plate corrected, unused'),
    both('改正后的车已缴费，打错的没有', 'the corrected plate is paid, the mistyped is not'),
  ),
  36: story(
    both('同一个 id 换车牌，已用过', 'same id, another plate, used'),
    both('算另一笔缴费，显示提醒', 'another payment; its warning is shown'),
  ),
  37: story(
    both('流水号每天重来', 'numbers that begin again daily'),
    both('今天的另算一笔，显示提醒', 'another payment today; the warning is shown'),
  ),
  38: story(
    both('换了 id 再送一次', 'told again under another id'),
    both('答 duplicate，不算第二笔', 'answered duplicate, no second payment'),
  ),
  39: story(
    both('一笔缴费后来怎样', 'what became of a payment'),
    both('查到 used、waiting', 'used and waiting are read back'),
  ),
  40: story(both('当日对账', 'the sheet of the day'), both('读到送来几笔、算数几笔', 'told and counted are read back')),
} as const;

export const practiceText = {
  ...table.practiceText,
  asExpected: (expected: Text): Text => expected,
  noAnswer: (event: string, seconds: number, lineWallMs: number): Text =>
    both(
      `${seconds} 秒内没有回答 ${event}（这一行写于 ${timeOfDay(lineWallMs)}）`,
      `${event} was not answered within ${seconds} s of its line of ${timeOfDay(lineWallMs)}`,
    ),
  notLifted: (lane: string, seconds: number, lineWallMs: number, afterS: number | undefined): Text =>
    both(
      `车道 ${lane} 在 ${seconds} 秒内没有抬杆：这一行写于 ${timeOfDay(lineWallMs)}，${afterS === undefined ? '10 秒内都没有看到抬杆' : `${afterS.toFixed(1)} 秒后才看到抬杆`}`,
      `the arm of lane ${lane} was not lifted within ${seconds} s of its line of ${timeOfDay(lineWallMs)}; ${afterS === undefined ? 'nor seen lifted in 10 s' : `seen lifted ${afterS.toFixed(1)} s after it`}`,
    ),
  otherGrant: (wanted: string, seen: string | undefined): Text =>
    both(`用的是 ${seen ?? '别的依据'}，不是 ${wanted}`, `covered by ${seen ?? 'something else'}, not by ${wanted}`),
  noMessage: (path: string, field: string, value: string, status: number | undefined): Text =>
    both(
      `${path} 没有收到 ${field} 为 ${value} 的消息${status === undefined ? '' : `（最后一次回答 ${status}）`}`,
      `${path} accepted no message with ${field} ${value}${status === undefined ? '' : ` (answered ${status} at last)`}`,
    ),
  wrongTime: (field: string, written: string, errorS: number | undefined): Text =>
    both(
      `${field} 写的是 ${written}${errorS === undefined ? '，不是时间' : `，差 ${errorS} 秒`}`,
      `${field} is ${written}${errorS === undefined ? ', which is no time' : `, ${errorS} s off`}`,
    ),
  tooSoon: (seconds: number, wanted: number): Text =>
    both(
      `${seconds.toFixed(1)} 秒后就重发，Retry-After 是 ${wanted} 秒`,
      `sent again after ${seconds.toFixed(1)} s, Retry-After was ${wanted} s`,
    ),
};
