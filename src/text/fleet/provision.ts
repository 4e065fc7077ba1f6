/** Provisioning: why a file is refused and what to do, what it changes, the command. Both languages; Chinese first. */
import type { Changes } from '../../provision/change-rows.ts';
import type { ProvisionCode } from '../../provision/provision-code.ts';
import type { Text } from '../text.ts';
import * as table from './provision.made.ts';
import { list, PROVISION_FAULTS, PROVISIONED_BY } from './provision.made.ts';

const both = (zh: string, en: string): Text => ({ zh, en });
const within = ({ zh, en }: Text): Text => (zh === '' ? both('', '') : both(`（${zh}）`, ` (${en})`));

export function provisionFault(code: ProvisionCode, detail: Text): Text {
  const { zh, en } = within(detail);
  return both(`${PROVISION_FAULTS[code].zh}${zh}`, `${PROVISION_FAULTS[code].en}${en}`);
}

export const provisionText = {
  ...table.provisionText,
  rowLacks: (row: string, names: readonly string[]): Text =>
    both(`${row}：values 缺 ${list(names).zh}`, `${row}: values lacks ${list(names).en}`),
  rowSurplus: (row: string, names: readonly string[]): Text =>
    both(`${row}：配置里没有地方填 ${list(names).zh}`, `${row}: the configuration has no place for ${list(names).en}`),
  tooShort: (place: string, least: number): Text =>
    both(`${place}：至少 ${least} 个字符`, `${place}: at least ${least} character${least === 1 ? '' : 's'}`),
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
  /** Who acts in its name: no user can be called so. */
  by: '(provision)',
} as const;
const SHOWN_MAX = 100;

/** One line each. */
export function changeLines({ configuration, secrets, profiles, users, tokens, confirms }: Changes): readonly Text[] {
  const named = (rows: Changes['secrets']) => ({
    zh: rows.map(({ name, how }) => `${name}（${PROVISIONED_BY[how].zh}）`).join('、'),
    en: rows.map(({ name, how }) => `${name} (${PROVISIONED_BY[how].en})`).join(', '),
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
