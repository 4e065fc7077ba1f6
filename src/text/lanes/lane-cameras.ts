/** Faults of the cameras of a lane. Chinese first. */
import type { Text } from '../text.ts';

export { laneCameraFaultText } from './lane-cameras.made.ts';

/** What a second camera does, for `check`. */
export const secondCameraText = (camera: string, looks: 'front' | 'rear', record: boolean): Text => ({
  zh: `第二台摄像机 ${camera} 拍车${looks === 'rear' ? '尾' : '头'}，${record ? '它的图片用于记录，另一台的' : '图片'}存于本机`,
  en: `camera ${camera} sees the ${looks} of vehicles; ${record ? 'its picture goes with the record, that of the other' : 'its picture'} is kept on the box`,
});
