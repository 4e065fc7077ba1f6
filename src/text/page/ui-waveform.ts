/** Texts of the waveform. Chinese first. */
import type { Text } from '../text.ts';
import type { Texts } from './texts.ts';

export const waveformText = {
  zoomIn: { zh: '放大', en: 'Zoom in' },
  zoomOut: { zh: '缩小', en: 'Zoom out' },
  all: { zh: '全部', en: 'All' },
  earlier: { zh: '往前', en: 'Earlier' },
  later: { zh: '往后', en: 'Later' },
  previousEdge: { zh: '上一个跳变', en: 'Previous edge' },
  nextEdge: { zh: '下一个跳变', en: 'Next edge' },
  mark: { zh: '从这里测量', en: 'Measure from here' },
  keys: {
    zh: '← → 上一个、下一个跳变，Shift 每次 10 毫秒，+ − 缩放，M 从光标开始测量',
    en: '← → previous and next edge, Shift: 10 ms, + − zoom, M measures from the cursor',
  },
  cursor: (offset: string): Text => ({ zh: `光标 ${offset}`, en: `cursor ${offset}` }),
  delta: (offset: string): Text => ({ zh: `间隔 ${offset}`, en: `measured ${offset}` }),
  noCursor: { zh: '在图上点一下，看时间差', en: 'Tap the drawing to measure times' },
  table: { zh: '用表格看每一次跳变', en: 'Every edge as a table' },
  time: { zh: '时刻', en: 'Time' },
  signal: { zh: '信号', en: 'Signal' },
  level: { zh: '变为', en: 'Becomes' },
  begins: { zh: '开始时', en: 'at start' },
  high: { zh: '有', en: 'on' },
  low: { zh: '无', en: 'off' },
  lost: { zh: '未知', en: 'unknown' },
  event: { zh: '事件', en: 'event' },
} satisfies Texts;
