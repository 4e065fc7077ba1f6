/** Texts about peers that get requests which the configuration writes. Both languages; Chinese first. */
import type { FaultText } from '../config.ts';
import type { Text } from '../text.ts';

export const peerText = {
  noPeer: {
    zh: '配置里没有这个地址，或者它已经改过：重新打开页面再确认',
    en: 'the configuration has no such peer, or has changed it: open the page again, then confirm',
  },
  acting: (name: string, part: string): Text => ({
    zh: `${name} 的地址里有“${part}”：这是已知会动作的地址，永远不发送，也不能确认`,
    en: `the address of ${name} has "${part}", which is known to act: nothing is ever sent there, and nobody can confirm it`,
  }),
  never: {
    query: {
      zh: 'ping 的地址在内网时不能带参数：很多继电器正是这样动作的。去掉问号及其后面的部分',
      en: 'the address of a ping near the box may have no query, by which many relays act: leave out the question mark and what follows it',
    },
    put: {
      zh: '发往内网的平台请求不能用 PUT：在方案里改成 POST',
      en: 'a request to a platform near the box may not be a PUT: make it a POST in the profile',
    },
    constants: {
      zh: '发往内网的平台请求，正文里固定写死的值最多 8 个、每个最多 64 个字符：在模板里去掉多余的',
      en: 'the body of a request to a platform near the box has at most 8 constants of 64 characters each: leave out the others in the profile',
    },
  },
  actingFault: (name: string, part: string): FaultText => ({
    message: {
      zh: `${name} 的地址里有“${part}”：这是已知会动作（开闸、通断继电器）的地址，不会发送`,
      en: `the address of ${name} has "${part}", which is known to act (open a gate, switch a relay): nothing is sent there`,
    },
    hint: {
      zh: '写接收记录的地址；本机只观察，不控制任何东西',
      en: 'write an address that receives records; this box observes, and controls nothing',
    },
  }),
  row: (name: string, shown: string): Text => ({ zh: `对端 ${name}：${shown}`, en: `peer ${name}: ${shown}` }),
  confirmed: (by: string, at: string): Text => ({ zh: `${at} 由 ${by} 确认`, en: `confirmed by ${by}, ${at}` }),
  byUpdate: {
    zh: '更新前就在用，所以保留；请在页面确认',
    en: 'used before the update, and kept for that: confirm it at the page',
  },
  moved: {
    zh: '它使闸杆抬起过，已停用；查清后在页面确认',
    en: 'it raised an arm, and is stopped: find out why, then confirm it at the page',
  },
  unconfirmed: {
    zh: '在内网，没有人确认过：不会发送，请在页面确认',
    en: 'near the box, and no person has confirmed it: nothing is sent until somebody does at the page',
  },
  byName: {
    zh: '解析到公网地址时发送；解析到内网地址时要先在页面确认',
    en: 'sent to as long as its name leads to public addresses; near the box somebody must confirm it at the page',
  },
} as const;
