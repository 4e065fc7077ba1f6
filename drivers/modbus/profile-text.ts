/** What is said of a profile whose fields contradict each other. It stands here because a driver may import nothing of src/text. */
interface Complaint {
  readonly message: { readonly zh: string; readonly en: string };
  readonly hint: { readonly zh: string; readonly en: string };
}

export const modbusProfileText = {
  beyondAddresses: (): Complaint => ({
    message: { zh: '读取范围超出地址 65535', en: 'the block reaches beyond address 65535' },
    hint: { zh: '减小 quantity 或核对 address', en: 'make quantity smaller, or check address' },
  }),
  fixedTooSmall: (): Complaint => ({
    message: { zh: 'fixedQuantity 小于 quantity', en: 'fixedQuantity is less than quantity' },
    hint: {
      zh: 'fixedQuantity 是实际发问的数量，应不小于 quantity',
      en: 'it is what is asked for; make it at least quantity',
    },
  }),
  beyondBlock: (point: string): Complaint => ({
    message: { zh: `点 ${point} 不在读取范围内`, en: `the point ${point} lies beyond its block` },
    hint: { zh: '偏移从 0 开始，应小于 quantity', en: 'offsets count from 0 and stay below quantity' },
  }),
  pointTwice: (point: string): Complaint => ({
    message: { zh: `点 ${point} 重复定义`, en: `the point ${point} is given twice` },
    hint: {
      zh: '同一点最多一个电平来源和一个计数来源',
      en: 'a point has at most one source of its level and one of its pulses',
    },
  }),
};
