/** Texts of `lanewarden status`. Chinese first. */
import type { Text } from '../text.ts';

const both = (zh: string, en: string): Text => ({ zh, en });

export const statusText = {
  summary: both('一切正常吗？不正常的排在最前', 'is all well? What is not comes first'),
  config: both('配置文件，用来找到数据目录', 'the configuration, to find the state folder'),
  store: both('数据目录，代替配置文件', 'the state folder, instead of a configuration'),
  json: both('以 JSON 输出', 'print JSON'),
  extra: (word: string): Text => both(`多余的参数：${word}`, `unexpected argument: ${word}`),
  noFolder: (folder: string): Text =>
    both(`没有数据目录 ${folder}：程序没有运行过`, `there is no state folder ${folder}: the program has never run`),
  notSetUp: both(
    '如果本机还没有设置：sudo lanewarden label 显示网页地址和设置码；在网页第一屏设密码，或从备份恢复',
    'if this box was not set up yet: sudo lanewarden label shows its page and set-up code; on the first screen set a password, or restore a backup',
  ),
  denied: (folder: string): Text =>
    both(
      `没有权限查询 ${folder}：用运行程序的用户或 root 执行`,
      `not allowed to ask in ${folder}: be the user the program runs as, or root`,
    ),
  silent: (pid: number, why: string): Text =>
    both(
      `进程 ${pid} 在运行，但查询不到（${why}）：可能是旧版本，或正在启动`,
      `process ${pid} runs but does not answer (${why}): an earlier version, or it is starting`,
    ),
  cannot: (why: string): Text => both(`查询不到：${why}`, `cannot ask: ${why}`),

  allWell: both('一切正常', 'All is well'),
  notRunning: both('程序没有运行，车道没有监视', 'The program is not running: no lane is watched'),
  noText: both('更新失败', 'the update failed'),
  certificateEnds: (leftMs: number): Text => {
    const days = Math.floor(leftMs / 86_400_000);
    return leftMs < 0
      ? both('网页证书已过期', 'The certificate of the page has run out')
      : both(`网页证书 ${days} 天后到期`, `The certificate of the page runs out in ${days} days`);
  },
  verifiedLongAgo: (forMs: number): Text => {
    const days = Math.floor(forMs / 86_400_000);
    return both(
      `证据链 ${days} 天没有整个核对过：lanewarden verify`,
      `The whole chain of evidence was not verified for ${days} days: lanewarden verify`,
    );
  },
  chainFaults: (faults: number, withPictures: boolean): Text => {
    const command = `lanewarden verify${withPictures ? ' --frames' : ''}`;
    return both(
      `上次核对证据链有 ${faults} 处不符：${command}`,
      `The chain of evidence had ${faults === 1 ? 'one fault' : `${faults} faults`} when last verified: ${command}`,
    );
  },

  row: {
    program: both('程序', 'Program'),
    lane: both('车道', 'Lane'),
    devices: both('设备', 'Devices'),
    channels: both('缴费接入', 'Payments'),
    queue: both('上传队列', 'Queue'),
    today: both('今天', 'Today'),
    disk: both('存储', 'Storage'),
    clock: both('时钟', 'Clock'),
    certificate: both('证书', 'Certificate'),
    update: both('更新', 'Update'),
    evidence: both('证据链', 'Evidence'),
  },
  running: (version: string, since: string, duration: Text, pid: number): Text =>
    both(
      `${version}，已运行 ${duration.zh}（自 ${since}，进程 ${pid}）`,
      `${version}, up for ${duration.en} (since ${since}, process ${pid})`,
    ),
  stopped: both('没有运行', 'not running'),
  configState: {
    new: both('还没有配置，在网页上用向导设置', 'no configuration yet: the wizard of the page makes one'),
    good: both('配置正常', 'configuration good'),
    broken: both('配置有错，用上一次可用的', 'configuration broken, the last good one is in force'),
    reverted: both('新配置没有生效', 'the new configuration was reverted'),
    trial: both('新配置试用中', 'a new configuration is on trial'),
  },
  passages: (count: number): Text => both(`记到通过 ${count} 辆`, `${count} passages`),
  blind: (times: number, duration: Text, lasts: boolean, what: Text): Text =>
    both(
      `24 小时内有 ${times} 次看不到，共 ${duration.zh}（${lasts ? '仍在持续' : '最近'}：${what.zh}）`,
      `not seen ${times} ${times === 1 ? 'time' : 'times'} in 24 h, ${duration.en} in all (${lasts ? 'still' : 'last'}: ${what.en})`,
    ),
  seen: both('24 小时内一直看得到', 'seen all of the last 24 h'),
  maintenance: both('维护中', 'in maintenance'),
  notReporting: both('“没有缴费”暂不上报', '“nobody paid” is not reported yet'),
  devices: (online: number, all: number): Text => both(`${online}/${all} 在线`, `${online} of ${all} online`),
  deviceDown: (id: string, duration: Text): Text =>
    both(`${id} 离线 ${duration.zh}`, `${id} offline for ${duration.en}`),
  deviceQuiet: (id: string): Text => both(`${id} 还没有数据`, `${id}: no data yet`),
  noDevices: both('没有配置设备', 'none configured'),
  noChannels: both('没有接入，收不到缴费消息', 'none: payments cannot be received'),
  channelUp: (id: string): Text => both(`${id} 连通`, `${id} up`),
  channelDown: (id: string, duration: Text): Text => both(`${id} 断开 ${duration.zh}`, `${id} down for ${duration.en}`),
  heard: (duration: Text): Text => both(`${duration.zh}前有消息`, `heard ${duration.en} ago`),
  neverHeard: both('还没有消息', 'nothing heard yet'),
  waiting: (count: number): Text => both(`待上传 ${count}`, `${count} waiting`),
  oldest: (duration: Text): Text => both(`最早一条 ${duration.zh}前`, `oldest from ${duration.en} ago`),
  held: (count: number): Text => both(`联调待确认 ${count}`, `${count} held`),
  parked: (count: number): Text => both(`被拒收 ${count}`, `${count} refused`),
  review: (count: number): Text => both(`待复核 ${count}`, `${count} for review`),
  kept: (count: number): Text => both(`暂存未上报 ${count}`, `${count} kept back`),
  lastDelivered: (time: string, duration: Text): Text =>
    both(`最近送达 ${time}（${duration.zh}前）`, `last delivered ${time} (${duration.en} ago)`),
  noneDelivered: both('还没有送达过', 'none delivered yet'),
  free: (free: string): Text => both(`剩余 ${free}`, `${free} free`),
  frames: (used: string, most: string): Text => both(`图片 ${used} / ${most}`, `pictures ${used} of ${most}`),
  fits: (days: number): Text => both(`放得下 ${days} 天`, `room for ${days} days`),
  validUntil: (day: string): Text => both(`有效期到 ${day}`, `valid until ${day}`),
  noCertificate: both('没有（网页不加密，或还没有打开过）', 'none (plain HTTP, or the page has never opened)'),
  update: {
    asked: both('已请求', 'requested'),
    installing: both('正在安装', 'being installed'),
    proving: both('试运行中', 'on trial'),
    done: both('已完成', 'done'),
    failed: both('失败', 'failed'),
  },
  signed: (last: number, time: string, outside: boolean): Text =>
    both(
      `签到第 ${last} 行（${time}${outside ? '，链头已送出' : ''}）`,
      `signed up to row ${last} (${time}${outside ? ', the head is outside' : ''})`,
    ),
  notSigned: both('还没有签名', 'nothing signed yet'),
  verified: (time: string, rows: number, faults: number): Text =>
    faults === 0
      ? both(`上次核对 ${time}：${rows} 行全部相符`, `last verified ${time}: all ${rows} rows fit`)
      : both(`上次核对 ${time}：${faults} 处不符`, `last verified ${time}: ${faults} do not fit`),
  notVerified: both('还没有核对过', 'never verified'),
};
