/** Texts about platform profiles: faults and what to write instead, and what a check of one found. Both languages; Chinese first. */
import type { FaultText } from '../config.ts';
import type { Text } from '../text.ts';

const listed = (names: readonly string[]): Text => ({
  zh: names.length === 0 ? '没有' : names.join('、'),
  en: names.length === 0 ? 'none' : names.join(', '),
});

export const platformProfileText = {
  badName: (name: string): FaultText => ({
    message: { zh: `“${name}”不能作字段名`, en: `"${name}" cannot be the name of a field` },
    hint: {
      zh: '以字母或下划线开头，只用字母、数字和 _ . -，最多 64 个字',
      en: 'it begins with a letter or an underscore and has letters, digits and _ . - only, at most 64',
    },
  }),
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
  secretOutside: (): FaultText => ({
    message: { zh: '密钥只能放在 headers 里', en: 'a secret may stand in headers only' },
    hint: { zh: '移到 headers，或用 signature 签名', en: 'move it to headers, or sign with it in signature' },
  }),
  numberOutsideJson: (): FaultText => ({
    message: { zh: '只有 JSON 才分数字和文字', en: 'only JSON has numbers beside texts' },
    hint: { zh: '删掉 number，或写 encoding: json', en: 'remove number, or write encoding: json' },
  }),
  needsTime: (): FaultText => ({
    message: { zh: '时间没有写格式', en: 'the form of this time is missing' },
    hint: {
      zh: '加上 time: unix-seconds、unix-ms、utc、utc-ms、local、local-compact 或 local-iso',
      en: 'add time: unix-seconds, unix-ms, utc, utc-ms, local, local-compact or local-iso',
    },
  }),
  noTime: (): FaultText => ({
    message: { zh: '这个值不是时间', en: 'this value is not a time' },
    hint: { zh: '删掉 time；当前时间写 now: 格式', en: 'remove time; the present time is now: FORM' },
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
  signatureInData: (): FaultText => ({
    message: { zh: '签名不能放在 data 里', en: 'the signature cannot stand in data' },
    hint: { zh: '放到 fields、headers 或 query', en: 'place it in fields, headers or query' },
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
  dataOutsideFields: (): FaultText => ({
    message: { zh: 'data 只能放在 fields 里', en: 'data can stand in fields only' },
    hint: { zh: '移到 fields', en: 'move it to fields' },
  }),
  objectOutsideJson: (): FaultText => ({
    message: { zh: '不是 JSON 就放不了对象', en: 'an object needs JSON' },
    hint: { zh: '写 { data: text }，或 encoding: json', en: 'write { data: text }, or encoding: json' },
  }),
  pairsOfBody: (): FaultText => ({
    message: { zh: '整个报文没有键值可排', en: 'the body as a whole has no pairs to sort' },
    hint: { zh: '写 over: fields 或 over: data', en: 'write over: fields or over: data' },
  }),
  noData: (): FaultText => ({
    message: { zh: '要签 data，却没有这一组', en: 'data is signed, and there is no such group' },
    hint: { zh: '补上 request.data，或改写 over、normal', en: 'add request.data, or choose another over or normal' },
  }),
  signsItself: (): FaultText => ({
    message: { zh: '签名在报文里，就不能签整个报文', en: 'a signature inside the body cannot be over the body' },
    hint: { zh: '把签名放到 headers 或 query，或签 data', en: 'place it in headers or query, or sign data' },
  }),
  textOfFields: (): FaultText => ({
    message: { zh: 'text-and-key 签的是一段原文', en: 'text-and-key signs a text as it is sent' },
    hint: { zh: '写 over: data 或 over: body', en: 'write over: data or over: body' },
  }),
  partsBelong: (): FaultText => ({
    message: { zh: 'parts 与 recipe: parts 要一起写', en: 'parts and recipe: parts belong together' },
    hint: { zh: '两个都写，或都不写', en: 'write both or neither' },
  }),
  noSuchPart: (part: string, own: readonly string[]): FaultText => ({
    message: { zh: `没有“${part}”这一段`, en: `there is no part "${part}"` },
    hint: {
      zh: `可写：${listed(own).zh}，或任一字段、请求头、查询参数的名称`,
      en: `write ${listed(own).en}, or the name of a field, header or query parameter`,
    },
  }),
  noSecretInText: (hashName: string): FaultText => ({
    message: { zh: `${hashName} 不带密钥，原文里也没有密钥`, en: `${hashName} has no key, and the text has no secret` },
    hint: {
      zh: "写 tail（密钥前的文字，可为 ''），在 parts 里加 secret，或改用 hmac-…",
      en: "write tail (the text before the secret, may be ''), add secret to parts, or choose hmac-…",
    },
  }),
  tokenInLogin: (): FaultText => ({
    message: { zh: '登录时还没有令牌', en: 'there is no token while logging in' },
    hint: { zh: '从 session.request 里删掉', en: 'remove it from session.request' },
  }),
  noSession: (): FaultText => ({
    message: { zh: '要用令牌，却没有写怎样登录', en: 'a token is used, and the login is missing' },
    hint: { zh: '补上 session', en: 'add session' },
  }),
  tokenUnused: (): FaultText => ({
    message: { zh: '登录得到的令牌没有用上', en: 'the token of the login is used nowhere' },
    hint: {
      zh: '在 request 里写：名称: { token: true }，或删掉 session',
      en: 'write NAME: { token: true } in request, or remove session',
    },
  }),
  undeclared: (kind: 'values' | 'secrets', name: string, declared: readonly string[]): FaultText => ({
    message: { zh: `${kind} 里没有“${name}”`, en: `there is no "${name}" in ${kind}` },
    hint: {
      zh: `在 ${kind} 里写上它的说明；已有：${listed(declared).zh}`,
      en: `declare it in ${kind}; there is ${listed(declared).en}`,
    },
  }),
  unused: (kind: 'values' | 'secrets', name: string): FaultText => ({
    message: { zh: `${kind} 里的“${name}”没有用上`, en: `"${name}" of ${kind} is used nowhere` },
    hint: { zh: '删掉它，或在 request 里用上', en: 'remove it, or use it in request' },
  }),
  pictureNotMade: (fact: string): FaultText => ({
    message: { zh: `没有哪种图片方式给出 ${fact}`, en: `no picture mode makes ${fact}` },
    hint: { zh: `在 pictures 里写：方式: { facts: [${fact}] }`, en: `write MODE: { facts: [${fact}] } in pictures` },
  }),
  pictureUnused: (fact: string): FaultText => ({
    message: { zh: `${fact} 没有用上`, en: `${fact} is used nowhere` },
    hint: { zh: `在 request 里写：名称: { fact: ${fact} }`, en: `write NAME: { fact: ${fact} } in request` },
  }),
  partInJson: (): FaultText => ({
    message: { zh: 'JSON 报文不能带文件', en: 'a JSON body has no part for a file' },
    hint: {
      zh: '用 facts: [pictureBase64] 放进字段，或写 encoding: multipart',
      en: 'put it into a field with facts: [pictureBase64], or write encoding: multipart',
    },
  }),
};
