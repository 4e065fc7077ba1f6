/** Provisioning: why a file is refused and what to do, what it changes, the command. Both languages; Chinese first. */
import type { Changes } from '../../provision/change-rows.ts';
import type { ProvisionCode } from '../../provision/provision-code.ts';
import type { Text } from '../text.ts';

const both = (zh: string, en: string): Text => ({ zh, en });
const within = ({ zh, en }: Text): Text => (zh === '' ? both('', '') : both(`（${zh}）`, ` (${en})`));

const FAULTS: Readonly<Record<ProvisionCode, Text>> = {
  damaged: both(
    '这不是完整的开通文件：请重新拷贝一份，或让运营方重新生成',
    'this is no whole provisioning file: copy it again, or have the operator make it again',
  ),
  signature: both(
    '签名不对：文件签好以后被改过，没有采用；请向运营方要原件',
    'the signature is wrong: the file was changed after it was signed, and nothing was done; ask the operator for the original',
  ),
  noOperator: both(
    '本机还没有认可的运营方：请与运营方核对括号里的公钥，一致再加 --trust 公钥 重新执行，以后只认这一家',
    'this box trusts no operator yet: compare the key in brackets with the operator, and repeat with --trust KEY when they agree; from then on it takes files of that key only',
  ),
  otherTrust: both(
    '给出的公钥（--trust）不是签这份文件的那一把，没有采用：请与运营方再核对，至少写前 16 位',
    'the key that was given (--trust) is not the one that signed this file, and nothing was done: compare it with the operator once more, and give its first 16 digits at least',
  ),
  otherOperator: both(
    '签名的不是本机认可的运营方，没有采用；确实换了运营方，请在本机删除 operator.pub 后再核对',
    'it is signed by another operator than this box trusts, and nothing was done; if the operator did change, delete operator.pub on this box and compare again',
  ),
  otherBox: both(
    '文件里没有本机这一行：用 lanewarden provision id 查看本机名称和公钥，请运营方加上',
    'no row of the file is for this box: lanewarden provision id shows its name and key, for the operator to add',
  ),
  otherKey: both(
    '这一行是给另一台设备加密的（设备换过，或重装过）：请运营方改用 lanewarden provision id 显示的公钥',
    'this row is sealed for another box (it was exchanged, or installed anew): have the operator use the key that lanewarden provision id shows',
  ),
  notSealed: both(
    '给本机加密的部分打不开：请运营方重新生成文件',
    'what is sealed for this box cannot be opened: have the operator make the file again',
  ),
  older: both(
    '比本机最后采用的那一份更早，没有采用：请用较新的文件，或让运营方重新生成',
    'it was made before the one that was applied last, and nothing was done: use a newer file, or have the operator make it again',
  ),
  places: both(
    '这一行缺少配置里要填的值：请运营方补上',
    'the row lacks values that the configuration needs: have the operator add them',
  ),
  profile: both(
    '会改动正在使用的设备模板：请运营方给改过的模板起一个新名字',
    'it would change a device profile that is in use: have the operator give the changed one a new name',
  ),
  configuration: both(
    '配置有错误，没有采用：请运营方改正后重新生成',
    'the configuration has faults, and nothing was done: have the operator correct it and make the file again',
  ),
  source: both('开通说明有错误，没有生成', 'the description has faults, and nothing was made'),
  operatorKey: both(
    '不是运营方私钥（Ed25519，PEM），或者文件已经存在：用 lanewarden provision key 文件 生成一把',
    'no private key of an operator (Ed25519, PEM), or the file is there already: lanewarden provision key FILE makes one',
  ),
  notWell: both(
    '采用以后不正常，已恢复原来的配置',
    'the box was not well with it, and the former configuration is back',
  ),
  interrupted: both(
    '采用途中程序中断，已恢复原来的配置：请再执行一次',
    'the program ended while it was being applied, and the former configuration is back: repeat the command',
  ),
};

