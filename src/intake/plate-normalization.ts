/**
 * The normal form of a plate, whatever camera or system wrote it, so that two readings of one plate are equal texts. Pure; knows no
 * sender. Forms: GA 36 (cars, police, trailers, learners, new energy) and the plates of consulates and embassies.
 */
import type { PlateColor } from '../lane/types.ts';

export interface Plate {
  readonly text: string;
  /** As written before the plate by some cameras, or as its kind always has it. */
  readonly color?: PlateColor;
}

const PROVINCES = '京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼';
/** Traditional forms, as written by systems in Hong Kong, Macao and Taiwan. */
const SIMPLIFIED: Readonly<Record<string, string>> = {
  滬: '沪',
  雲: '云',
  遼: '辽',
  魯: '鲁',
  蘇: '苏',
  贛: '赣',
  晉: '晋',
  陝: '陕',
  閩: '闽',
  貴: '贵',
  粵: '粤',
  寧: '宁',
  瓊: '琼',
  掛: '挂',
  學: '学',
  領: '领',
};
const COLOR_WORDS: Readonly<Record<string, PlateColor>> = {
  蓝: 'blue',
  藍: 'blue',
  黄: 'yellow',
  黃: 'yellow',
  白: 'white',
  黑: 'black',
  绿: 'green',
  綠: 'green',
};
/** Texts of cameras for "no plate". */
const NONE =
  /^(?:_?无_?|(?:[无未临]|临时|没有)?[号车]?牌(?:照|车辆?)?|临时车辆?|未(?:知|识别|上牌)(?:车牌)?|NO_?PLATE|UNKNOWN|UNLICENSED|UNDEFINED|N\/?A|NULL|NONE|0+|-*)$/;
/** A plate of any country: its letters and digits, with their marks. */
const CHARACTERS = /^[\p{L}\p{Nd}\p{M}]+$/u;
/**
 * They turn the reading direction, colour a terminal, or mean nothing: no plate has them. Blanks, trailing zeros and zero widths are
 * removed instead.
 */
const HOSTILE = /[\p{Bidi_Control}\p{Cs}\p{Co}\p{Cn}]|(?![\s\0])\p{Cc}/u;
/** Separators between the parts of a plate. */
const BETWEEN = /[\s·•●○・‧∙⋅.,。、,\-‐‑‒–—―−_'"`~*|/\\()[\]{}<>]/gu;
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Mn}]/gu;
/** Characters; no plate of any country has more. */
const LONGEST = 10;
/** Told by a person or a system, who know more forms than cameras read. */
const TOLD_LONGEST = 16;
/** Markup, a formula or an address: what is pasted or injected, in no plate of any form. */
const MARKUP = /[<>&:]|^\s*[=+@]/;
/** A longer text is no plate, and is not looked through. */
const LOOKED_AT_MOST = 200;
/** Characters kept of a text that is no plate. */
const TEXT_KEPT = 64;

const SERIAL = '[A-Z0-9]';
const KINDS: readonly { readonly form: RegExp; readonly color?: PlateColor }[] = [
  // New energy: eight characters; small cars have a letter (A to K without I) first, large ones last.
  { form: new RegExp(`^[${PROVINCES}][A-Z](?:[A-HJK]${SERIAL}\\d{4}|\\d{5}[A-HJK])$`), color: 'green' },
  { form: new RegExp(`^[${PROVINCES}][A-Z]${SERIAL}{4}警$`), color: 'white' },
  { form: new RegExp(`^[${PROVINCES}][A-Z]${SERIAL}{4}[挂学]$`), color: 'yellow' },
  { form: new RegExp(`^粤Z${SERIAL}{4}[港澳]$`), color: 'black' },
  { form: new RegExp(`^[${PROVINCES}][A-Z]?${SERIAL}{4,5}领$`), color: 'black' },
  { form: /^(?:使\d{6}|\d{6}使)$/, color: 'black' },
  { form: new RegExp(`^[${PROVINCES}][A-Z]${SERIAL}{5}$`) },
];

