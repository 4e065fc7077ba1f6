/** Texts for an installer while the box searches for devices, learns the wiring and rehearses an upload. Both languages; Chinese first. */
import { roleText } from './lanes/lane-facts.ts';
import type { Text } from './text.ts';

const both = (zh: string, en: string): Text => ({ zh, en });

/** A person's action that makes a role true or false. */
export type LearnAction = 'occupy' | 'leave' | 'open' | 'close' | 'press';
const ACTION: Readonly<Record<LearnAction, (role: Text) => Text>> = {
  occupy: (role) => both(`现在请把车开上「${role.zh}」并停住`, `now drive onto ${role.en} and stop there`),
  leave: (role) => both(`现在请把车驶离「${role.zh}」`, `now drive off ${role.en}`),
  open: () =>
    both(
      '现在请收费员用自己的办法抬杆（本机不会也不能开闸）',
      'now let the attendant open the arm by their own means (this box cannot)',
    ),
  close: () => both('现在请收费员用自己的办法落杆', 'now let the attendant close the arm by their own means'),
  press: (role) =>
    both(`现在请让「${role.zh}」动作一次，保持约一秒`, `now make the ${role.en} act once, for about a second`),
};
const REVERSE: Readonly<Record<LearnAction, LearnAction | undefined>> = {
  occupy: 'leave',
  leave: 'occupy',
  open: 'close',
  close: 'open',
  press: undefined,
};

export const learnText = {
  ask: (action: LearnAction, role: string): Text => ACTION[action](roleText(role)),
  back: (
    action: LearnAction,
    role: string,
    points: readonly { readonly point: string; readonly taken: string | undefined }[],
  ): Text => {
    const named = points.map(({ point, taken }) =>
      taken === undefined
        ? both(point, point)
        : both(`${point}（配置里的「${roleText(taken).zh}」）`, `${point} (the ${roleText(taken).en} so far)`),
    );
    const [seen, seenEn] = [named.map(({ zh }) => zh).join('、'), named.map(({ en }) => en).join(', ')];
    const reverse = REVERSE[action];
    const then = reverse === undefined ? both('现在请松开', 'now release it') : ACTION[reverse](roleText(role));
    return both(`看到 ${seen} 变化。${then.zh}`, `${seenEn} changed. ${then.en}`);
  },
  settling: (points: readonly string[]): Text =>
    both(`看到 ${points.join(' ')} 变化，再看一会儿……`, `${points.join(' ')} changed, watching a little longer …`),
  again: (points: readonly string[], action: LearnAction, role: string): Text => {
    const ask = ACTION[action](roleText(role));
    return both(
      `${points.join('、')} 同时变化，分不清是哪一个。请慢一点再做一次：${ask.zh}`,
      `${points.join(', ')} changed together, which is ambiguous. Once more, slowly: ${ask.en}`,
    );
  },
  wrongOne: (point: string, taken: string, action: LearnAction, role: string): Text => {
    const ask = ACTION[action](roleText(role));
    const has = roleText(taken);
    return both(
      `变化的是 ${point}，配置里它是「${has.zh}」。请再做一次；若还是它，就以它为准：${ask.zh}`,
      `${point} changed, which is the ${has.en} in the configuration. Once more; if it is the same again, it is used: ${ask.en}`,
    );
  },
  onlyArm: (point: string, taken: string, action: LearnAction, role: string): Text => {
    const ask = ACTION[action](roleText(role));
    const has = roleText(taken);
    const name = roleText(role);
    return both(
      `动的只有 ${point}（配置里的「${has.zh}」），没有看到「${name.zh}」的输入变化。按的若是它，检查它的接线；${ask.zh}`,
      `only ${point} moved, the ${has.en} in the configuration; no input of the ${name.en} did. If that was what acted, check its wire; ${ask.en}`,
    );
  },
  unclear: (point: string, action: LearnAction, role: string): Text => {
    const ask = ACTION[action](roleText(role));
    return both(
      `${point} 的动作和恢复分不清。先松开，等五秒，再做一次：${ask.zh}`,
      `which level of ${point} is rest is not clear. Release it, wait five seconds, then once more: ${ask.en}`,
    );
  },
  noPoints: both(
    '没有任何设备在给出读数：请先接好并配置设备，看“实时信号”里有没有值',
    'no device gives any reading: connect and configure one first, and look at the live signals',
  ),
  nothingMoved: (count: number): Text =>
    both(
      `等了很久，${count} 个点都没有变化：检查接线、公共端和电源，再看这个信号是否接在别的设备上`,
      `none of ${count} points changed: check the wire, its common and its supply, and whether it goes to another device`,
    ),
  noReturn: (point: string): Text =>
    both(
      `${point} 变化后没有恢复：地感可能卡住，或信号是自锁的；排除后再学一次`,
      `${point} changed and did not change back: a stuck loop, or a latching signal; repair it and learn again`,
    ),
  noLane: both('没有这个车道', 'there is no such lane'),
  badRole: both('不是一个信号角色', 'not a role'),
  badAction: both('不是一个动作', 'not an action'),
} as const;

