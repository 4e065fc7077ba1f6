/** Faults of the cameras of a lane. Chinese first. */
import type { FaultText } from '../config.ts';
import type { Text } from '../text.ts';

export const laneCameraFaultText = {
  secondWithoutFirst: (): FaultText => ({
    message: { zh: '车道没有写 camera', en: 'the lane has no camera of its own' },
    hint: { zh: 'cameras 里是第二台；第一台写在 camera', en: 'cameras has the second one; name the first as camera' },
  }),
  sameCameraTwice: (): FaultText => ({
    message: { zh: '同一台摄像机写了两次', en: 'this is the same camera again' },
    hint: { zh: 'cameras 里写另一台', en: 'cameras names another one' },
  }),
};

/** What a second camera does, for `check`. */
export const secondCameraText = (camera: string, looks: 'front' | 'rear', record: boolean): Text => ({
  zh: `第二台摄像机 ${camera} 拍车${looks === 'rear' ? '尾' : '头'}，${record ? '它的图片用于记录，另一台的' : '图片'}存于本机`,
  en: `camera ${camera} sees the ${looks} of vehicles; ${record ? 'its picture goes with the record, that of the other' : 'its picture'} is kept on the box`,
});
