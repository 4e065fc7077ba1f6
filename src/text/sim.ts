/** What a person reads about the simulated lane: the stories by name, and what goes on. It must not know how a story is played. */
import type { ExpectedRelease, Story } from '../sim/stories.ts';
import type { Text } from './text.ts';

/** Short enough for a button on the page. */
export const STORY_NAMES: Readonly<Record<Story, Text>> = {
  paid: { zh: '已缴费车辆', en: 'paid car' },
  button: { zh: '按钮放行', en: 'let out by button' },
  remote: { zh: '遥控放行', en: 'let out by remote' },
  crank: { zh: '手摇抬杆放行', en: 'arm cranked up' },
  tailgater: { zh: '跟车闯出', en: 'tailgater' },
  motorcycle: { zh: '摩托车', en: 'motorcycle' },
  trailer: { zh: '拖挂车', en: 'trailer' },
  backOut: { zh: '倒车后再出场', en: 'backs out, comes again' },
  nobody: { zh: '抬杆无车', en: 'opened, nobody passes' },
};

/** One sentence for whoever watches. */
export const STORY_EXPLANATIONS: Readonly<Record<Story, Text>> = {
  paid: {
    zh: '车辆已缴费，系统抬杆，正常出场，不应上报',
    en: 'The car has paid, the system opens, it leaves: nothing to report',
  },
  button: {
    zh: '车辆未缴费，岗亭按钮抬杆，应上报“按钮开闸”',
    en: 'The car has not paid and is let out by the booth button: to be reported',
  },
  remote: {
    zh: '车辆未缴费，遥控器抬杆，应上报“遥控开闸”',
    en: 'The car has not paid and is let out by a radio remote: to be reported',
  },
  crank: {
    zh: '车辆未缴费，无任何开闸信号而抬杆，应上报“手动开闸”',
    en: 'The car has not paid and the arm goes up with no command seen: to be reported',
  },
  tailgater: {
    zh: '前车已缴费，后车紧跟前车闯出，后车应上报“可疑跟车”',
    en: 'The first car has paid, a second slips out behind it: the second is to be reported',
  },
  motorcycle: {
    zh: '摩托车无牌，岗亭按钮抬杆，应上报',
    en: 'A motorcycle without a plate is let out by the button: to be reported',
  },
  trailer: {
    zh: '已缴费车辆带拖挂，是一辆车，不应上报',
    en: 'A paid car with a trailer is one vehicle: nothing to report',
  },
  backOut: {
    zh: '已缴费车辆压上防砸地感后倒回，稍后再次出场，一次缴费一次通过，不应上报',
    en: 'A paid car noses in, backs out and comes again: one payment, one passage, nothing to report',
  },
  nobody: {
    zh: '岗亭按钮抬杆，但没有车辆通过，应上报',
    en: 'The booth button opens an empty lane and nobody passes: to be reported',
  },
};

/** `paid car 粤B12345 drives up` */
export function storyBegins(story: Story, plates: readonly string[]): Text {
  const who = plates.length === 0 ? '' : ` ${plates.join(' ')}`;
  return { zh: `模拟：${STORY_NAMES[story].zh}${who}`, en: `simulated: ${STORY_NAMES[story].en}${who}` };
}

/** A line of the summary: what the platform should have got. `desc` is what stands in the record, in Chinese. */
export function releaseExpected(release: ExpectedRelease): Text {
  return {
    zh: `应上报：${release.desc} ${release.plate}${release.passed ? '' : '（无车通过）'}`,
    en: `to be reported: ${release.desc} ${release.plate}${release.passed ? '' : ' (nobody passed)'}`,
  };
}

/** The lane is full: no more stories are taken for now. */
export const TOO_MANY_WAITING: Text = {
  zh: '排队车辆过多，请稍后再试',
  en: 'too many cars are waiting already, try again later',
};
