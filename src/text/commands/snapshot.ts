/** What `lanewarden snapshot` says. Both languages; Chinese first. */
import type { Text } from '../text.ts';

const both = (zh: string, en: string): Text => ({ zh, en });

/** A picture of an address that has no known form. */
export const trialText = {
  needsPerson: both(
    '这个地址要由人在终端里试一次，并写 --out 文件.jpg，以便看图片',
    'a person must try this address once, in a terminal, with --out FILE.jpg to look at the picture',
  ),
  notInMaintenance: (lanes: readonly string[]): Text =>
    both(
      `没有发送任何请求：车道 ${lanes.join('、')} 不在维护中。先在本机页面的车道上按“维护”，再试一次`,
      `nothing was sent: lane ${lanes.join(', ')} is not in maintenance. Press Maintenance at the lane on the page of this box, then try again`,
    ),
  armClear: both(
    '请先确认：这个请求可能会让什么东西动起来，闸杆下没有人和车',
    'confirm first: this request may move something, and the arm is clear',
  ),
  whichAddress: both('要写试的是哪个地址', 'say which address is to be tried'),
  isArmClear: (camera: string, sent: string): Text =>
    both(
      `摄像机 ${camera} 的地址不是已知的图片地址：\n  ${sent}\n这个请求可能会让什么东西动起来。车道在维护中、闸杆下没有人和车吗？输入 yes 发送一次：`,
      `The address of camera ${camera} is none of the known picture addresses:\n  ${sent}\nThis request may move something. Is the lane in maintenance and the arm clear? Type yes to send it once: `,
    ),
  nothingSent: both('没有发送任何请求', 'nothing was sent'),
  written: (file: string): Text => both(`得到一张图片，已写到 ${file}`, `a picture came, written to ${file}`),
  isThePicture: (file: string): Text =>
    both(
      `看一下 ${file}：什么都没有动，而且是这条车道的图片吗？输入 yes 记入配置，以后自动取图：`,
      `Look at ${file}: did nothing move, and is it the picture of this lane? Type yes to confirm it in the configuration: `,
    ),
  notConfirmed: both('没有确认：不会再取', 'not confirmed: it is not asked for again'),
  confirmed: (file: string): Text =>
    both(
      `已记入 ${file}；重启服务后生效：systemctl restart lanewarden`,
      `confirmed in ${file}; restart the service to use it: systemctl restart lanewarden`,
    ),
  toBeWritten: ({ sha256, by, at }: { readonly sha256: string; readonly by: string; readonly at: string }): Text =>
    both(
      `要取这个地址，在配置的摄像机下写：confirmed: { sha256: "${sha256}", by: "${by}", at: "${at}" }`,
      `to use this address, write at the camera in the configuration: confirmed: { sha256: "${sha256}", by: "${by}", at: "${at}" }`,
    ),
} as const;

export const takeText = {
  summary: both(
    '让一台摄像机拍一张，说明大小和用时，或为什么不行',
    'take one picture of a camera: its size and time, or what is wrong',
  ),
  positionals: '[CAMERA]',
  kind: (names: readonly string[]): Text =>
    both(
      `不用配置文件：摄像机种类 ${names.join('、')}`,
      `without a configuration: the kind of camera, ${names.join(', ')}`,
    ),
  host: both(
    '不用配置文件：地址，例如 192.0.2.64；custom 和 onvif-uri 写图片的完整网址',
    'without a configuration: its address, for example 192.0.2.64; for custom and onvif-uri the whole URL of the picture',
  ),
  user: both(
    '用户名；密码取自 LANEWARDEN_CAMERA_PASSWORD，或现场输入，不写在命令行上',
    'user; the password is LANEWARDEN_CAMERA_PASSWORD or asked for, never on the command line',
  ),
  channel: both('通道，从 1 数起', 'channel, counted from 1'),
  basic: both('允许 Basic 登录（密码不加密）', 'allow a Basic login, which sends the password in clear'),
  out: both('把图片写到这个文件（.jpg）', 'write the picture to this file (.jpg)'),
  askPassword: (user: string, host: string): Text =>
    both(`${host} 的用户 ${user} 的密码：`, `Password of ${user} at ${host}: `),
  noPassword: both(
    '没有密码：用环境变量 LANEWARDEN_CAMERA_PASSWORD 给出，或在终端里运行',
    'no password: set LANEWARDEN_CAMERA_PASSWORD, or run it in a terminal',
  ),
  withoutConfig: both(
    '还没有配置文件时，写 --kind 和 --host',
    'where there is no configuration yet, give --kind and --host',
  ),
  which: (ids: readonly string[]): Text =>
    ids.length === 0
      ? both(
          '配置里没有摄像机；不用配置文件时写 --kind 和 --host',
          'the configuration has no camera; without it, give --kind and --host',
        )
      : both(`要写哪一台摄像机：${ids.join('、')}`, `name one of the cameras: ${ids.join(', ')}`),
  noCamera: (id: string, ids: readonly string[]): Text =>
    both(
      `配置里没有摄像机 ${id}，有：${ids.join('、')}`,
      `the configuration has no camera ${id}; it has ${ids.join(', ')}`,
    ),
  oneOrOther: both(
    '写配置里的摄像机编号，或写 --kind 和 --host，不要都写',
    'name a camera of the configuration, or give --kind and --host, not both',
  ),
  needsBoth: both('--kind 和 --host 要一起写', '--kind and --host belong together'),
  wrongKind: (kind: string, names: readonly string[]): Text =>
    both(`没有种类 ${kind}，有：${names.join('、')}`, `there is no kind ${kind}; there is ${names.join(', ')}`),
  wrongChannel: both('--channel 是 1 到 64 的整数', '--channel is a whole number from 1 to 64'),
  notJpg: both('--out 的文件名以 .jpg 或 .jpeg 结尾', 'the file of --out ends with .jpg or .jpeg'),
  taken: (camera: string, bytes: number, tookMs: number, pixels: string | undefined): Text =>
    both(
      `${camera}：${pixels === undefined ? '像素未知' : `${pixels} 像素`}，${bytes} 字节，用时 ${tookMs} 毫秒`,
      `${camera}: ${pixels === undefined ? 'size unknown' : `${pixels} pixels`}, ${bytes} bytes, in ${tookMs} ms`,
    ),
  kept: (file: string): Text => both(`已写到 ${file}`, `written to ${file}`),
  notKept: both('没有保存；加 --out 文件.jpg 可以看', 'not kept; add --out FILE.jpg to look at it'),
} as const;
