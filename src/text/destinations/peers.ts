/** Texts about peers that get requests which the configuration writes. Both languages; Chinese first. */
import type { FaultText } from '../config.ts';
import * as table from './peers.made.ts';

export const peerText = {
  ...table.peerText,
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
} as const;
