/** Texts about platform profiles: faults and what to write instead, and what a check of one found. Both languages; Chinese first. */
import type { FaultText } from '../config.ts';
import type { Text } from '../text.ts';
import * as table from './platform-profile.made.ts';

const listed = (names: readonly string[]): Text => ({
  zh: names.length === 0 ? '没有' : names.join('、'),
  en: names.length === 0 ? 'none' : names.join(', '),
});

export const platformProfileText = {
  ...table.platformProfileText,
  oneOrigin: (given: readonly string[]): FaultText => ({
    message:
      given.length === 0
        ? { zh: '没有写这个值从哪里来', en: 'the origin of this value is missing' }
        : { zh: `这个值有几个来源：${listed(given).zh}`, en: `this value has several origins: ${listed(given).en}` },
    hint: {
      zh: '只写一个：fact、value、constant、secret、now、nonce、token、signature、data；依次取第一个不为空的，写成列表',
      en: 'write one of fact, value, constant, secret, now, nonce, token, signature, data; a list takes the first that is not empty',
    },
  }),
  badUnit: (units: readonly string[]): FaultText => ({
    message:
      units.length === 0
        ? { zh: '这个值没有单位', en: 'this value has no unit' }
        : { zh: '单位不对或没有写', en: 'the unit is missing or of another kind' },
    hint:
      units.length === 0
        ? { zh: '删掉 unit', en: 'remove unit' }
        : { zh: `写 unit: ${units.join(' 或 ')}`, en: `write unit: ${units.join(' or ')}` },
  }),
  noSuchValue: (value: string, choices: readonly string[]): FaultText => ({
    message: { zh: `这一项没有“${value}”这个取值`, en: `this fact is never "${value}"` },
    hint: { zh: `可取：${listed(choices).zh}`, en: `its values are ${listed(choices).en}` },
  }),
  signaturePlaces: (found: number, wanted: number): FaultText => ({
    message:
      wanted === 0
        ? { zh: '放了签名，却没有写签名方法', en: 'a signature is placed, and its recipe is missing' }
        : { zh: `签名要放且只放一处，现有 ${found} 处`, en: `the signature stands in one place, not in ${found}` },
    hint:
      wanted === 0
        ? { zh: '补上 signature，或删掉 { signature: true }', en: 'add signature, or remove { signature: true }' }
        : {
            zh: '在 fields、headers 或 query 里写一次：名称: { signature: true }',
            en: 'write NAME: { signature: true } once, in fields, headers or query',
          },
  }),
  dataPlaces: (found: number, wanted: number): FaultText => ({
    message:
      wanted === 0
        ? { zh: '放了 data，却没有这一组', en: 'data is placed, and there is no such group' }
        : { zh: `data 要放且只放一处，现有 ${found} 处`, en: `data stands in one place, not in ${found}` },
    hint: {
      zh: '在 fields 里写一次：名称: { data: object } 或 { data: text }；内容写在 request.data',
      en: 'write NAME: { data: object } or { data: text } once in fields; its members stand in request.data',
    },
  }),
  noSuchPart: (part: string, own: readonly string[]): FaultText => ({
    message: { zh: `没有“${part}”这一段`, en: `there is no part "${part}"` },
    hint: {
      zh: `可写：${listed(own).zh}，或任一字段、请求头、查询参数的名称`,
      en: `write ${listed(own).en}, or the name of a field, header or query parameter`,
    },
  }),
  undeclared: (kind: 'values' | 'secrets', name: string, declared: readonly string[]): FaultText => ({
    message: { zh: `${kind} 里没有“${name}”`, en: `there is no "${name}" in ${kind}` },
    hint: {
      zh: `在 ${kind} 里写上它的说明；已有：${listed(declared).zh}`,
      en: `declare it in ${kind}; there is ${listed(declared).en}`,
    },
  }),
};
