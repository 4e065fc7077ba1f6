/**
 * A QR code of a short text (ISO/IEC 18004: byte mode, level L, versions 1 to 5, which have one block). For a screen of characters and for a label: nothing
 * here draws a picture.
 */

/** Modules, the first row on top; true: dark. Without the quiet zone. */
export type QrCode = readonly (readonly boolean[])[];

/** Of versions 1 to 5 at level L: bytes of data and of error correction. */
const VERSIONS = [
  { data: 19, correction: 7 },
  { data: 34, correction: 10 },
  { data: 55, correction: 15 },
  { data: 80, correction: 20 },
  { data: 108, correction: 26 },
] as const;
/** Mode, length, terminator. */
const OVERHEAD_BYTES = 2;
const BYTE_MODE = 0b0100;
const LEVEL_L = 0b01;
const PADDING = [0xec, 0x11] as const;

/** undefined: longer than 106 bytes. */
export function qrCode(text: string): QrCode | undefined {
  const bytes = [...Buffer.from(text, 'utf8')];
  const at = VERSIONS.findIndex(({ data }) => bytes.length + OVERHEAD_BYTES <= data);
  const version = VERSIONS[at];
  if (version === undefined) return undefined;
  const data = packed(bytes, version.data);
  const bits = [...data, ...remainder(data, version.correction)].flatMap((byte) => bitsOf(byte, 8));
  const codes = MASKS.map((mask, number) => drawn(at + 1, bits, mask, number));
  return codes.reduce((best, code) => (penalty(code) < penalty(best) ? code : best));
}

/** Two rows to a line of characters, with the quiet zone, dark on light whatever the colours of the screen. */
export function qrLines(code: QrCode): readonly string[] {
  const QUIET = 2;
  const size = code.length + 2 * QUIET;
  const isDark = (row: number, column: number): boolean => code[row - QUIET]?.[column - QUIET] === true;
  const lines: string[] = [];
  // A light module is a drawn one: consoles are dark.
  for (let row = 0; row < size; row += 2)
    lines.push(
      Array.from({ length: size }, (_, column) => {
        const upper = !isDark(row, column);
        const lower = row + 1 < size && !isDark(row + 1, column);
        return upper ? (lower ? '█' : '▀') : lower ? '▄' : ' ';
      }).join(''),
    );
  return lines;
}

const bitsOf = (value: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => (value >> (count - 1 - index)) & 1);

function packed(bytes: readonly number[], length: number): readonly number[] {
  const bits = [BYTE_MODE, bytes.length].flatMap((value, index) => bitsOf(value, index === 0 ? 4 : 8));
  for (const byte of bytes) bits.push(...bitsOf(byte, 8));
  bits.push(0, 0, 0, 0);
  const packed = Array.from({ length: bits.length / 8 }, (_, index) =>
    bits.slice(8 * index, 8 * index + 8).reduce((byte, bit) => 2 * byte + bit, 0),
  );
  for (let index = 0; packed.length < length; index += 1) packed.push(PADDING[index % 2] as number);
  return packed;
}

/** Reed–Solomon over GF(256) with x⁸+x⁴+x³+x²+1. */
function remainder(data: readonly number[], count: number): readonly number[] {
  let generator = [1];
  for (let power = 0, root = 1; power < count; power += 1, root = times(root, 2))
    generator = [...generator, 0].map((term, index) => term ^ times(generator[index - 1] ?? 0, root));
  const rest = [...data, ...Array<number>(count).fill(0)];
  for (let index = 0; index < data.length; index += 1) {
    const factor = rest[index] as number;
    generator.forEach((term, offset) => {
      rest[index + offset] = (rest[index + offset] as number) ^ times(term, factor);
    });
  }
  return rest.slice(data.length);
}

function times(a: number, b: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit -= 1) {
    product = (product << 1) ^ (product & 0x80 ? 0x11d : 0);
    if ((b >> bit) & 1) product ^= a;
  }
  return product;
}

