/** Texts of `lanewarden probe`: ports, permissions, requests and answers. Both languages; Chinese first. */
import type { PortRefusal } from '../../line/port-access.ts';
import { unprovenWords } from '../fault.ts';
import type { Text } from '../text.ts';
import * as table from './probe.made.ts';

const both = (zh: string, en: string): Text => ({ zh, en });

export const probeText = {
  ...table.probeText,
  positionals: '[PORT]',
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
  listening: (where: readonly string[], seconds: number): Text =>
    both(`只听 ${where.join('，')}，${seconds} 秒……`, `listening to ${where.join(', ')}, for ${seconds} s …`),
} as const;
