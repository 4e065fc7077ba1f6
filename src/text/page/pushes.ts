/** Makes of cameras, how their plates come, and what became of their pushes, in words. Chinese first. */
import type { PushOutcome, PushPicture, PushWay, PushWhy } from '../../intake/pushes/push-row.ts';
import type { Text } from '../text.ts';
import type { Texts } from './texts.ts';

export const outcomeText: Readonly<Record<PushOutcome, Text>> = {
  read: { zh: '已采用', en: 'Read' },
  none: { zh: '无车牌', en: 'No plate' },
  repeated: { zh: '重复', en: 'Repeated' },
  late: { zh: '太晚', en: 'Late' },
  refused: { zh: '拒收', en: 'Refused' },
};

export const pushWhyText: Readonly<Record<PushWhy, Text>> = {
  refined: { zh: '同一辆车识别得更准，已更新', en: 'the same vehicle read better: updated' },
  noRead: { zh: '不含车牌识别结果（心跳或其他事件）', en: 'without a plate read: a heartbeat or another event' },
  noPlate: { zh: '摄像机没有认出车牌', en: 'the camera read no plate' },
  notPlate: { zh: '不是车牌，只留存原文', en: 'this is no plate: its text is stored and not used' },
  witness: { zh: '摄像机自己的报警或道闸状态，作为旁证保存', en: 'its own alarm or barrier state, kept as a witness' },
  otherLane: { zh: '这个通道不归本机管', en: 'its gate is not one of this box' },
  secondChannel: {
    zh: '没有写 channel，却来了另一个通道的车牌，也算到这一台；给每台摄像机写 channel',
    en: 'a read of another channel, counted for this camera, which has no channel configured: give each its own',
  },
  sameId: { zh: '同一编号已经收到过', en: 'this id was received before' },
  sameVehicle: { zh: '2 秒内同一车牌，按一次算', en: 'the same plate within 2 s counts once' },
  replayed: { zh: '断网期间存下、后来补传的', en: 'stored by the camera while it was cut off, sent later' },
  old: { zh: '识别时间在一分钟以前', en: 'read more than a minute ago' },
  retained: { zh: 'MQTT 服务器保留的旧消息（retain）', en: 'an old message retained by the MQTT broker' },
  unknownCamera: {
    zh: '本机没有这个摄像机或路径；核对摄像机里填的推送路径',
    en: 'this box has no such camera or path: check the path entered in the camera',
  },
  notTheCamera: {
    zh: '来源不是这台摄像机的地址；经过 NAT 或转发时在 pushFrom 里加上它',
    en: 'not sent from the address of the camera: if it passes through another, add that one to pushFrom',
  },
  notTheSystem: {
    zh: '来源不是这个收费系统的地址；换了地址就改它的 from',
    en: 'not sent from an address of this system: if it has moved, change its from',
  },
  badSignature: {
    zh: '签名或密钥不对；两边填的密钥要一样',
    en: 'its signature or secret is wrong: enter the same key on both sides',
  },
  notInForm: {
    zh: '不是模板里写的形式；换一个模板，或照样本改模板',
    en: 'not in the form of the profile: choose another, or change it by a capture',
  },
  otherCharset: {
    zh: '像是另一种编码（UTF-8 或 GBK）；改模板里的 charset',
    en: 'it seems to be in the other character set (UTF-8 or GBK): change charset in the profile',
  },
  tooManyPayments: { zh: '太频繁：每秒最多 200 笔', en: 'too many: at most 200 payments a second' },
  unauthorized: { zh: '令牌或登录无效', en: 'the token or the login is not valid' },
  noToken: { zh: '没有带令牌（Authorization: Bearer）', en: 'sent without a token (Authorization: Bearer)' },
  methodNotAllowed: { zh: '只接受 POST 和 PUT', en: 'only POST and PUT are accepted' },
  tooManyRequests: {
    zh: '太频繁：每秒最多 10 条，同时最多 4 条',
    en: 'too many: at most 10 a second and 4 at a time',
  },
  malformed: { zh: '不是 HTTP 请求', en: 'it is no HTTP request' },
  tooLarge: { zh: '太大：一次最多 4 MB', en: 'too large: at most 4 MB' },
  slow: { zh: '没有在 10 秒内传完', en: 'it did not arrive within 10 s' },
  notUnderstood: {
    zh: '看不懂；核对摄像机种类（kind）和推送协议',
    en: 'not understood: check the kind of the camera and its push protocol',
  },
  invalid: { zh: '内容不符合要求', en: 'its content is not valid' },
  full: { zh: '暂时存不下', en: 'it could not be kept' },
  broken: { zh: '程序内部错误，已记入日志', en: 'internal error, see the log' },
};

export const wayText: Readonly<Record<PushWay, Text>> = {
  push: { zh: '推送', en: 'push' },
  stream: { zh: '订阅', en: 'event stream' },
  mqtt: { zh: 'MQTT', en: 'MQTT' },
  api: { zh: '接口', en: 'API' },
};

export const pictureText: Readonly<Record<PushPicture, Text>> = {
  came: { zh: '带图', en: 'with picture' },
  named: { zh: '图片另取', en: 'picture fetched' },
  skipped: { zh: '图片未取', en: 'picture not fetched' },
};

