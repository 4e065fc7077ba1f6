/** Texts of the wiring test on the page, beside those of `ui-wizard.ts`. Chinese first. */
import type { Text } from '../../text.ts';

/** What one car could not tell. */
export const teachAsk = {
  again: {
    zh: '有输入的变化与这辆车对不上：别的车道有车，或过了不止一辆。等都停下再来一次，或逐行核对。',
    en: 'Some inputs did not move with this car: another lane was in use, or more than one car passed. Once more when all is still, or check each line.',
  },
  slower: {
    zh: '黄色的几路还分不清先后。再过一辆车：在地感 A 上停住，杆抬到顶数五下，再慢慢开出去；或逐行核对。',
    en: 'The order of the yellow ones is not clear. One more car: stop on loop A, wait until the arm is up and count to five, then drive out slowly; or check each line.',
  },
  empty: {
    zh: '黄色的几路还分不清是地感，还是闸杆、开闸信号。车道清空，再开一次闸、不过车，就能确定。',
    en: 'The yellow ones may be loops, or arm and opening signals. Open once more with the lane empty, and it is certain.',
  },
  press: {
    zh: '开闸的脉冲是谁给的，看不出来：接的是按钮、遥控还是开闸继电器，顺着线核对，或在下面做单项测试。',
    en: 'A pulse does not show who made it: follow the wire to the button, the remote’s receiver or the opening relay, or use the single test below.',
  },
} as const satisfies Readonly<Record<string, Text>>;

export const wiringText = {
  maybe: (roles: Text): Text => ({ zh: `也可能是「${roles.zh}」`, en: `or the ${roles.en}` }),
  configured: (role: Text): Text => ({ zh: `配置里现在是「${role.zh}」`, en: `so far configured as ${role.en}` }),
  anyway: { zh: '现场就是这样，仍照此写入', en: 'It is so at the lane: write it as named' },
  invertedPress: {
    zh: '取反：没人按时它是通的（常闭接法）。不是常闭就不要写入，松开后再测一次。',
    en: 'Inverted: on while nobody presses it (a closed contact). If it is wired otherwise, do not write it: release it and test again.',
  },
  confirmed: { zh: '人工确认', en: 'confirmed by a person' },
  /** `role`: what the box took it for; undefined: it saw none. */
  seenAs: (role: Text | undefined, isSame: boolean): Text =>
    role === undefined
      ? { zh: '没有测出来', en: 'not shown by the test' }
      : isSame
        ? { zh: '测得相符，但不能确定', en: 'the test agrees and is not certain' }
        : { zh: `测得像「${role.zh}」`, en: `the test took it for the ${role.en}` },
  notWritten: (count: number): Text => ({
    zh: `还有 ${count} 处测得的没有写入配置`,
    en: `${count} results of the test are not written yet`,
  }),
} as const;