export function provisionFault(code: ProvisionCode, detail: Text): Text {
  const { zh, en } = within(detail);
  return both(`${FAULTS[code].zh}${zh}`, `${FAULTS[code].en}${en}`);
}

const list = (names: readonly string[]): Text => both(names.join('、'), names.join(', '));

export const provisionText = {
  boxes: (most: number): Text => both(`boxes 要有 1 到 ${most} 行`, `boxes has 1 to ${most} rows`),
  noYaml: both('配置不是 YAML', 'the configuration is no YAML'),
  rowWithoutKey: (row: string): Text =>
    both(
      `${row}：有密钥、用户或令牌就要写本机公钥 key（在那台设备上 lanewarden provision id）`,
      `${row}: secrets, users and tokens need the key of the box (lanewarden provision id there)`,
    ),
  rowLacks: (row: string, names: readonly string[]): Text =>
    both(`${row}：values 缺 ${list(names).zh}`, `${row}: values lacks ${list(names).en}`),
  rowSurplus: (row: string, names: readonly string[]): Text =>
    both(`${row}：配置里没有地方填 ${list(names).zh}`, `${row}: the configuration has no place for ${list(names).en}`),
  noSuchPeer: (row: string, name: string): Text =>
    both(
      `${row}：confirm 里的 ${name} 不是配置里可以确认的去向或轮询的系统`,
      `${row}: ${name} of confirm is no destination or polled system of the configuration that may be confirmed`,
    ),
  rowFault: (row: string, line: number, message: Text): Text =>
    both(`${row}：第 ${line} 行 ${message.zh}`, `${row}: line ${line}, ${message.en}`),

  summary: both(
    '一份签名文件开通整台设备：生成、查看、采用',
    'sets up a whole box by one signed file: makes it, shows it, applies it',
  ),
  store: both('数据目录，代替配置里写的', 'the state folder, instead of that of the configuration'),
  key: both('make：运营方的私钥文件', 'make: file of the operator’s private key'),
  out: both('make：写到这个文件', 'make: write it to this file'),
  trust: both(
    '第一次采用：与运营方核对过的公钥（前 16 位即可）',
    'at the first use: the operator’s key as compared with him (the first 16 digits will do)',
  ),
  needsWords: both(
    '写明做什么：FILE、show FILE、make DESCRIPTION、key FILE、id',
    'say what to do: FILE, show FILE, make DESCRIPTION, key FILE, or id',
  ),
  needsKeyAndOut: both('make 要有 --key 和 --out', 'make needs --key and --out'),
  unknownKeys: (keys: string): Text => both(`${keys}：没有这个键`, `${keys}: unknown`),
  tooShort: (place: string, least: number): Text =>
    both(`${place}：至少 ${least} 个字符`, `${place}: at least ${least} character${least === 1 ? '' : 's'}`),
  oneOf: (place: string, values: readonly string[]): Text =>
    both(`${place}：只能是 ${values.join('、')}`, `${place}: one of ${values.join(', ')}`),
  missingOrWrong: (place: string): Text =>
    both(`${place}：没有写，或写法不对`, `${place}: missing, or not of its form`),
  keyMade: (file: string, short: string): Text =>
    both(
      `私钥写到 ${file}，请妥善保管：有它就能配置认可它的每一台设备。公钥（装机时核对，--trust 写 ${short}）：`,
      `The private key is in ${file}: keep it safe, whoever has it configures every box that trusts it. The public key, to be compared at the boxes (for --trust: ${short}):`,
    ),
  made: (boxes: number, file: string, key: string): Text =>
    both(
      `已生成 ${file}：${boxes} 台，签名公钥 ${key}`,
      `made ${file} for ${boxes} box${boxes === 1 ? '' : 'es'}, signed by ${key}`,
    ),
  notCarried: (names: readonly string[]): Text =>
    both(
      `没有带上这些密钥，要在设备上已经有：${list(names).zh}`,
      `these secrets are not carried and must be on the box already: ${list(names).en}`,
    ),
  signedBy: (key: string, at: string, note: string): Text => {
    const { zh, en } = within(both(note, note));
    return both(`签名公钥 ${key}，生成于 ${at}${zh}`, `signed by ${key}, made at ${at}${en}`);
  },
  row: (row: string): Text => both(`本机的一行：${row}`, `the row of this box: ${row}`),
  waiting: both('已交给正在运行的程序，等它采用……', 'handed to the running program, waiting for it …'),
  left: both(
    '程序没有在运行：已放好，下次启动时采用',
    'the program is not running: the file is in place and is applied at its next start',
  ),
  lost: both(
    '等了太久没有结果：用 lanewarden status 看程序是否在运行',
    'no result in all this time: lanewarden status tells whether the program runs',
  ),
  done: (row: string): Text => both(`已采用，运行正常（${row}）`, `applied, and the box is well with it (${row})`),
  again: both('这一份已经采用过，没有改动', 'this one is applied already; nothing was changed'),
  running: both('正在采用：新配置在试运行', 'being applied: the new configuration is on trial'),
  log: (text: Text): Text => both(`开通文件：${text.zh}`, `provisioning file: ${text.en}`),
  audit: (key: string, madeAt: string, row: string): Text =>
    both(
      `采用了运营方 ${key} 于 ${madeAt} 签的开通文件（${row}）`,
      `applied the provisioning file of operator ${key}, made at ${madeAt} (${row})`,
    ),
  refusedByMqtt: (why: Text): Text =>
    both(
      `MQTT 收到的开通文件没有采用：${why.zh}`,
      `a provisioning file that came over MQTT was not applied: ${why.en}`,
    ),
  handed: (key: string): Text => both(`交来运营方 ${key} 签的开通文件`, `left a provisioning file of operator ${key}`),
  refused: (why: Text): Text => both(`没有采用开通文件：${why.zh}`, `did not apply a provisioning file: ${why.en}`),
  /** Who acts in its name: no user can be called so. */
  by: '(provision)',
} as const;

