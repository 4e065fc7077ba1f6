/** Texts for an installer while one car teaches the wiring. Both languages; Chinese first. */
import { roleText } from './lanes/lane-facts.ts';
import * as table from './teach.made.ts';
import { MEANS } from './teach.made.ts';
import { joined, type Text } from './text.ts';

interface Moved {
  readonly role: string;
  readonly point: string;
  readonly seconds: number;
}

export const teachText = {
  ...table.teachText,
  ask: (act: 'car' | 'empty', by: keyof typeof MEANS): Text => table.teachText.ask[act](MEANS[by]),
  seen: (points: readonly string[]): Text => table.teachText.seen(points.length, points.join(' ')),
  swapped: (first: Moved, next: Moved): Text =>
    table.teachText.swapped({
      ...{ first: first.point, firstAt: first.seconds.toFixed(1), before: roleText(first.role) },
      ...{ next: next.point, nextAt: next.seconds.toFixed(1), behind: roleText(next.role) },
    }),
  isOther: (point: string, fitting: readonly string[], named: string): Text =>
    table.teachText.isOther(point, joined(fitting.map(roleText), '」或「', ' or the '), roleText(named)),
  twice: (role: string): Text => table.teachText.twice(roleText(role)),
} as const;