/** A plate; `none`: a text for "no plate"; `text`: something else in place of a plate, which is no evidence. */
export type Understanding =
  | { readonly kind: 'plate'; readonly plate: Plate }
  | { readonly kind: 'none' }
  | { readonly kind: 'text'; readonly text: string };

/**
 * The plate in `text` in its normal form, "no plate", or another text. The platform's virtual plates (无A123456) are plates. Other
 * text is returned fit to be shown: invisible characters are written out.
 */
export function understandPlate(text: string): Understanding {
  // One character may stand for eighteen.
  if (text.length > LOOKED_AT_MOST) return { kind: 'text', text: shown(text) };
  const plain = [...text.normalize('NFKC').toUpperCase().replaceAll(INVISIBLE, '').replaceAll(BETWEEN, '')]
    .map((character) => SIMPLIFIED[character] ?? character)
    .join('');
  if (NONE.test(plain) || NONE.test(text.trim().toUpperCase())) return { kind: 'none' };
  const { color, rest } = splitColor(plain);
  const plate = likeDigits(rest);
  if (HOSTILE.test(text) || !CHARACTERS.test(plate) || [...plate].length > LONGEST)
    return { kind: 'text', text: shown(text) };
  const kindColor = KINDS.find(({ form }) => form.test(plate))?.color;
  const found = color ?? kindColor;
  return { kind: 'plate', plate: { text: plate, ...(found === undefined ? {} : { color: found }) } };
}

/**
 * A plate as a payment, an entry or a list has it. A paid car is not accused because its plate has a form that nobody here knows: all counts but what is
 * too long, or is shown otherwise than it is written.
 */
export function understandMessagePlate(text: string): Understanding {
  if (text.length > LOOKED_AT_MOST) return { kind: 'text', text: shown(text) };
  if ([text, text.normalize('NFKC')].some((form) => MARKUP.test(form))) return { kind: 'text', text: shown(text) };
  const understood = understandPlate(text);
  if (understood.kind !== 'text' || HOSTILE.test(text)) return understood;
  const plate = text.normalize('NFKC').toUpperCase().replaceAll(INVISIBLE, '').replaceAll(BETWEEN, '');
  return [...plate].length > TOLD_LONGEST ? understood : { kind: 'plate', plate: { text: plate } };
}

function shown(text: string): string {
  return [...text.slice(0, TEXT_KEPT)]
    .map((character) =>
      /[\p{C}\p{Z}]/u.test(character) && character !== ' '
        ? `\\u{${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`
        : character,
    )
    .join('');
}

const COLOR = '(?:渐变|[黄白])?([蓝藍黄黃白黑绿綠])[牌色]*';
const COLORED = new RegExp(
  `^${COLOR}([${PROVINCES}][A-Z].*)$|^([${PROVINCES}][A-Z]${SERIAL}{4,6}[警挂学港澳领]?)${COLOR}$`,
);

/** Some write the colour before the plate or behind it: 蓝粤B12345. A province must follow, or a whole plate go before, or it is part of something else. */
function splitColor(text: string): { readonly color?: PlateColor; readonly rest: string } {
  const [, first, before, behind, last] = COLORED.exec(text) ?? [];
  const color = COLOR_WORDS[first ?? last ?? ''];
  const rest = before ?? behind;
  return rest === undefined || color === undefined ? { rest: text } : { color, rest };
}

/** The serial of a mainland plate has no letters I and O: they stand for 1 and 0. The letter of the city may be O. */
function likeDigits(text: string): string {
  if (!new RegExp(`^[${PROVINCES}][A-Z][A-Z0-9]{4,6}`).test(text)) return text;
  return text.slice(0, 2) + text.slice(2).replaceAll('I', '1').replaceAll('O', '0');
}
