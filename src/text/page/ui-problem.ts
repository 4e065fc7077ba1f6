/**
 * Problems between the page and the box, for a person: the codes of the interface that the page can meet, and no answer at all. Codes that only
 * a program meets keep the text of the box.
 */
import type { PageProblemCode } from '../../page/api/api.ts';
import type { Text } from '../text.ts';

type OfPrograms =
  | 'lengthRequired'
  | 'malformed'
  | 'methodNotAllowed'
  | 'mediaType'
  | 'json'
  | 'encoding'
  | 'notTheCamera'
  | 'plainHttp';

export const uiProblemText: Readonly<
  Record<Exclude<PageProblemCode, OfPrograms> | 'offline', Text> & Partial<Record<OfPrograms, Text>>
> = {
  offline: {
    zh: '本机没有应答：检查手机与它是否在同一网络，稍后再试',
    en: 'The box does not answer: check that this device is on its network, then try again',
  },
  setup: { zh: '本机还没有设置密码', en: 'No password has been set on this box yet' },
  unauthorized: { zh: '登录已失效，请重新登录', en: 'Session expired, please log in again' },
  wrongPassword: { zh: '用户名或密码不对', en: 'Wrong user or password' },
  wrongCode: {
    zh: '设置码不对：再核对标签上的 16 个字符',
    en: 'Wrong set-up code: compare the 16 characters on the label',
  },
  weakPassword: {
    zh: '密码太弱：至少 12 个字符，不能是常见密码或一个词加数字',
    en: 'The password is too weak: at least 12 characters, not a common one, nor one word with digits',
  },
  wrongPin: { zh: 'PIN 不对', en: 'Wrong PIN' },
  pinToChange: {
    zh: '这个 PIN 是别人设的，只能用一次：填上自己选的新 PIN',
    en: 'This PIN was set by somebody else, for one use: enter a new one of your own',
  },
  weakPin: { zh: 'PIN 太容易猜', en: 'The PIN is too easy to guess' },
  forbidden: { zh: '您的账号没有这个权限', en: 'Your account may not do this' },
  otherLane: { zh: '这不是您岗亭的车道', en: 'This is not a lane of your booth' },
  foreign: {
    zh: '请求来自别的网站，本机拒绝了：请直接打开本机的地址',
    en: 'The request came from another site and was refused: open the address of the box itself',
  },
  tooManyRequests: { zh: '太频繁了，请稍后再试', en: 'Too many requests, please wait' },
  notFound: { zh: '没有找到：可能已经被删除', en: 'Not found: it may have been deleted' },
  tooLarge: { zh: '太大了，本机不接受', en: 'Too large for the box' },
  slow: { zh: '本机太忙，没有及时应答，请再试一次', en: 'The box was too busy to answer in time, try again' },
  invalid: { zh: '填写的内容不对', en: 'Some fields are not valid' },
  conflict: {
    zh: '现在不能这样做',
    en: 'Not possible now',
  },
  busy: { zh: '同类的任务正在进行，请等它结束', en: 'A task of this kind is already running, wait for it to end' },
  unavailable: {
    zh: '暂时不可用：没有生效的配置，或者存储没有应答',
    en: 'Not available now: no configuration is in force, or the store does not answer',
  },
  full: { zh: '已经满了', en: 'It is full' },
  broken: { zh: '本机内部出错，详情见日志', en: 'Internal error; see the log of the box' },
};
