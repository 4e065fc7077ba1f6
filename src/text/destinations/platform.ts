/** Texts about a destination of kind `platform`: faults of its configuration, and what it reports. Both languages; Chinese first. */
import type { FaultText } from '../config.ts';
import type { Text } from '../text.ts';
import * as table from './platform.made.ts';

const meant = (near: string | undefined, known: readonly string[]): Text => ({
  zh: `${near === undefined ? '' : `是不是想写 ${near}？`}可写：${known.join('、') || '无'}`,
  en: `${near === undefined ? '' : `did you mean ${near}? `}it knows ${known.join(', ') || 'none'}`,
});

export const platformDestinationText = {
  ...table.platformDestinationFaults,
  ...table.platformDestinationText,
  unknownName: (name: string, near: string | undefined, known: readonly string[]): FaultText => ({
    message: { zh: `这个模板不用“${name}”`, en: `this profile has no "${name}"` },
    hint: meant(near, known),
  }),
  missingName: (key: 'values' | 'secrets', name: string): FaultText => ({
    message: { zh: `模板要 ${key} 里的“${name}”`, en: `the profile asks for "${name}" in ${key}` },
    hint:
      key === 'values'
        ? { zh: `补上 values: { ${name}: … }`, en: `add values: { ${name}: … }` }
        : {
            zh: `补上 secrets: { ${name}: { secret: 名字 } }，值写在 secrets.yaml`,
            en: `add secrets: { ${name}: { secret: NAME } }, with its value in secrets.yaml`,
          },
  }),
  unknownPicture: (mode: string, near: string | undefined, modes: readonly string[]): FaultText => ({
    message: { zh: `平台模板没有图片方式“${mode}”`, en: `the platform profile has no picture mode "${mode}"` },
    hint: meant(near, modes),
  }),
};
