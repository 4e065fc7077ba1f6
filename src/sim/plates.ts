/** Made-up number plates. It must not know their vehicles. */
import type { PlateColor } from '../lane/types.ts';
import type { Random } from './random.ts';

/** Abbreviations of the provinces, the first character of every civil plate. */
export const PROVINCES = '京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼';
/** I and O are not used, because they look like 1 and 0. */
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ';
const DIGITS = '0123456789';

/** Mostly local cars, one in five electric (eight characters, D or F in the third place), some from elsewhere. */
export function randomPlate(random: Random): string {
  const province = random.chance(0.8) ? '粤' : random.pick([...PROVINCES]);
  const head = `${province}${random.pick([...LETTERS])}`;
  const serial = (count: number) =>
    Array.from({ length: count }, () => random.pick([...(random.chance(0.15) ? LETTERS : DIGITS)])).join('');
  return random.chance(0.2) ? `${head}D${serial(5)}` : `${head}${serial(5)}`;
}

/** Electric cars have green plates; the others of this lane are small and blue. */
export const colorOfPlate = (text: string): PlateColor => (text.length === 8 ? 'green' : 'blue');