type Mask = (row: number, column: number) => boolean;
const MASKS: readonly Mask[] = [
  (row, column) => (row + column) % 2 === 0,
  (row) => row % 2 === 0,
  (_row, column) => column % 3 === 0,
  (row, column) => (row + column) % 3 === 0,
  (row, column) => (Math.floor(row / 2) + Math.floor(column / 3)) % 2 === 0,
  (row, column) => ((row * column) % 2) + ((row * column) % 3) === 0,
  (row, column) => (((row * column) % 2) + ((row * column) % 3)) % 2 === 0,
  (row, column) => (((row + column) % 2) + ((row * column) % 3)) % 2 === 0,
];

function drawn(version: number, bits: readonly number[], mask: Mask, maskNumber: number): QrCode {
  const size = 17 + 4 * version;
  const modules: (boolean | undefined)[][] = Array.from({ length: size }, () => Array(size).fill(undefined));
  const set = (row: number, column: number, dark: boolean): void => {
    const line = modules[row];
    if (line !== undefined && column >= 0 && column < size) line[column] = dark;
  };
  // Rings by their distance from the middle: a finder has a light one outside, an alignment pattern only the inner three.
  const rings = (row: number, column: number, most: number, isDark: (distance: number) => boolean): void => {
    for (let down = -most; down <= most; down += 1)
      for (let right = -most; right <= most; right += 1)
        set(row + down, column + right, isDark(Math.max(Math.abs(down), Math.abs(right))));
  };
  for (let index = 8; index < size - 8; index += 1) {
    set(6, index, index % 2 === 0);
    set(index, 6, index % 2 === 0);
  }
  for (const [row, column] of [
    [3, 3],
    [3, size - 4],
    [size - 4, 3],
  ] as const)
    rings(row, column, 4, (distance) => distance !== 2 && distance !== 4);
  if (version > 1) rings(size - 7, size - 7, 2, (distance) => distance !== 1);
  drawFormat(set, size, maskNumber);
  fill(modules, bits, mask);
  return modules.map((line) => line.map((dark) => dark === true));
}

/** Level and mask, twice, with the remainder of their BCH code. */
function drawFormat(set: (row: number, column: number, dark: boolean) => void, size: number, mask: number): void {
  const value = (LEVEL_L << 3) | mask;
  let rest = value;
  for (let bit = 0; bit < 10; bit += 1) rest = (rest << 1) ^ (rest & 0x200 ? 0x537 : 0);
  const format = bitsOf(((value << 10) | rest) ^ 0x5412, 15).map((bit) => bit === 1);
  const around = [0, 1, 2, 3, 4, 5, 7, 8];
  format.forEach((dark, index) => {
    if (index < 8) set(8, around[index] as number, dark);
    else set(around[14 - index] as number, 8, dark);
    if (index < 7) set(size - 1 - index, 8, dark);
    else set(8, size - 15 + index, dark);
  });
  set(size - 8, 8, true);
}

/** Up and down in columns of two from the right, around what is there already. */
function fill(modules: (boolean | undefined)[][], bits: readonly number[], mask: Mask): void {
  const size = modules.length;
  let next = 0;
  let isUp = true;
  for (let right = size - 1; right > 0; right -= 2) {
    // The column of the timing pattern belongs to none.
    if (right === 6) right = 5;
    for (let step = 0; step < size; step += 1) {
      const row = isUp ? size - 1 - step : step;
      for (const column of [right, right - 1]) {
        const line = modules[row] as (boolean | undefined)[];
        if (line[column] !== undefined) continue;
        line[column] = (bits[next] === 1) !== mask(row, column);
        next += 1;
      }
    }
    isUp = !isUp;
  }
}

/** What readers find hard: long runs and blocks of one colour. */
function penalty(code: QrCode): number {
  const columns = code.map((_, column) => code.map((line) => line[column] === true));
  let sum = 0;
  for (const line of [...code, ...columns])
    for (const [run] of line
      .map((dark) => (dark ? 'x' : '.'))
      .join('')
      .matchAll(/(.)\1{4,}/g))
      sum += run.length - 2;
  code.forEach((line, row) => {
    line.forEach((dark, column) => {
      const others = [line[column + 1], code[row + 1]?.[column], code[row + 1]?.[column + 1]];
      if (others.every((other) => other === dark)) sum += 3;
    });
  });
  return sum;
}
