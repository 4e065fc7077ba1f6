/** Meaning of the keys of `tariff`. Both languages; Chinese first. */
export const TARIFF_KEYS: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  tariff: [
    '收费标准，只用来估算没缴费的出场本该收多少；自上而下取第一条合适的，不写就不估',
    'what a stay costs, only to estimate what an unpaid exit would have cost; the first that fits counts, nothing is estimated without it',
  ],
  'tariff.carTypes': [
    '对哪些车有效（平台的 car_type：1 临停 2 月卡 3 免费 4 储值 0 其他）；不写就是全部',
    "for which cars (the platform's car_type: 1 temporary, 2 monthly, 3 free, 4 stored value, 0 other); all when left out",
  ],
  'tariff.carDescs': [
    '对哪些车类说明有效，例如 [大型车]；不写就是全部',
    'for which kinds of car in words, as entries and payments tell them; all when left out',
  ],
  'tariff.free': ['免费多久；停得不比它久就不收费', 'free time; a stay no longer than this costs nothing'],
  'tariff.deductFree': [
    '超过免费时间后，免费时间是否从计费时长里扣掉',
    'whether a longer stay is charged without its free time',
  ],
  'tariff.steps': ['计费阶梯，依次使用', 'the steps, one after the other'],
  'tariff.steps.for': [
    '这一段管多久，例如 1h；最后一段不写',
    'how long this step holds, such as 1h; the last has none',
  ],
  'tariff.steps.every': ['每多少时间收一次，不足也算一次', 'charged for each time of this length that has begun'],
  'tariff.steps.yuan': ['每次收多少元', 'how many yuan for each'],
  'tariff.dailyMaxYuan': ['每日封顶，元；不写就不封顶', 'the most for a day, in yuan; none when left out'],
  'tariff.dailyMaxPer': [
    '封顶按入场起每 24 小时（24h），还是按自然日（day）；每一轮都重新从第一段算起',
    'whether that is for 24 hours from the entry (24h), or a day of the calendar (day); each begins with the first step again',
  ],
  'tariff.night': ['夜间另计的价格', 'a price of its own at night'],
  'tariff.night.from': ['几点开始（北京时间），写成 "22:00"', 'from (Beijing), such as "22:00"'],
  'tariff.night.to': ['几点结束，不晚于 from 就是第二天', 'until; not after from: of the next day'],
  'tariff.night.every': [
    '每多少时间收一次；不写就是整夜一次',
    'charged for each time of this length that has begun; once a night when left out',
  ],
  'tariff.night.yuan': ['每次收多少元', 'how many yuan for each'],
  'tariff.night.maxYuan': ['一夜封顶，元', 'the most for a night, in yuan'],
};
