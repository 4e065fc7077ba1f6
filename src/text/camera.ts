/** Log texts about cameras that push or stream events. Both languages; Chinese first. */
import type { Witness } from '../driver.ts';
import type { Text } from './text.ts';

export const cameraText = {
  /** `offMs`: ahead when positive. */
  clockOff: (camera: string, offMs: number): Text => {
    const seconds = Math.round(Math.abs(offMs) / 1_000);
    return {
      zh: `摄像机 ${camera} 的时钟${offMs > 0 ? '快' : '慢'} ${seconds} 秒，已按此换算；建议在摄像机上设置 NTP 校时`,
      en: `the clock of camera ${camera} is ${seconds} s ${offMs > 0 ? 'ahead' : 'behind'}; its times are corrected by that. Better set NTP on the camera`,
    };
  },
  namedElsewhere: (camera: string, host: string): Text => ({
    zh: `摄像机 ${camera} 说图片在 ${host}，不是配置里的地址（多半隔着 NAT）：按同一路径向配置里的地址取`,
    en: `camera ${camera} says its picture is at ${host}, which is not the configured address (probably behind NAT): the same path is asked of the configured one`,
  }),
  secondChannel: (camera: string, channel: number): Text => ({
    zh: `摄像机 ${camera} 没有写 channel，却收到了另一个通道（${channel}）的车牌：两个通道都算到这一台。录像机转发多个通道时，给每台摄像机写 channel`,
    en: `camera ${camera} has no channel configured, and reads of another one (${channel}) arrive: both count for it. Where a recorder forwards several, give each camera its channel`,
  }),
  unconfirmed: (camera: string, sent: string): Text => ({
    zh: `摄像机 ${camera} 的图片地址 ${sent} 不是已知的图片地址，也没有人确认过：不会向它发送任何请求，记录不带图片。核对地址；确实是图片时，让车道进入维护、确认闸杆下无人无车，再用 lanewarden snapshot ${camera} 或页面向导的摄像机步骤试一次并确认`,
    en: `the picture address ${sent} of camera ${camera} is none of those known, and no person has confirmed it: nothing is sent there, and records have no picture. Check it; if it really is a picture, put the lane into maintenance, see that the arm is clear, and try and confirm it once with lanewarden snapshot ${camera} or in the camera step of the page`,
  }),
  confirmedByUpdate: (camera: string, sent: string): Text => ({
    zh: `摄像机 ${camera} 的图片地址 ${sent} 不是已知的图片地址；它以前给过图片，更新时予以保留。请核对它确实是图片（lanewarden snapshot ${camera} --out 文件.jpg），并在页面向导的摄像机步骤确认`,
    en: `the picture address ${sent} of camera ${camera} is none of those known; it had given pictures before, so the update kept it. See that it really is a picture (lanewarden snapshot ${camera} --out FILE.jpg), and confirm it in the camera step of the page`,
  }),
  notConfirmedByUpdate: (message: string): Text => ({
    zh: `没有检查旧的图片地址，下次启动再试：${message}`,
    en: `old picture addresses were not checked, retried at the next start: ${message}`,
  }),
  pushedNowhere: (camera: string): Text => ({
    zh: `摄像机 ${camera} 要向本机推送车牌，但 intake.http 没有启用，收不到`,
    en: `camera ${camera} is to push plates to this box, but intake.http is not enabled: they cannot arrive`,
  }),
};

const WITNESSED: Readonly<Record<Witness['what'], Text>> = {
  follows: { zh: '有车跟车', en: 'a car follows another' },
  turnsBack: { zh: '车辆折返', en: 'a car turned back' },
  stays: { zh: '车辆滞留', en: 'a car stays' },
  armUp: { zh: '闸杆在上位', en: 'the arm is up' },
  armDown: { zh: '闸杆在下位', en: 'the arm is down' },
};

/** What a camera says of a passage, as its own words: nothing is decided by it. */
export function witnessText({ what, plate = '', source }: Witness & { readonly source: string }): Text {
  const { zh, en } = WITNESSED[what];
  return { zh: `摄像机 ${source} 报告：${zh} ${plate}`.trim(), en: `camera ${source} says: ${en} ${plate}`.trim() };
}
