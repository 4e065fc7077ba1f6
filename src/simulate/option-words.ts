/** Numbers and shares as they stand on the command line of `simulate`. */
import { UsageError } from '../cli/arguments.ts';
import { STORIES, type Story } from '../sim/stories.ts';
import { NORMAL_TRAFFIC, type TrafficShares } from '../sim/traffic.ts';
import { simulateText } from '../text/commands/simulate.made.ts';

type Values = Readonly<Record<string, unknown>>;

/** Throws UsageError with the range. */
export function number(values: Values, name: string, least: number, most: number, usual?: number): number {
  const text = values[name] as string | undefined;
  if (text === undefined && usual !== undefined) return usual;
  const value = Number(text);
  if (text === '' || !(value >= least && value <= most))
    throw new UsageError('option', simulateText.badNumber(name, String(text), least, most));
  return value;
}

/** `paid=80,tailgater=10`. */
export function sharesOf(text: string | undefined): TrafficShares {
  if (text === undefined) return NORMAL_TRAFFIC;
  return Object.fromEntries(
    text.split(',').map((part) => {
      const [name = '', share = ''] = part.split('=');
      const value = Number(share);
      if (!(STORIES as readonly string[]).includes(name) || share === '' || !(value >= 0))
        throw new UsageError('option', simulateText.badMix(part, STORIES));
      return [name as Story, value];
    }),
  );
}

/** `a,b`, each of them known; undefined: none. Throws UsageError. */
export function listOf<T extends string>(values: Values, name: string, known: readonly T[]): readonly T[] | undefined {
  const parts = (values[name] as string | undefined)?.split(',').filter((part) => part !== '');
  for (const part of parts ?? [])
    if (!(known as readonly string[]).includes(part))
      throw new UsageError('option', simulateText.badList(name, part, known));
  return parts?.length ? (parts as T[]) : undefined;
}
