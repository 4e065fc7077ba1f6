/** Faults of the demonstration by name. The box sends the text; the page only shows it. */
import type { Text } from '../text.ts';

const both = (zh: string, en: string): Text => ({ zh, en });

const FAULTS: Readonly<Record<string, Text>> = {
  late: both('应答迟到', 'late replies'),
  lost: both('应答丢失', 'lost replies'),
  doubled: both('应答重复', 'doubled replies'),
  garbled: both('应答损坏', 'garbled replies'),
  cut: both('应答不完整', 'cut replies'),
  noise: both('线路噪声', 'noise on the wire'),
  echo: both('线路回声', 'echo on the wire'),
  unplug: both('拔掉转换器', 'adapter pulled out'),
  power: both('I/O 板断电', 'I/O board without power'),
  'stuck-a': both('地感 A 卡死', 'loop A stuck'),
  'stuck-b': both('地感 B 卡死', 'loop B stuck'),
  'camera-slow': both('摄像机很慢', 'slow camera'),
  'camera-dead': both('摄像机无应答', 'camera does not answer'),
  'camera-gone': both('摄像机断开', 'camera gone'),
  'camera-login': both('摄像机拒绝登录', 'camera refuses the login'),
  'camera-busy': both('摄像机忙', 'camera busy'),
  'camera-broken': both('摄像机图片损坏', 'broken pictures'),
  'platform-hint': both('平台应答带 hint', 'platform answers with a hint'),
  'platform-400': both('平台 400', 'platform: 400'),
  'platform-401': both('平台 401', 'platform: 401'),
  'platform-429': both('平台 429', 'platform: 429'),
  'platform-500': both('平台 500', 'platform: 500'),
  'platform-503': both('平台 503', 'platform: 503'),
  'platform-code': both('平台未知代码', 'platform: unknown code'),
  'platform-html': both('平台应答网页', 'platform answers HTML'),
  'platform-half': both('平台应答一半', 'platform answers half'),
  'platform-reset': both('平台断开连接', 'platform resets'),
  'platform-stall': both('平台不应答', 'platform stalls'),
  'platform-slow': both('平台很慢', 'platform is slow'),
  'platform-answer-lost': both('平台收下但应答丢失', 'platform takes it, its answer is lost'),
};

/** A fault that is not in the table shows as its name. */
export const demoFaultText = (name: string): Text => FAULTS[name] ?? both(name, name);
