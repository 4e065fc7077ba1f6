/** A duration in words, for the page. In a file of its own: the overview's texts would bring half the box into the browser. Chinese first. */
import type { Text } from '../text.ts';

const both = (zh: string, en: string): Text => ({ zh, en });

/** `14 分钟`, `2 小时 5 分钟`, `3 天` */
export function durationText(ms: number): Text {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 60) return both(`${seconds} 秒`, `${seconds} s`);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return both(`${minutes} 分钟`, `${minutes} min`);
  const hours = Math.floor(minutes / 60);
  if (hours < 48) {
    const rest = minutes % 60;
    return rest === 0
      ? both(`${hours} 小时`, `${hours} h`)
      : both(`${hours} 小时 ${rest} 分钟`, `${hours} h ${rest} min`);
  }
  const days = Math.floor(hours / 24);
  return both(`${days} 天`, `${days} days`);
}