export const scanText = {
  confirm: both(
    '请先确认：这条总线上没有别的主站（管理系统、控制器）在轮询',
    'confirm first that no other master (management system, controller) polls this bus',
  ),
  badPort: both(
    '写 /dev/… 的串口，或 tcp://主机:端口、modbus-tcp://主机:端口',
    'write a port under /dev/, or tcp://host:port, modbus-tcp://host:port',
  ),
  badRates: both('波特率 1 到 8 个，每个 1200–256000', '1 to 8 baud rates, each 1200 to 256000'),
  badParities: both('校验位只能是 none、even、odd', 'parities are none, even, odd'),
  badUnits: both('站号范围 1–247', 'unit numbers from 1 to 247'),
  listenOnly: (line: string): Text =>
    both(
      `线路 ${line} 在配置里是只听（listenOnly）：那里另有主站，本机不会在上面发问。确实没有主站时，先从配置里去掉 listenOnly`,
      `line ${line} is listenOnly in the configuration: another master owns it, so it is not polled. If that master is gone, remove listenOnly first`,
    ),
  inUse: (line: string): Text =>
    both(
      `线路 ${line} 正在使用。扫描期间它的车道看不到信号；若可以，请勾选“暂停这条线路”`,
      `line ${line} is in use. During the search its lanes see no signals; if acceptable, choose to pause the line`,
    ),
  /** `code`: of the LinkError. */
  unreached: (port: string, code: string): Text => {
    const what =
      code === 'refused'
        ? both('那台设备在，但没有开这个端口', 'the device is there, and this port is not open')
        : code === 'notFound'
          ? both('没有这个地址', 'there is no such address')
          : code === 'closed' || code === 'gone'
            ? both('接上后马上被对方断开', 'it was closed at once by the other side')
            : both('没有应答', 'there is no answer');
    return both(
      `连不上 ${port}：${what.zh}。检查地址和端口有没有写错；串口服务器要设成 TCP Server（服务器）方式，只许一个连接的要先断开别的；看网线灯亮不亮`,
      `${port} was not reached: ${what.en}. Check address and port; a serial server must be a TCP server, and one that takes a single connection must have no other; look at the lamp of its network cable`,
    );
  },
  lent: both('这条线路正被另一次扫描占用', 'another search is using this line'),
  listening: (seconds: number): Text =>
    both(`先听 ${seconds} 秒，看线上有没有别的主站`, `listening for ${seconds} s for another master`),
  heard: (bytes: number): Text =>
    both(
      `没有发问就听到了 ${bytes} 个字节：线上有别的主站，已停止，没有发送任何数据。请用只听方式（listenOnly），或断开那个主站后再扫描`,
      `received ${bytes} bytes without a request: another master is on the wire. Stopped, nothing was sent. Use listenOnly, or disconnect that master and search again`,
    ),
  asking: (form: string, unit: number, last: number, found: number): Text =>
    both(
      `${form}：问站号 ${unit}/${last}，已找到 ${found} 个`,
      `${form}: polling unit ${unit} of ${last}, ${found} found`,
    ),
  answers: (functions: readonly number[]): Text => {
    const names = functions.map((code) => `FC${code}`).join(' ');
    return functions.length === 0
      ? both('有应答，但不支持 FC1–FC4 的地址 0', 'answers, but does not support address 0 of FC1 to FC4')
      : both(`应答 ${names}`, `answers ${names}`);
  },
} as const;

