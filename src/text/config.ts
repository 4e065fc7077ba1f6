/** Texts about a configuration: faults and their hints. Both languages; Chinese first. */

import { SYNTAX, TYPE_NAMES } from './config.made.ts';
import type { Text } from './text.ts';

/** A fault and what to do about it. */
export interface FaultText {
  readonly message: Text;
  readonly hint: Text;
}
const typeName = (name: string): Text => TYPE_NAMES[name] ?? { zh: name, en: name };

const list = (names: readonly string[], zh: string, en: string): Text =>
  names.length === 0
    ? { zh: `${zh}：没有`, en: `${en}: none` }
    : { zh: `${zh}：${names.join('、')}`, en: `${en}: ${names.join(', ')}` };

const didYouMean = (near: string | undefined, otherwise: Text): Text =>
  near === undefined
    ? otherwise
    : { zh: `是不是想写 ${near}？${otherwise.zh}`, en: `did you mean ${near}? ${otherwise.en}` };

/** Chinese texts of the kinds' own checks, which are in English. */
const KIND_MESSAGES: Readonly<Record<string, string>> = {
  'user and password belong together': 'user 和 password 要么都写，要么都不写',
  'Invalid input': '值不对',
};

export const configFaultText = {
  syntax: (code: string): FaultText => ({
    message: {
      zh: `不是有效的 YAML：${(SYNTAX[code] ?? SYNTAX.IMPOSSIBLE)?.zh}`,
      en: `not valid YAML: ${(SYNTAX[code] ?? SYNTAX.IMPOSSIBLE)?.en}`,
    },
    hint: {
      zh: '检查这一行和上一行的缩进（只用空格）、冒号后的空格、成对的引号和括号',
      en: 'look at this line and the one above: indentation by spaces, a space after each colon, quotes and brackets in pairs',
    },
  }),
  emptyFile: (): FaultText => ({
    message: { zh: '文件是空的', en: 'the file is empty' },
    hint: { zh: '从示例配置 lanewarden.example.yaml 开始', en: 'start from the example lanewarden.example.yaml' },
  }),
  unknownKey: (key: string, near: string | undefined, known: readonly string[]): FaultText => ({
    message: { zh: `没有“${key}”这个键`, en: `there is no key "${key}"` },
    hint: didYouMean(near, list(known, '这里可以写的键', 'the keys that may stand here')),
  }),
  missing: (key: string): FaultText => ({
    message: { zh: `缺少“${key}”`, en: `"${key}" is missing` },
    hint: { zh: `补上 ${key}`, en: `add ${key}` },
  }),
  type: (key: string, expected: string, got: string): FaultText => ({
    message: {
      zh: `“${key}”应当是${typeName(expected).zh}，写的却是${typeName(got).zh}`,
      en: `"${key}" must be ${typeName(expected).en}, not ${typeName(got).en}`,
    },
    hint:
      expected === 'string'
        ? { zh: '如果是文字，请加引号', en: 'put it in quotes if it is meant as text' }
        : { zh: `请改成${typeName(expected).zh}`, en: `write ${typeName(expected).en}` },
  }),
  choice: (key: string, value: string, choices: readonly string[], near: string | undefined): FaultText => ({
    message: { zh: `“${key}”不能是“${value}”`, en: `"${key}" cannot be "${value}"` },
    hint: didYouMean(near, list(choices, '可选', 'one of')),
  }),
  tooFew: (key: string, least: number): FaultText => ({
    message: { zh: `“${key}”至少要有 ${least} 项`, en: `"${key}" needs at least ${least}` },
    hint: { zh: '补上一项，或删掉整个键', en: 'add one, or remove the key' },
  }),
  atLeast: (key: string, least: number): FaultText => ({
    message: { zh: `“${key}”不能小于 ${least}`, en: `"${key}" cannot be less than ${least}` },
    hint: { zh: `写 ${least} 或更大的数`, en: `write ${least} or more` },
  }),
  atMost: (key: string, most: number): FaultText => ({
    message: { zh: `“${key}”不能大于 ${most}`, en: `"${key}" cannot be more than ${most}` },
    hint: { zh: `写 ${most} 或更小的数`, en: `write ${most} or less` },
  }),
  empty: (key: string): FaultText => ({
    message: { zh: `“${key}”不能为空`, en: `"${key}" cannot be empty` },
    hint: { zh: '填上内容，或删掉这个键', en: 'write something, or remove the key' },
  }),
  tooLong: (key: string, most: number): FaultText => ({
    message: { zh: `“${key}”最多 ${most} 个字`, en: `"${key}" is longer than ${most} characters` },
    hint: { zh: '缩短一些', en: 'make it shorter' },
  }),
  format: (key: string): FaultText => ({
    message: { zh: `“${key}”的写法不对`, en: `"${key}" is not written as it must be` },
    hint: { zh: '写法见配置文档', en: 'see the documentation of the configuration' },
  }),
  /** A driver's own message, in its own language. */
  kind: (message: string): FaultText => ({
    message: { zh: KIND_MESSAGES[message] ?? message, en: message },
    hint: { zh: '按这种设备的说明修改', en: 'change it as the description of this kind says' },
  }),
  unitHint: (): Text => ({ zh: '数字和单位之间不要有别的字符', en: 'nothing but the number and its unit' }),
  range: (least: string, most: string): FaultText => ({
    message: { zh: `应当在 ${least} 和 ${most} 之间`, en: `must be between ${least} and ${most}` },
    hint: {
      zh: '改成范围内的值，或删掉这个键用默认值',
      en: 'write a value in that range, or remove the key for the default',
    },
  }),
  badId: (value: string): FaultText => ({
    message: { zh: `编号“${value}”不能用`, en: `"${value}" cannot be an id` },
    hint: { zh: '用字母、汉字、数字、- 和 _，最多 40 个', en: 'letters, digits, - and _, at most 40' },
  }),
  badLine: (): FaultText => ({
    message: {
      zh: '这里要写一行文字，不能为空，最多 100 个字',
      en: 'this must be one line of text, not empty, at most 100 characters',
    },
    hint: { zh: '写一行文字', en: 'write one line' },
  }),
  badUrl: (): FaultText => ({
    message: { zh: '不是可用的网址', en: 'this is not a usable address' },
    hint: {
      zh: '写成 https://主机 或 http://主机:端口，不带用户名、密码和问号后的参数',
      en: 'write https://host or http://host:port, without user, password, or anything after a question mark',
    },
  }),
  badUuid: (): FaultText => ({
    message: { zh: '不是平台给的车场编号', en: 'this is not a park number of the platform' },
    hint: {
      zh: '从平台后台复制 park_uuid，样子是 8-4-4-4-12 位的十六进制',
      en: 'copy park_uuid from the platform; it has 8-4-4-4-12 hexadecimal digits',
    },
  }),
  badListen: (): FaultText => ({
    message: { zh: '不是监听地址', en: 'this is not an address to listen on' },
    hint: { zh: '写成 0.0.0.0:8081、127.0.0.1:8081 或 :8081', en: 'write 0.0.0.0:8081, 127.0.0.1:8081 or :8081' },
  }),
  badHost: (value: string): FaultText => ({
    message: { zh: `“${value}”不是主机名`, en: `"${value}" is not a host name` },
    hint: { zh: '只写名字或地址，不写 http:// 和端口', en: 'write the name or address only, without http:// and port' },
  }),
  badPort: (): FaultText => ({
    message: {
      zh: '不是串口路径，也不是串口服务器地址',
      en: 'neither the path of a serial port nor the address of a serial server',
    },
    hint: {
      zh: '写成 /dev/serial/by-id/…、tcp://主机:端口 或 modbus-tcp://主机:502',
      en: 'write /dev/serial/by-id/…, tcp://host:port or modbus-tcp://host:502',
    },
  }),
  badPoint: (): FaultText => ({
    message: { zh: '不是“设备.点位”', en: 'this is not device.point' },
    hint: {
      zh: '写成 io1.di3：设备编号、点、点位名',
      en: 'write io1.di3: the id of the device, a dot, the name of the point',
    },
  }),
  duplicate: (id: string, firstLine: number): FaultText => ({
    message: { zh: `编号“${id}”已经用过了`, en: `the id "${id}" is already taken` },
    hint: { zh: `第 ${firstLine} 行先用了它，换一个编号`, en: `line ${firstLine} has it; choose another` },
  }),
  duplicatePort: (port: string, firstLine: number): FaultText => ({
    message: { zh: `端口 ${port} 已经有一条线路在用`, en: `the port ${port} already belongs to a line` },
    hint: {
      zh: `同一对线上的设备都写在一条线路下（第 ${firstLine} 行）`,
      en: `put all devices on that wire under one line (line ${firstLine})`,
    },
  }),
  duplicateUnit: (unit: number, firstLine: number): FaultText => ({
    message: { zh: `站号 ${unit} 在这条线上已经用过了`, en: `unit ${unit} is already on this wire` },
    hint: {
      zh: `第 ${firstLine} 行的设备是这个站号；两块板同站号会互相干扰，请改拨码或 unit`,
      en: `the device of line ${firstLine} has it; two boards of one address disturb each other: change its switch and unit`,
    },
  }),
  asksOnListenOnly: (kind: string): FaultText => ({
    message: {
      zh: `“${kind}”要主动查询，而这条线路只听不发（listenOnly）`,
      en: `"${kind}" polls its device, and this wire is listen-only (listenOnly)`,
    },
    hint: {
      zh: '确认线上没有别的主站后去掉 listenOnly，或把设备接到单独的线上',
      en: 'remove listenOnly once no other master is on the wire, or put the device on a wire of its own',
    },
  }),
  unknownKind: (kind: string, kinds: readonly string[], near: string | undefined): FaultText => ({
    message: { zh: `这个版本没有“${kind}”这种设备`, en: `this version has no kind "${kind}"` },
    hint: didYouMean(near, list(kinds, '可选', 'there are')),
  }),
  unknownProfile: (profile: string, profiles: readonly string[]): FaultText => ({
    message: { zh: `没有名为“${profile}”的型号`, en: `there is no profile "${profile}"` },
    hint: list(profiles, '最接近的在前', 'the nearest first'),
  }),
  noProfile: (profiles: readonly string[]): FaultText => ({
    message: { zh: '缺少“profile”（型号）', en: '"profile" is missing' },
    hint: list(profiles, '可选', 'there are'),
  }),
  unknownDevice: (device: string, devices: readonly string[], near: string | undefined): FaultText => ({
    message: { zh: `没有编号为“${device}”的设备`, en: `there is no device "${device}"` },
    hint: didYouMean(near, list(devices, '已有的设备', 'the devices')),
  }),
  unknownPoint: (device: string, point: string, points: readonly string[], near: string | undefined): FaultText => ({
    message: { zh: `设备 ${device} 没有点位“${point}”`, en: `device ${device} has no point "${point}"` },
    hint: didYouMean(near, list(points, '它的点位', 'its points')),
  }),
  pointTaken: (reference: string, lane: string, role: string): FaultText => ({
    message: {
      zh: `点位 ${reference} 已经接在车道 ${lane} 的 ${role} 上`,
      en: `point ${reference} is already ${role} of lane ${lane}`,
    },
    hint: { zh: '一个点位只能有一个用途，按接线图核对', en: 'a point has one meaning; compare with the wiring' },
  }),
  unknownCamera: (camera: string, cameras: readonly string[], near: string | undefined): FaultText => ({
    message: { zh: `没有编号为“${camera}”的摄像机`, en: `there is no camera "${camera}"` },
    hint: didYouMean(near, list(cameras, '已有的摄像机', 'the cameras')),
  }),
  unknownLane: (lane: string, lanes: readonly string[], near: string | undefined): FaultText => ({
    message: { zh: `没有编号为“${lane}”的车道`, en: `there is no lane "${lane}"` },
    hint: didYouMean(near, list(lanes, '可选', 'there are')),
  }),
  noDevices: (): FaultText => ({
    message: { zh: '没有任何设备：缺少 lines 或 gpio', en: 'there is no device: neither "lines" nor "gpio"' },
    hint: {
      zh: '补上 lines（线上的设备）或 gpio（本机触点）',
      en: 'add lines (devices on a wire) or gpio (contacts of this machine)',
    },
  }),
  noBarrier: (lane: string): FaultText => ({
    message: {
      zh: `车道 ${lane} 没有接道闸到位信号，看不到抬杆`,
      en: `lane ${lane} has no barrier signal: it cannot see an opening`,
    },
    hint: {
      zh: '在 points 里至少接 down（下限位）或 up（上限位）',
      en: 'wire down (arm fully down) or up (arm fully up) under points',
    },
  }),
  noSecret: (name: string, file: string, exists: boolean): FaultText => ({
    message: {
      zh: exists ? `密钥文件 ${file} 里没有“${name}”` : `没有密钥文件 ${file}，找不到“${name}”`,
      en: exists ? `${file} has no "${name}"` : `there is no ${file}, so no "${name}"`,
    },
    hint: {
      zh: `在 ${file} 里写一行  ${name}: "密钥"  ，然后 chmod 600 ${file}`,
      en: `write a line  ${name}: "the secret"  into ${file}, then chmod 600 ${file}`,
    },
  }),
  badSecretName: (): FaultText => ({
    message: {
      zh: '这里应当是密钥的名字，带一个点，例如 cloud.appSecret',
      en: 'this must be the name of a secret, with a dot: cloud.appSecret',
    },
    hint: {
      zh: '如果写的就是密钥本身，把它移到 secrets.yaml，这里只写名字',
      en: 'if this is the secret itself, move it to secrets.yaml and write its name here',
    },
  }),
  inlineSecret: (key: string): FaultText => ({
    message: { zh: `“${key}”不能直接写在这个文件里`, en: `"${key}" must not stand in this file` },
    hint: {
      zh: `把它写进旁边的 secrets.yaml，这里写 ${key}: { secret: 名字 }`,
      en: `put it into secrets.yaml beside this file, and write ${key}: { secret: name } here`,
    },
  }),
  secretsMode: (file: string, mode: number): FaultText => ({
    message: {
      zh: `密钥文件 ${file} 的权限是 ${mode.toString(8)}，别人也能读`,
      en: `others may read ${file}: its mode is ${mode.toString(8)}`,
    },
    hint: { zh: `执行 chmod 600 ${file}`, en: `run chmod 600 ${file}` },
  }),
  secretsUnreadable: (file: string): FaultText => ({
    message: { zh: `密钥文件 ${file} 读不了`, en: `${file} cannot be read` },
    hint: { zh: '文件属主要和运行本程序的用户一致', en: 'it must belong to the user that runs this program' },
  }),
  secretsShape: (): FaultText => ({
    message: { zh: '密钥文件要写成“名字: 值”，每行一个', en: 'this must be lines of "name: value"' },
    hint: { zh: '例如  cloud.appSecret: "密钥"', en: 'for example  cloud.appSecret: "the secret"' },
  }),
  secretsValue: (name: string): FaultText => ({
    message: { zh: `“${name}”的值不是文字`, en: `the value of "${name}" is not text` },
    hint: {
      zh: '写在一行里并加引号；名字里的点原样写，不要分层',
      en: 'write it in one line, in quotes; a dot belongs to the name, do not nest',
    },
  }),
  secretsPlaceholder: (name: string): FaultText => ({
    message: { zh: `“${name}”的值还是示例里的省略号`, en: `the value of "${name}" is still the dots of the example` },
    hint: { zh: '换成真的值', en: 'put the real value there' },
  }),
  weakToken: (name: string): FaultText => ({
    message: { zh: `令牌“${name}”太短，至少 16 个字符`, en: `token "${name}" is shorter than 16 characters` },
    hint: { zh: '用 openssl rand -hex 24 生成一个', en: 'make one with openssl rand -hex 24' },
  }),
  sameToken: (name: string, other: string): FaultText => ({
    message: {
      zh: `令牌“${name}”和“${other}”的值相同，分不清是谁`,
      en: `tokens "${name}" and "${other}" have the same value`,
    },
    hint: { zh: '给每个系统单独的令牌', en: 'give each system a token of its own' },
  }),
};

export const fileText = {
  noInput: (file: string): Text => ({
    zh: `找不到配置文件 ${file}；用 --config 或环境变量 LANEWARDEN_CONFIG 指明它在哪里`,
    en: `there is no configuration file ${file}; say where it is with --config or LANEWARDEN_CONFIG`,
  }),
  unreadable: (file: string, why: string): Text => ({
    zh: `配置文件 ${file} 读不了（${why}）`,
    en: `the configuration file ${file} cannot be read (${why})`,
  }),
  invalid: (file: string, count: number): Text => ({
    zh: `${file} 有 ${count} 处错误`,
    en: `${file} has ${count} ${count === 1 ? 'fault' : 'faults'}`,
  }),
};
