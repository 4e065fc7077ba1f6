/** Names of what a lane has: its signals, its arm, its directions; and its acceptance sheet. Chinese first. */
import type { LaneLive } from '../../page/api/api.ts';
import type { Text } from '../text.ts';

/** Of every role that a point may have. */
export const signalName: Readonly<Record<string, Text>> = {
  approach: { zh: '触发地感 A', en: 'Loop A' },
  barrier: { zh: '防砸地感 B', en: 'Loop B' },
  exit: { zh: '出口地感 C', en: 'Loop C' },
  down: { zh: '下限位', en: 'Down limit' },
  up: { zh: '上限位', en: 'Up limit' },
  auto: { zh: '开闸继电器', en: 'Opening relay' },
  button: { zh: '按钮', en: 'Button' },
  remote: { zh: '遥控', en: 'Remote' },
  fire: { zh: '消防', en: 'Fire alarm' },
  mains: { zh: '市电', en: 'Mains' },
};

export const nameOfSignal = (role: string): Text => signalName[role] ?? { zh: role, en: role };

export const armName: Readonly<Record<LaneLive['arm'], Text>> = {
  closed: { zh: '闸杆已落', en: 'Arm down' },
  opening: { zh: '正在抬杆', en: 'Arm going up' },
  open: { zh: '闸杆已抬', en: 'Arm up' },
  closing: { zh: '正在落杆', en: 'Arm going down' },
  unknown: { zh: '闸杆状态未知', en: 'Arm unknown' },
  fault: { zh: '限位矛盾', en: 'Limits contradict' },
};

export const directionName: Readonly<Record<LaneLive['direction'], Text>> = {
  entry: { zh: '入场', en: 'entry' },
  exit: { zh: '出场', en: 'exit' },
  both: { zh: '双向', en: 'both ways' },
};
/** The sheet is signed on paper: it bears both languages, whatever the page shows. */
export const sheetText = {
  title: { zh: '车道验收单', en: 'Lane acceptance sheet' },
  version: { zh: '软件版本', en: 'Software' },
  evidenceKey: { zh: '证据公钥', en: 'Evidence key' },
  signal: { zh: '信号', en: 'Signal' },
  point: { zh: '接线点', en: 'Input' },
  polarity: { zh: '极性', en: 'Polarity' },
  unproven: { zh: '未能确认，须人工核对', en: 'Not proven: to be checked by hand' },
  can: { zh: '这条车道看得出', en: 'What this lane sees' },
  limits: { zh: '看不出、要注意', en: 'What it does not see, and what to note' },
  straight: { zh: '正', en: 'normal' },
  mode: { zh: '模式', en: 'Mode' },
  operator: { zh: '车场人员', en: 'Operator' },
  date: { zh: '日期', en: 'Date' },
  signature: { zh: '签字', en: 'Signature' },
} satisfies Readonly<Record<string, Text>>;
