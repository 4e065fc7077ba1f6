/** Meaning of the keys of `destinations`. Both languages; Chinese first. */

type Words = readonly [zh: string, en: string];

const WAY: Readonly<Record<string, Words>> = {
  kind: ['种类', 'its kind'],
  name: ['名称，不能重复；换名称就是新的去向', 'its name, no two alike; another name is another destination'],
  timeout: ['一次请求最长等待时间', 'longest time for one request'],
  ca: ['私有服务器的 CA 证书文件（PEM）', 'PEM file of the authority of a private server'],
  proxy: ['HTTP 代理地址', 'address of an HTTP proxy'],
  bandwidth: [
    '每秒最多发出多少，不跟上报平台抢线路：64KB/s 的线路写 16KB；不写不限',
    'upper bound of what leaves for it per second, so that the platform keeps the line: 16KB on a line of 64 KB/s; none when left out',
  ],
};

const CARRIER: Readonly<Record<string, Words>> = {
  ...WAY,
  takes: ['发哪些内容', 'what is sent to it'],
  'takes.facts': [
    '种类：release 放行，withdrawal 撤回，correction 更正，mark 复核，blind 观测中断，report 本机报告，alarm 告警，heartbeat 心跳',
    'kinds: releases, withdrawals, corrections, marks of people, blind times, reports of the box, alarms, heartbeats',
  ],
  'takes.lanes': ['只发这些车道的；不写则全部', 'of these lanes only; of all when left out'],
  'takes.verdicts': ['只发这些判定的放行；不写则全部', 'releases with these verdicts only; all when left out'],
  'takes.confidence': ['放行的可信度至少是多少', 'releases of at least this confidence'],
};

const { 'takes.facts': _, ...RELEASES } = CARRIER;

const SHEET: Words = [
  '每天几点（北京时间）发前一天的日报，写成 "08:00"；不写则不发',
  'when the sheet of the day before is sent (Beijing), such as "08:00"; not sent when left out',
];

const KINDS: Readonly<Record<string, Readonly<Record<string, Words>>>> = {
  webhook: {
    ...CARRIER,
    url: ['接收地址', 'where it is sent'],
    secret: [
      '签名密钥（Standard Webhooks，whsec_…），写 secrets.yaml 里的名字',
      'the signing secret (Standard Webhooks, whsec_…), by its name in secrets.yaml',
    ],
    'secret.secret': ['secrets.yaml 里的名字', 'its name in secrets.yaml'],
    picture: [
      '图片：none 不发；base64 放在消息里；second-request 另发一个请求',
      'the picture: none, base64 within the message, or a second request of its own',
    ],
    daySheetAt: SHEET,
  },
  chat: {
    ...CARRIER,
    robot: ['wecom 企业微信、dingtalk 钉钉、feishu 飞书', 'WeCom, DingTalk or Feishu'],
    key: [
      '群机器人地址里的密钥（企业微信 key、钉钉 access_token、飞书 hook/ 后面那段），写 secrets.yaml 里的名字',
      "the secret part of the robot's address (key, access_token, or what follows hook/), by its name in secrets.yaml",
    ],
    'key.secret': ['secrets.yaml 里的名字', 'its name in secrets.yaml'],
    secret: [
      '加签密钥（钉钉、飞书开启“加签”或“签名校验”时），写 secrets.yaml 里的名字',
      'the signing secret where the robot asks for a signature (DingTalk, Feishu), by its name in secrets.yaml',
    ],
    'secret.secret': ['secrets.yaml 里的名字', 'its name in secrets.yaml'],
    url: [
      '私有部署的地址前半段；不写就用官方地址',
      'base address of a private installation; the public one when left out',
    ],
    maskPlates: ['车牌中间几位用 * 代替', 'plates with * in their middle'],
    language: ['消息的语言', 'language of its messages'],
    daySheetAt: SHEET,
  },
  platform: {
    ...RELEASES,
    profile: [
      '平台模板：自带的或 profiles/ 里自己写的；见 platform-profiles.md',
      'the platform profile, one of ours or of your own in profiles/; see platform-profiles.md',
    ],
    url: ['平台地址，路径在模板里', 'address of the platform; the path stands in the profile'],
    values: ['模板要填的值，按名称', 'the values that the profile asks for, by name'],
    secrets: ['模板要的密钥，按名称', 'the secrets that the profile asks for, by name'],
    'secrets.secret': ['secrets.yaml 里的名字', 'its name in secrets.yaml'],
    picture: [
      '图片方式，用模板里的名称；不写用模板的第一种',
      'the picture mode by its name in the profile; its first when left out',
    ],
    pictureUrl: [
      '平台可取到照片的地址，{serial} 和 {file} 会被替换',
      'where the platform can fetch the picture, with {serial} or {file} in it',
    ],
    maxPicture: ['照片上限，更大的会压缩', 'a larger picture is re-encoded'],
    mode: [
      'integration 联调：成功但带提示的不算送达；production 生产',
      'integration: a success with a hint is not delivered; production',
    ],
  },
  ping: {
    ...WAY,
    url: [
      '每隔一段时间访问（GET）的地址，例如 healthchecks 给的地址',
      'address to be fetched (GET) at intervals, such as one of healthchecks',
    ],
    every: ['间隔', 'the interval'],
  },
};

export const DESTINATION_KEYS: Readonly<Record<string, Words>> = {
  destinations: [
    '平台之外的去向：webhook、群机器人、其他平台、定时访问；见 destinations.md',
    'destinations beside the platform: webhooks, chat robots, other platforms, pings; see destinations.md',
  ],
  ...Object.fromEntries(
    Object.entries(KINDS).flatMap(([kind, keys]) =>
      Object.entries(keys).map(([key, words]) => [`destinations.${kind}.${key}`, words]),
    ),
  ),
};
