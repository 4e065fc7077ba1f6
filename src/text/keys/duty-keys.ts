/** Meaning of the keys of `duty`. Both languages; Chinese first. */
export const DUTY_KEYS: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  duty: ['谁在当班：岗亭和排班', 'who is on duty: booths and roster'],
  'duty.booths': ['岗亭', 'the booths'],
  'duty.booths.name': ['岗亭名称', 'its name'],
  'duty.booths.lanes': ['管哪些车道', 'the lanes it looks after'],
  'duty.roster': [
    '排班：没有人登记上岗、管理系统也没有告知时，按它认当班人',
    'who is on duty when nobody has signed on and no message came',
  ],
  'duty.roster.operator': ['姓名', 'the name'],
  'duty.roster.booth': [
    '岗亭；booth 和 lanes 都不写就是全部车道',
    'the booth; every lane when neither booth nor lanes is given',
  ],
  'duty.roster.lanes': ['车道', 'the lanes'],
  'duty.roster.days': [
    '星期几（mon … sun），holiday 是 holidays 里的日子',
    'weekdays (mon … sun); holiday: the days of holidays',
  ],
  'duty.roster.from': ['几点上班（北京时间），写成 "08:00"', 'from (Beijing), such as "08:00"'],
  'duty.roster.to': ['几点下班；不晚于 from 就是第二天', 'until; not after from: of the next day'],
  'duty.holidays': ['节假日：这些天只按写了 holiday 的排班', 'holidays: on these days only entries with holiday hold'],
};