export const snapshotText = {
  noCamera: both('没有这台摄像机', 'there is no such camera'),
  taking: (camera: string): Text => both(`向摄像机 ${camera} 要一张照片`, `requesting a picture from camera ${camera}`),
} as const;

export const rehearseText = {
  /** On the wire, so Chinese only. */
  reason: '联调测试记录，请忽略',
  methodDesc: '联调测试',
  confirm: both(
    '这会向平台发送一条标明“联调测试”的记录：请先确认',
    'this sends one record marked as a test to the platform: confirm first',
  ),
  confirmProduction: both(
    '配置是正式模式（production）：测试记录会进入正式数据。请再确认一次',
    'the configuration is in production mode: the test record goes into real data. Confirm this too',
  ),
  picture: both('先抓一张照片', 'taking a picture first'),
  sending: (url: string): Text => both(`发送到 ${url}`, `sending to ${url}`),
  next: {
    /** `where`: the name of the destination; undefined: the platform of `cloud`. */
    accepted: (where: string | undefined) =>
      both(
        `平台已收下。请平台人员确认看到了这条“联调测试”记录和照片；确认后${where === undefined ? '点下面的“改为正式模式”' : `在配置里把去向 ${where} 的 mode 改为 production`}`,
        `the platform accepted it. Have its staff confirm this test record and its picture; then ${where === undefined ? 'tap “Switch to production” below' : `set mode of the destination ${where} to production`}`,
      ),
    acceptedProduction: both(
      '平台已收下。请通知平台人员：流水号对应的是测试记录，可以忽略或删除',
      'the platform accepted it. Notify its staff that this seqno is a test record to be ignored or deleted',
    ),
    secret: both(
      '签名原文一致但签名不符：密钥错误。在下面重新输入平台给的 app_secret（注意首尾空格），再发一次',
      'the texts agree and the signature does not: the secret is wrong. Enter the platform’s app_secret again below (mind spaces), and send once more',
    ),
    text: both(
      '签名原文不同，见上面的逐项比较；把它连同这条记录发给平台技术人员',
      'the signed texts differ, see the comparison above; send it to the platform’s engineers with this record',
    ),
    signature: both(
      '平台说签名不对，但没有给出它签名的原文：先核对 app_secret、park.uuid 和 appId，再向平台要它的签名原文',
      'the platform refuses the signature without the text it signed: check app_secret, park.uuid and appId, then ask for that text',
    ),
    blocked: both(
      '平台拒绝访问：请平台确认这个车场（park.uuid）已开通异常放行接口',
      'the platform denies access: ask whether this park (park.uuid) is enabled for the interface',
    ),
    rejected: both(
      '平台说参数有误：看上面的提示，多半是 park.uuid 不对',
      'a parameter is wrong: see the hint; most often park.uuid',
    ),
    retry: both(
      '没有送达：先把网络、DNS、时间和证书弄好（见“诊断”），再试一次',
      'it did not arrive: repair network, DNS, clock and certificate (see diagnostics), then try again',
    ),
  },
} as const;

export const portText = {
  heldBy: (program: string, pid: number): string => `${program} (pid ${pid})`,
} as const;
