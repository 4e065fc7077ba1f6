/** What `check` says of messages that may claim too much, and of cheats that this wiring cannot show. */
import type { Text } from '../text.ts';

export const claimText = {
  anyCount: {
    zh: '没有写 intake.maxCount：一条消息最多可放行 50 次；写 5 更稳妥',
    en: 'intake.maxCount is not written: one message may let 50 vehicles out; 5 is safer',
  },
  anyLifetime: {
    zh: '没有写 intake.maxLifetime：一条放行的有效期不限；写 15min 更稳妥',
    en: 'intake.maxLifetime is not written: a grant may live for ever; 15min is safer',
  },
  noToken: {
    zh: '接入口开着，却还没有令牌，任何系统都无法推送：在网页“接口”建一个（权限 grants），或 lanewarden token --new pms --scope grants',
    en: 'the intake is on and there is no token, so no system can push: make one on the page API (scope grants), or by lanewarden token --new pms --scope grants',
  },
  tokenInClear: (names: readonly string[]): Text => ({
    zh: `令牌 ${names.join('、')} 在网上是明文：能偷听的人就能替别的车“缴费”；请改用 intake.https 并关掉 intake.http，或把接入口放在单独的网段`,
    en: `the token ${names.join(', ')} crosses the network in clear: whoever listens can “pay” for others; send over intake.https and turn intake.http off, or give the intake a network of its own`,
  }),
} as const;

export const cheatText = {
  bridgedRelay: {
    zh: '看不出：有人短接开闸继电器的触点（每次都算缴费）。管理系统发齐五种消息（intake.tells）才看得出',
    en: 'not to be seen: a bridged contact of the opening relay counts as paid each time. All five kinds of messages (intake.tells) show it',
  },
  magnet: {
    zh: '看不出：用磁铁吸住限位开关。上、下限位都接，两者矛盾即报警',
    en: 'not to be seen: a magnet on the limit switch. With both limits wired they contradict each other, which is an alarm',
  },
  mains: {
    zh: '看不出：拉掉岗亭的电让闸杆弹起，只当作人工开闸。接市电检测（mains），本机由小 UPS 供电（docs/zh/wiring.md）',
    en: 'not to be told apart: the booth’s mains cut so that the arm springs up looks like an opening by hand. Wire mains, and feed the box from a small UPS (docs/en/wiring.md)',
  },
} as const satisfies Readonly<Record<string, Text>>;
