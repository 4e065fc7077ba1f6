/** Texts about intake profiles: faults and what to write instead. Both languages; Chinese first. */
import type { FaultText } from '../config.ts';
import * as table from './intake-profile.made.ts';

export const intakeProfileText = {
  ...table.intakeProfileText,
  oneOrigin: (given: readonly string[]): FaultText => ({
    message:
      given.length === 0
        ? { zh: '没有写这个值从哪里来', en: 'the origin of this value is missing' }
        : { zh: `这个值有几个来源：${given.join('、')}`, en: `this value has several origins: ${given.join(', ')}` },
    hint: {
      zh: '只写一个：field、query、header、value、constant；依次取第一个不为空的，写成列表',
      en: 'write one of field, query, header, value, constant; a list takes the first that is not empty',
    },
  }),
  oneWay: (given: readonly string[], all: readonly string[]): FaultText => ({
    message: {
      zh: given.length === 0 ? '没有写缴费怎样来' : `缴费怎样来写了几种：${given.join('、')}`,
      en:
        given.length === 0 ? 'how its payments come is missing' : `several ways for its payments: ${given.join(', ')}`,
    },
    hint: { zh: `写一种：${all.join('、')}`, en: `write one of ${all.join(', ')}` },
  }),
  oneParameter: (given: readonly string[], all: readonly string[]): FaultText => ({
    message: {
      zh: given.length === 0 ? '没有写这个参数从哪里来' : `这个参数有几个来源：${given.join('、')}`,
      en:
        given.length === 0
          ? 'the origin of this parameter is missing'
          : `this parameter has several origins: ${given.join(', ')}`,
    },
    hint: { zh: `写一个：${all.join('、')}`, en: `write one of ${all.join(', ')}` },
  }),
};
