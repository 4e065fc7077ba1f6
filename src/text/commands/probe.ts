/** Texts of `lanewarden probe`: ports, permissions, requests and answers. Both languages; Chinese first. */
import type { PortRefusal } from '../../line/port-access.ts';
import { unprovenWords } from '../fault.ts';
import type { Text } from '../text.ts';

const both = (zh: string, en: string): Text => ({ zh, en });

export const probeText = {
  summary: both(
    '列出串口；给出串口时查找 Modbus 板（只读），给出可粘贴的配置',
    'list serial ports; with a port, look for Modbus boards (reads only) and give the configuration to paste',
  ),
  positionals: '[PORT]',
  bauds: both('波特率，逗号分隔', 'baud rates, comma-separated'),
  parities: both('校验：none、even、odd，逗号分隔', 'parities: none, even, odd, comma-separated'),
  units: both('站号范围，例如 1-16 或 3', 'unit numbers, for example 1-16 or 3'),
  listen: both(
    '只听不发：说出线上另一个主站在问什么、波特率是多少',
    'listen only: the requests of another master on this wire, and its speed',
  ),
  yes: both('已确认线上没有别的主站，不再询问', 'no other master is on the wire: skip the confirmation'),
  config: both(
    '配置文件，用来查看这条线是否只听（listenOnly）；可以没有',
    'configuration, to see whether the wire is listenOnly there; may be absent',
  ),

  noPorts: both(
    '没有串口：检查 USB 转换器是否插好（dmesg 末尾应出现 ttyUSB 或 ttyACM）；网络串口服务器直接写 tcp://主机:端口',
    'no serial port: check that the USB adapter is plugged in (dmesg should end with ttyUSB or ttyACM); a serial server is written tcp://host:port',
  ),
  heldBy: (who: string): Text => both(`正被占用：${who}`, `in use by ${who}`),
  unsteady: both(
    '重启或换插口后可能变成另一个名字，没有更稳定的名字可用',
    'may have another name after a restart; there is no steadier one',
  ),
  latency: (ms: number): Text =>
    both(
      `转换器攒 ${ms} ms 才上交数据：用 udev 把 latency_timer 设为 1`,
      `the adapter collects bytes for ${ms} ms: set its latency_timer to 1 with udev`,
    ),
  next: both('查找设备：lanewarden probe 上面的名字', 'look for devices: lanewarden probe NAME, as above'),

  refusal: (refusal: PortRefusal): Text => {
    switch (refusal.kind) {
      case 'join':
        return both(
          `没有权限：sudo usermod -aG ${refusal.group} ${refusal.user}，然后重新登录；或在命令前加 sudo`,
          `no permission: sudo usermod -aG ${refusal.group} ${refusal.user}, then log in again; or run it with sudo`,
        );
      case 'relogin':
        return both(
          `没有权限：${refusal.user} 已在 ${refusal.group} 组，但这次登录早于加入，请重新登录`,
          `no permission: ${refusal.user} is in the group ${refusal.group}, but this login is older: log in again`,
        );
      case 'owner':
        return both(
          '没有权限：只有属主能用，请在命令前加 sudo',
          'no permission: only its owner may use it; run it with sudo',
        );
    }
  },
  inUse: (port: string, line: string | undefined, who: string | undefined): Text => {
    const zhWho = who === undefined ? '' : `（${who}）`;
    const enWho = who === undefined ? '' : ` (${who})`;
    const service = 'sudo systemctl stop lanewarden';
    return line === undefined
      ? both(
          `${port} 正被别的程序占用${zhWho}。若是闸口卫士服务：先 ${service}，查完再 start；否则先关掉那个程序`,
          `${port} is in use by another program${enWho}. If that is the lanewarden service: ${service} first and start it again afterwards; otherwise close that program`,
        )
      : both(
          `${port} 是配置里的线路 ${line}，正被运行中的服务占用${zhWho}。先 ${service}，查完再 start；或在网页“更多 → 调试向导”里查找，那里会暂停这条线路`,
          `${port} is line ${line} of the configuration and in use by the running service${enWho}. ${service} first and start it again afterwards; or search by page (More → Commissioning), which pauses the line`,
        );
  },
  faultyConfig: (file: string): Text =>
    both(
      `读不懂 ${file}，因此不知道这条线是否只听（listenOnly）：先用 lanewarden check 改好，或用 --config 指定另一个文件`,
      `${file} cannot be understood, so whether this wire is listenOnly is not known: correct it with lanewarden check, or name another file with --config`,
    ),

  confirm: (port: string): Text =>
    both(
      `${port} 上确定没有别的主站（管理系统、控制器）在轮询吗？两个主站会互相干扰，影响已缴费车辆。输入 yes 继续：`,
      `Is it certain that no other master (management system, controller) polls ${port}? Two masters corrupt each other's traffic, and paid exits with it. Type yes to go on: `,
    ),
  unconfirmed: both(
    '没有确认，什么也没有发送。确定没有别的主站时加 --yes；不确定时用 --listen 只听',
    'not confirmed, nothing was sent. Add --yes when there is no other master; use --listen when that is not certain',
  ),
  tryListen: (port: string): Text =>
    both(`看看它在问什么：lanewarden probe ${port} --listen`, `see its requests: lanewarden probe ${port} --listen`),

  plan: (where: readonly string[], first: number, last: number, seconds: number): Text =>
    both(
      `${where.join('、')}，站号 ${first}–${last}，只发读命令（功能码 1–4），最多约 ${seconds} 秒；Ctrl-C 随时停止，已找到的保留`,
      `${where.join(', ')}, units ${first} to ${last}, reads only (function codes 1 to 4), about ${seconds} s at most; Ctrl-C ends it and keeps what was found`,
    ),
  left: (seconds: number): Text => both(`，还需约 ${seconds} 秒`, `, about ${seconds} s left`),
  stopped: both('已停止，以下是停止前找到的', 'stopped; this is what was found until then'),
  found: (unit: number, form: string, answers: Text): Text =>
    both(`站号 ${unit}，${form}：${answers.zh}`, `unit ${unit}, ${form}: ${answers.en}`),
  /** A profile, with what the answers do not prove of it. */
  named: (name: string, unproven: readonly string[]): Text => {
    if (unproven.length === 0) return both(name, name);
    const words = unprovenWords(unproven);
    return both(`${name}（未能确认：${words.zh}）`, `${name} (not proven: ${words.en})`);
  },
  profile: (name: Text, others: readonly Text[]): Text =>
    others.length === 0
      ? both(`模板 ${name.zh}`, `profile ${name.en}`)
      : both(
          `模板 ${name.zh}；应答同样符合：${others.map(({ zh }) => zh).join('、')}，以板上印的型号为准`,
          `profile ${name.en}; the answers fit ${others.map(({ en }) => en).join(', ')} as well: go by the model that is printed on the board`,
        ),
  noProfile: both(
    '没有符合的模板：自己写一个，见 docs/zh/device-profiles.md',
    'no profile fits: one can be written, see docs/en/device-profiles.md',
  ),
  levels: (pairs: string): Text => both(`现在的输入：${pairs}`, `inputs now: ${pairs}`),
  noLevels: both('没有可直接读的输入', 'no input that can be read directly'),
  garbled: (places: readonly string[]): Text =>
    both(
      `收到乱码：${places.join('、')}。站号重复，或波特率、校验不对`,
      `garbled answers: ${places.join(', ')}. A duplicate unit number, or another speed or parity`,
    ),
  unitAt: (unit: number, form: string): Text => both(`站号 ${unit}（${form}）`, `unit ${unit} (${form})`),
  nothing: both(
    '没有设备应答。检查供电、A/B 是否接反、站号范围（--units）、波特率（--bauds）和校验（--parities）',
    'nothing answers. Check its power, whether A and B are swapped, the unit numbers (--units), the speed (--bauds) and the parity (--parities)',
  ),
  paste: both('写进配置：', 'For the configuration:'),

  listening: (where: readonly string[], seconds: number): Text =>
    both(`只听 ${where.join('，')}，${seconds} 秒……`, `listening to ${where.join(', ')}, for ${seconds} s …`),
  heard: (form: string, bytes: number, frames: number): Text =>
    both(`${form}：${bytes} 字节，${frames} 个完整的帧`, `${form}: ${bytes} bytes, ${frames} whole frames`),
  isMaster: (form: string): Text =>
    both(
      `线上有别的主站，${form}。不要在这条线上发问：配置里写 listenOnly: true 和 kind: modbus-listen（docs/zh/devices.md）`,
      `another master is on this wire, at ${form}. Do not poll it: write listenOnly: true and kind: modbus-listen (docs/en/devices.md)`,
    ),
  silent: both(
    '什么也没有听到：线上没有主站在问，或它问得很少',
    'nothing was received: no master polls this wire, or it polls rarely',
  ),
  noise: both(
    '听到了字节，但不成帧：换波特率（--bauds）、校验（--parities）；也可能不是 Modbus，或 A/B 接反',
    'bytes without valid frames: try other speeds (--bauds) and parities (--parities); it may be no Modbus, or A and B are swapped',
  ),
} as const;
