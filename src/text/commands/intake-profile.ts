/** Texts about intake profiles: faults and what to write instead. Both languages; Chinese first. */
import type { FaultText } from '../config.ts';

export const intakeProfileText = {
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
  plateOrLane: (): FaultText => ({
    message: {
      zh: '既没有 plate 也没有 lane，不知道是谁付的',
      en: 'neither plate nor lane: a payment could not be assigned',
    },
    hint: { zh: '在 payment 里至少写一个', en: 'write one of them in payment at least' },
  }),
  queryIsGet: (): FaultText => ({
    message: { zh: 'encoding: query 和 method: GET 要一起写', en: 'encoding: query and method: GET belong together' },
    hint: { zh: '两个都写，或都不写', en: 'write both or neither' },
  }),
  dataInXml: (): FaultText => ({
    message: { zh: 'XML 里直接用路径，不用 data', en: 'XML needs no data: a place reaches into it' },
    hint: { zh: '删掉 data，路径写成 Root.Body.order', en: 'remove data, and write places as Root.Body.order' },
  }),
  onePlace: (): FaultText => ({
    message: { zh: '要写且只写一个位置', en: 'it stands in exactly one place' },
    hint: { zh: '写 field、query 或 header 之一', en: 'write one of field, query, header' },
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
  noMessage: (): FaultText => ({
    message: { zh: '一行数据没有 query，也没有 header', en: 'a row has neither query nor header' },
    hint: { zh: '写 field: 列名', en: 'write field: COLUMN' },
  }),
  keyColumn: (): FaultText => ({
    message: { zh: 'id 要是一列：靠它知道哪一行读过', en: 'id is one column: by it a row is known to have been read' },
    hint: { zh: '写 id: { field: 列名 }，不用列表', en: 'write id: { field: COLUMN }, no list' },
  }),
  actingPath: (word: string): FaultText => ({
    message: {
      zh: `“${word}”像是一个动作：本机只查询，绝不发会动作的请求`,
      en: `"${word}" looks like an action: this box asks for lists and never sends what could act`,
    },
    hint: { zh: '换成查询记录的接口', en: 'choose an interface that lists records' },
  }),
  actingAnswer: (word: string): FaultText => ({
    message: {
      zh: `应答里有“${word}”：摄像机、控制器可能照此开闸，本机绝不发`,
      en: `the answer has "${word}": cameras and controllers may open a gate by it, and this box never sends it`,
    },
    hint: { zh: '换一种只表示收到的应答', en: 'choose an answer that only says that it arrived' },
  }),
};
