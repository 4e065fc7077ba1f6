/** What the log says of cameras that tell of vehicles. Both languages; Chinese first. */
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
  pushedNowhere: (camera: string): Text => ({
    zh: `摄像机 ${camera} 要向本机推送车牌，但 intake.http 没有启用，收不到`,
    en: `camera ${camera} is to push plates to this box, but intake.http is not enabled: they cannot arrive`,
  }),
};
