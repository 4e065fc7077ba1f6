/**
 * Passwords of twelve characters or more that are guessed first: not a list from anywhere, but the patterns people use when they must reach a
 * length: runs on the keyboard, a word said twice, a word with digits behind it, and the names of this product and its trade.
 */

/** Rows of the keyboard and of the alphabet, forwards; backwards and wrapped around are looked for too. */
const RUNS = [
  '01234567890',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
];

/** Words that a password for such a box begins or ends with. Lower case, without separators. */
const WORDS = [
  'lanewarden',
  'zhakouweishi',
  '闸口卫士',
  'parking',
  'tingche',
  'tingchechang',
  'carpark',
  'parkinglot',
  'barrier',
  'daozha',
  'gate',
  'zhaji',
  'chedao',
  'lane',
  '4pyun',
  'pyun',
  'camera',
  'hikvision',
  'dahua',
  'vzenith',
  'hik',
  'dahuatech',
  'raspberry',
  'raspberrypi',
  'debian',
  'modbus',
  'rs485',
  'admin',
  'administrator',
  'root',
  'guest',
  'user',
  'operator',
  'installer',
  'viewer',
  'manager',
  'system',
  'service',
  'support',
  'test',
  'demo',
  'default',
  'password',
  'passwd',
  'passw0rd',
  'p@ssw0rd',
  'p@ssword',
  'pass',
  'mima',
  'wodemima',
  'secret',
  'login',
  'welcome',
  'letmein',
  'changeme',
  'qwerty',
  'qwertyuiop',
  'asdfgh',
  'zxcvbn',
  'iloveyou',
  'woaini',
  'wo ai ni',
  'nihao',
  'hello',
  'monkey',
  'dragon',
  'master',
  'sunshine',
  'princess',
  'football',
  'baseball',
  'superman',
  'batman',
  'shadow',
  'michael',
  'beijing',
  'shanghai',
  'shenzhen',
  'guangzhou',
  'china',
  'zhongguo',
  'internet',
  'computer',
  'server',
  'office',
  'company',
  'security',
  'anquan',
  'baoan',
  'wuye',
  'xiaoqu',
  'abc',
  'aaa',
  'abcd',
  'abcdef',
  'qaz',
  'wsx',
  'qazwsx',
  'a',
  'b',
  'q',
  'z',
  'woaiwojia',
  'wangluo',
  'guanli',
  'guanliyuan',
];

/** Whether a password is one of the patterns above. It is looked at without case, separators and the usual replacements of letters. */
export function isCommon(password: string): boolean {
  const text = password.toLowerCase().replaceAll(/[\s._\-!@#*~+=,;:?/\\|]/g, '');
  const plain = plainLetters(text);
  return (
    hasFewCharacters(text) || isRepeated(text) || isRunsOnly(text) || isWordAndFiller(text) || isWordAndFiller(plain)
  );
}

function plainLetters(text: string): string {
  return text
    .replaceAll('0', 'o')
    .replaceAll('1', 'i')
    .replaceAll('3', 'e')
    .replaceAll('4', 'a')
    .replaceAll('5', 's')
    .replaceAll('$', 's');
}

const hasFewCharacters = (text: string): boolean => new Set(text).size < 5;

/** `abc123abc123`, `passwordpassword`. */
function isRepeated(text: string): boolean {
  for (let length = 1; length <= text.length / 2; length += 1) {
    const part = text.slice(0, length);
    if (text === part.repeat(Math.ceil(text.length / length)).slice(0, text.length)) return true;
  }
  return false;
}

/** Nothing is left when runs of three and more are taken away. */
function isRunsOnly(text: string): boolean {
  return restWithoutRuns(text).length <= 2;
}

function restWithoutRuns(text: string): string {
  const rows = RUNS.flatMap((row) => [row + row, [...(row + row)].reverse().join('')]);
  let rest = '';
  let at = 0;
  while (at < text.length) {
    let length = 0;
    for (let end = Math.min(text.length, at + 36); end >= at + 3 && length === 0; end -= 1)
      if (rows.some((row) => row.includes(text.slice(at, end)))) length = end - at;
    if (length === 0) rest += text[at];
    at += Math.max(1, length);
  }
  return rest;
}

/** Words of the list, years, digits and runs, and at most two characters besides. */
function isWordAndFiller(text: string): boolean {
  const words = [...WORDS].filter((word) => word.length >= 3).sort((a, b) => b.length - a.length);
  const rest = words.reduce((left, word) => left.replaceAll(word, '\u0000'), text);
  if (!rest.includes('\u0000')) return /^\D{0,2}\d+\D{0,2}$/.test(text);
  return restWithoutRuns(rest.replaceAll('\u0000', ' ')).replaceAll(/[\s\d]/g, '').length <= 2;
}
