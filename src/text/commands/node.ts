/** Texts about the Node that the program runs on. Both languages; Chinese first. */
import type { Text } from '../text.ts';

export const nodeText = {
  tooOld: (version: string): Text => ({
    zh: `这里没有程序自带的 Node，而 Node ${version} 加载不了它的原生模块：在源码目录运行 npm ci（64 位 Linux），或用 Node 24`,
    en: `the Node that comes with the program is not here, and Node ${version} cannot load its addons: run npm ci in the sources (64-bit Linux), or use Node 24`,
  }),
  cannotStart: (path: string, reason: string): Text => ({
    zh: `程序自带的 Node 启动不了（${path}）：${reason}；重新安装软件包，或在源码目录重新运行 npm ci`,
    en: `the Node that comes with the program cannot be started (${path}): ${reason}; install the package again, or run npm ci in the sources again`,
  }),
};