const HOW = { new: both('新', 'new'), changed: both('改', 'changed'), same: both('不变', 'the same') } as const;
const SHOWN_MAX = 100;

/** One line each. */
export function changeLines({ configuration, secrets, profiles, users, tokens, confirms }: Changes): readonly Text[] {
  const named = (rows: Changes['secrets']) => ({
    zh: rows.map(({ name, how }) => `${name}（${HOW[how].zh}）`).join('、'),
    en: rows.map(({ name, how }) => `${name} (${HOW[how].en})`).join(', '),
  });
  const left = configuration.length - SHOWN_MAX;
  const some = (rows: readonly unknown[], zh: string, en: string, of: Text): readonly Text[] =>
    rows.length === 0 ? [] : [both(`${zh}：${of.zh}`, `${en}: ${of.en}`)];
  return [
    configuration.length === 0
      ? both('配置：不变', 'configuration: the same')
      : both(
          `配置：${configuration.length} 处`,
          `configuration: ${configuration.length} change${configuration.length === 1 ? '' : 's'}`,
        ),
    ...configuration.slice(0, SHOWN_MAX).map(({ path, before, after }) => {
      if (before === undefined) return both(`  ＋ ${path}：${after}`, `  + ${path}: ${after}`);
      if (after === undefined) return both(`  － ${path}（原为 ${before}）`, `  - ${path} (was ${before})`);
      return both(`  ${path}：${before} → ${after}`, `  ${path}: ${before} → ${after}`);
    }),
    ...(left > 0 ? [both(`  还有 ${left} 处`, `  and ${left} more`)] : []),
    ...some(secrets, '密钥', 'secrets', named(secrets)),
    ...some(profiles, '设备模板', 'device profiles', named(profiles)),
    ...some(users, '用户（建立或改密码）', 'users (made, or given this password)', list(users)),
    ...some(tokens, '令牌（建立或替换）', 'tokens (made or replaced)', list(tokens)),
    ...some(confirms, '由运营方确认的内网去向', 'peers near the box that the operator confirms', list(confirms)),
  ];
}
