/** Texts about a configuration: faults and their hints. Both languages; Chinese first. */

import * as table from './config.made.ts';
import { SYNTAX, TYPE_NAMES } from './config.made.ts';
import type { Text } from './text.ts';

/** A fault and what to do about it. */
export interface FaultText {
  readonly message: Text;
  readonly hint: Text;
}
const typeName = (name: string): Text => TYPE_NAMES[name] ?? { zh: name, en: name };

const list = (names: readonly string[], zh: string, en: string): Text =>
  names.length === 0
    ? { zh: `${zh}：没有`, en: `${en}: none` }
    : { zh: `${zh}：${names.join('、')}`, en: `${en}: ${names.join(', ')}` };

const didYouMean = (near: string | undefined, otherwise: Text): Text =>
  near === undefined
    ? otherwise
    : { zh: `是不是想写 ${near}？${otherwise.zh}`, en: `did you mean ${near}? ${otherwise.en}` };

/** Chinese texts of the kinds' own checks, which are in English. */
const KIND_MESSAGES: Readonly<Record<string, string>> = {
  'user and password belong together': 'user 和 password 要么都写，要么都不写',
  'Invalid input': '值不对',
};

export const configFaultText = {
  ...table.configFaults,
  ...table.configFaultText,
  syntax: (code: string): FaultText => ({
    message: {
      zh: `不是有效的 YAML：${(SYNTAX[code] ?? SYNTAX.IMPOSSIBLE)?.zh}`,
      en: `not valid YAML: ${(SYNTAX[code] ?? SYNTAX.IMPOSSIBLE)?.en}`,
    },
    hint: {
      zh: '检查这一行和上一行的缩进（只用空格）、冒号后的空格、成对的引号和括号',
      en: 'look at this line and the one above: indentation by spaces, a space after each colon, quotes and brackets in pairs',
    },
  }),
  unknownKey: (key: string, near: string | undefined, known: readonly string[]): FaultText => ({
    message: { zh: `没有“${key}”这个键`, en: `there is no key "${key}"` },
    hint: didYouMean(near, list(known, '这里可以写的键', 'the keys that may stand here')),
  }),
  type: (key: string, expected: string, got: string): FaultText => ({
    message: {
      zh: `“${key}”应当是${typeName(expected).zh}，写的却是${typeName(got).zh}`,
      en: `"${key}" must be ${typeName(expected).en}, not ${typeName(got).en}`,
    },
    hint:
      expected === 'string'
        ? { zh: '如果是文字，请加引号', en: 'put it in quotes if it is meant as text' }
        : { zh: `请改成${typeName(expected).zh}`, en: `write ${typeName(expected).en}` },
  }),
  choice: (key: string, value: string, choices: readonly string[], near: string | undefined): FaultText => ({
    message: { zh: `“${key}”不能是“${value}”`, en: `"${key}" cannot be "${value}"` },
    hint: didYouMean(near, list(choices, '可选', 'one of')),
  }),
  /** A driver's own message, in its own language. */
  kind: (message: string): FaultText => ({
    message: { zh: KIND_MESSAGES[message] ?? message, en: message },
    hint: { zh: '按这种设备的说明修改', en: 'change it as the description of this kind says' },
  }),
  unknownKind: (kind: string, kinds: readonly string[], near: string | undefined): FaultText => ({
    message: { zh: `这个版本没有“${kind}”这种设备`, en: `this version has no kind "${kind}"` },
    hint: didYouMean(near, list(kinds, '可选', 'there are')),
  }),
  unknownProfile: (profile: string, profiles: readonly string[]): FaultText => ({
    message: { zh: `没有名为“${profile}”的型号`, en: `there is no profile "${profile}"` },
    hint: list(profiles, '最接近的在前', 'the nearest first'),
  }),
  noProfile: (profiles: readonly string[]): FaultText => ({
    message: { zh: '缺少“profile”（型号）', en: '"profile" is missing' },
    hint: list(profiles, '可选', 'there are'),
  }),
  unknownDevice: (device: string, devices: readonly string[], near: string | undefined): FaultText => ({
    message: { zh: `没有编号为“${device}”的设备`, en: `there is no device "${device}"` },
    hint: didYouMean(near, list(devices, '已有的设备', 'the devices')),
  }),
  unknownPoint: (device: string, point: string, points: readonly string[], near: string | undefined): FaultText => ({
    message: { zh: `设备 ${device} 没有点位“${point}”`, en: `device ${device} has no point "${point}"` },
    hint: didYouMean(near, list(points, '它的点位', 'its points')),
  }),
  unknownCamera: (camera: string, cameras: readonly string[], near: string | undefined): FaultText => ({
    message: { zh: `没有编号为“${camera}”的摄像机`, en: `there is no camera "${camera}"` },
    hint: didYouMean(near, list(cameras, '已有的摄像机', 'the cameras')),
  }),
  unknownLane: (lane: string, lanes: readonly string[], near: string | undefined): FaultText => ({
    message: { zh: `没有编号为“${lane}”的车道`, en: `there is no lane "${lane}"` },
    hint: didYouMean(near, list(lanes, '可选', 'there are')),
  }),
  noSecret: (name: string, file: string, exists: boolean): FaultText => ({
    message: {
      zh: exists ? `密钥文件 ${file} 里没有“${name}”` : `没有密钥文件 ${file}，找不到“${name}”`,
      en: exists ? `${file} has no "${name}"` : `there is no ${file}, so no "${name}"`,
    },
    hint: {
      zh: `在 ${file} 里写一行  ${name}: "密钥"  ，然后 chmod 600 ${file}`,
      en: `write a line  ${name}: "the secret"  into ${file}, then chmod 600 ${file}`,
    },
  }),
  secretsMode: (file: string, mode: number): FaultText => ({
    message: {
      zh: `密钥文件 ${file} 的权限是 ${mode.toString(8)}，别人也能读`,
      en: `others may read ${file}: its mode is ${mode.toString(8)}`,
    },
    hint: { zh: `执行 chmod 600 ${file}`, en: `run chmod 600 ${file}` },
  }),
};

export const fileText = {
  ...table.fileText,
  invalid: (file: string, count: number): Text => ({
    zh: `${file} 有 ${count} 处错误`,
    en: `${file} has ${count} ${count === 1 ? 'fault' : 'faults'}`,
  }),
};
