/** Bytes on a wire in words, for the page. It words what a driver has decoded. */
import type { WireMeaning } from '../driver.ts';
import type { Text } from './text.ts';
import { EXCEPTION, FUNCTION, WIRE } from './wire.made.ts';

export { spokenText } from './wire.made.ts';

/** Further values are counted, not shown. */
const SHOWN_MAX = 16;

export function wireText(meaning: WireMeaning): Text {
  const { kind, unit = 0, address, quantity, values, exception = 0 } = meaning;
  const code = meaning.function ?? 0;
  const range = address === undefined ? '' : ` ${hexWord(address)}${quantity === undefined ? '' : `×${quantity}`}`;
  const head = WIRE.head(unit, FUNCTION[code] ?? WIRE.function, code, range);
  if (kind === 'broken') return WIRE.broken;
  if (kind === 'values') return WIRE.values(head, values === undefined ? '' : ` = ${listed(values, code)}`);
  if (kind === 'exception') return WIRE.exception(head, EXCEPTION[exception] ?? WIRE.failure, exception);
  return WIRE[kind](head);
}

const hexWord = (value: number): string => `0x${value.toString(16).padStart(4, '0')}`;

function listed(values: readonly number[], code: number): string {
  const more = values.length > SHOWN_MAX ? ' …' : '';
  return values.slice(0, SHOWN_MAX).join(code <= 2 ? '' : ' ') + more;
}
