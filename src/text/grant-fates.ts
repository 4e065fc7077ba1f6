/** Why a payment counted, or did not. */
import { claimWayText } from './lanes/lane-facts.ts';
import type { Text } from './text.ts';

const ENDED: Readonly<Record<string, Text>> = {
  waiting: { zh: '等它的车来', en: 'its vehicle is waited for' },
  late: {
    zh: '车放行之后才收到；那次放行已撤回或注明',
    en: 'it came after its vehicle was judged: that release was withdrawn or corrected',
  },
  cameAndWent: { zh: '车来过又退了回去，没有通过', en: 'its vehicle came and went back' },
  neverCame: { zh: '有效期内没有它的车通过', en: 'no vehicle of it passed while it was good' },
  expired: {
    zh: '收到时已过期；请检查发送方的时钟和时区',
    en: 'it was over before it came: check the clock and the time zone of the sender',
  },
  elsewhere: { zh: '已在其他车道使用', en: 'it was used in another lane' },
  repeated: { zh: '换了编号重送以前的缴费，那辆车已经离开', en: 'it repeats a payment whose vehicle has gone' },
  replaced: { zh: '被后来的缴费消息取代', en: 'a later message took its place' },
  cancelled: { zh: '已取消', en: 'it was cancelled' },
  givenUp: { zh: '未用的太多，丢弃了最早的', en: 'too many were unused: the oldest was dropped' },
};

export function grantFateText(
  status: string,
  fate: string | undefined,
  use: { readonly lane: string; readonly way: string } | undefined,
): Text {
  if (status === 'used' && use !== undefined) {
    const way = claimWayText(use.way);
    return {
      zh: `放行了车道 ${use.lane} 的一辆车（${way.zh}）`,
      en: `it covered a vehicle in lane ${use.lane} (${way.en})`,
    };
  }
  const key = status === 'late' || status === 'waiting' ? status : (fate ?? status);
  return ENDED[key] ?? { zh: key, en: key };
}
