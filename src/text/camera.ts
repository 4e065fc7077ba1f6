/** Log texts about cameras that push or stream events. Both languages; Chinese first. */
import type { Witness } from '../driver.ts';
import * as table from './camera.made.ts';
import { WITNESSED } from './camera.made.ts';
import type { Text } from './text.ts';

export const cameraText = {
  ...table.cameraText,
  /** `offMs`: ahead when positive. */
  clockOff: (camera: string, offMs: number): Text => {
    const seconds = Math.round(Math.abs(offMs) / 1_000);
    return {
      zh: `摄像机 ${camera} 的时钟${offMs > 0 ? '快' : '慢'} ${seconds} 秒，已按此换算；建议在摄像机上设置 NTP 校时`,
      en: `the clock of camera ${camera} is ${seconds} s ${offMs > 0 ? 'ahead' : 'behind'}; its times are corrected by that. Better set NTP on the camera`,
    };
  },
};

/** What a camera says of a passage, as its own words: nothing is decided by it. */
export function witnessText({ what, plate = '', source }: Witness & { readonly source: string }): Text {
  const { zh, en } = WITNESSED[what];
  return { zh: `摄像机 ${source} 报告：${zh} ${plate}`.trim(), en: `camera ${source} says: ${en} ${plate}`.trim() };
}