export const pushesPageText = {
  hint: {
    zh: '每台摄像机最近一百条推送，以及每条的去向；收费系统的推送只列被拒收的。内容相同、不带车牌的（如心跳）合为一行。只在内存里，重启后从头记。“给样本”把这条推送存成文件，车牌、图片、地址和密码都已替换，可以发给开发者当测试；只有最近的几条有。',
    en: 'The last hundred pushes of each camera, and what became of each; of management systems those that were refused. Equal messages without a plate, such as heartbeats, share a row. In memory only: a restart begins anew. “Give a capture” saves a push as a file with plates, pictures, addresses and passwords replaced, which developers play as a test; the last few have it.',
  },
  capture: { zh: '给样本', en: 'Give a capture' },
  none: { zh: '还没有收到任何推送', en: 'No push received yet' },
  noCameras: { zh: '没有配置摄像机', en: 'No cameras are configured' },
  unknown: { zh: '没有认出的来源', en: 'Unknown senders' },
  all: { zh: '全部摄像机', en: 'All cameras' },
  camera: { zh: '摄像机或系统', en: 'Camera or system' },
  outcome: { zh: '去向', en: 'Outcome' },
  allOutcomes: { zh: '全部', en: 'All' },
  refresh: { zh: '刷新', en: 'Refresh' },
  times: (count: number): Text => ({ zh: `${count} 条`, en: `${count} times` }),
  since: { zh: '自', en: 'since' },
} satisfies Texts;

/** As the trade calls them. */
export const makeText: Readonly<Record<string, Text>> = {
  hikvision: { zh: '海康威视', en: 'Hikvision' },
  dahua: { zh: '大华', en: 'Dahua, CP Plus, Intelbras' },
  vzenith: { zh: '臻识', en: 'VZenith, Alphadigi' },
  huaxia: { zh: '华夏智信', en: 'Huaxia' },
  gat1400: { zh: 'GA/T 1400 公安视图库推送', en: 'GA/T 1400 view library, pushed' },
  'onvif-plates': { zh: '其他用 ONVIF 事件报车牌的', en: 'another with plates in ONVIF events' },
  axis: { zh: '安讯士，只取图片', en: 'Axis, pictures only' },
  uniview: { zh: '宇视，只取图片', en: 'Uniview, pictures only' },
  onvif: { zh: '其他支持 ONVIF 的，只取图片', en: 'another with ONVIF, pictures only' },
  'onvif-uri': { zh: '图片地址（ONVIF 查到的）', en: 'address of a picture, from ONVIF' },
  custom: { zh: '图片地址', en: 'address of a picture' },
  'push-uniview': { zh: '宇视，推送车牌（LAPI）', en: 'Uniview, pushing plates (LAPI)' },
  'plate-recognizer': { zh: 'Plate Recognizer 推送', en: 'Plate Recognizer, pushed' },
  frigate: { zh: 'Frigate 推送', en: 'Frigate, pushed' },
  'json-push': { zh: '其他推送 JSON 的', en: 'any other that pushes JSON' },
};

export const receiveText: Readonly<Record<string, Text>> = {
  push: { zh: '摄像机推送到本机', en: 'pushed by the camera' },
  stream: { zh: '本机向摄像机订阅', en: 'fetched by this box' },
};

export const cameraPlatesText = {
  receive: { zh: '车牌怎么来', en: 'How plates come' },
  plateAt: { zh: '车牌在 JSON 里的位置', en: 'Place of the plate in the JSON' },
  plateAtHint: { zh: '一层一层用点隔开，列表写序号', en: 'names joined by dots; numbers in lists' },
  deviceId: { zh: '视图库设备编号', en: 'Device number in the view library' },
  deviceIdHint: {
    zh: '20 位；几台共用一个地址时才要填',
    en: 'twenty digits; only where several share an address',
  },
  title: { zh: '车牌', en: 'Plates' },
  enter: { zh: '在摄像机里填：', en: 'Enter at the camera:' },
  enterPlatform: { zh: '在摄像机的视图库平台设置里填：', en: 'Enter at the camera, as its view-library platform:' },
  address: { zh: '地址', en: 'Address' },
  port: { zh: '端口', en: 'Port' },
  path: { zh: '路径', en: 'Path' },
  whole: { zh: '完整地址', en: 'In one' },
  protocol: { zh: '用 HTTP，不用 HTTPS。', en: 'HTTP, not HTTPS.' },
  pathFixed: { zh: '路径由标准定死，不用填。', en: 'The standard fixes the path: nothing to enter.' },
  instead: {
    zh: '管理系统靠应答摄像机来开闸的，不要改它原来的推送地址：在摄像机里另加一个接收端。',
    en: 'Where the management system opens by its answers to the camera, leave its address alone: add this box as another receiver.',
  },
  fetched: { zh: '本机自己去取，摄像机里不用填。', en: 'This box fetches them: nothing to enter at the camera.' },
  noPort: { zh: '接收推送的接口没有打开。', en: 'The port that takes pushes is off.' },
  turnOn: { zh: '去打开', en: 'Turn it on' },
  last: { zh: '最近收到的', en: 'Last received' },
  nothing: {
    zh: '还没有收到；让一辆车过摄像机。',
    en: 'Nothing yet: let a car pass the camera.',
  },
  more: { zh: '全部推送和去向', en: 'All pushes and what became of them' },
} satisfies Texts;
