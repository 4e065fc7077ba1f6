/** Texts of both HTTP servers: problems, and log lines about connections. Both languages; Chinese first. */
import type { Text } from './text.ts';

const both = (zh: string, en: string): Text => ({ zh, en });

export interface ProblemText {
  readonly title: Text;
  readonly detail: Text;
}

/** Refusals of both servers; the intake words some of them for programs (`intake.ts`). */
export const httpProblemText = {
  setup: {
    title: both('还没有设置密码', 'No password has been set yet'),
    detail: both(
      '请先用设置码设置密码；设置码在日志里，也可运行 lanewarden setup-code 查看',
      'Set a password first; the set-up code is in the log, and lanewarden setup-code shows it',
    ),
  },
  unauthorized: {
    title: both('请登录', 'Log in first'),
    detail: both('没有登录，或登录已过期', 'There is no session, or it has ended'),
  },
  wrongPassword: {
    title: both('用户名或密码不对', 'Wrong user or password'),
    detail: both('请重新输入', 'Please try again'),
  },
  wrongCode: {
    title: both('设置码不对', 'Not the set-up code'),
    detail: both(
      '没有标签的，在本机的控制台运行 lanewarden setup-code；用过一次就失效',
      'Without a label run lanewarden setup-code at the console of the box; it works once',
    ),
  },
  weakPassword: {
    title: both('密码太弱', 'The password is too weak'),
    detail: both(
      '至少 12 个字符，不能是常见密码、用户名或一个词加数字；几个不相干的词连起来就很好',
      'At least 12 characters; not a common password, the user’s name or one word with digits. A few unrelated words make a good one',
    ),
  },
  wrongPin: {
    title: both('PIN 不对', 'Wrong PIN'),
    detail: both('请重新输入', 'Please try again'),
  },
  pinToChange: {
    title: both('请换成自己的 PIN', 'Choose a PIN of your own'),
    detail: both(
      '这个 PIN 是别人设的，只能用一次：上岗时一起填上自己选的新 PIN',
      'This PIN was set by somebody else, for one use: give a new one of your own with it',
    ),
  },
  weakPin: {
    title: both('PIN 太容易猜', 'The PIN is too easy to guess'),
    detail: both('六位数字，不能全相同，也不能是连续数字', 'Six digits, not all alike and not one after the other'),
  },
  forbidden: {
    title: both('权限不够', 'You may not do this'),
    detail: both('请用权限更高的用户登录', 'Log in as a user who may'),
  },
  otherLane: {
    title: both('不是您的车道', 'Not a lane of yours'),
    detail: both(
      '这个岗亭账号只能看指定的车道；需要别的车道，请安装员在“用户”页上改',
      'This booth user sees only the lanes it is bound to; an installer changes them on the page Users',
    ),
  },
  foreign: {
    title: both('请求来自别的网站', 'The request comes from another site'),
    detail: both(
      '请直接用本机的地址或主机名打开页面；经由别的名字访问时，把它写进配置 page.hosts',
      'Open the page by the address or host name of the box; add another name to page.hosts in the configuration',
    ),
  },
  tooManyRequests: {
    title: both('尝试次数太多', 'Too many attempts'),
    detail: both('请按 Retry-After 的秒数等待后再试', 'Wait the seconds of Retry-After, then try again'),
  },
  notFound: {
    title: both('没有找到', 'Not found'),
    detail: both('没有这个地址或这条记录', 'There is nothing at this path, or no such record'),
  },
  methodNotAllowed: {
    title: both('不支持这种请求方法', 'This method is not supported'),
    detail: both('支持的方法见 Allow 头', 'The header Allow lists those that are'),
  },
  mediaType: {
    title: both('内容类型不支持', 'Unsupported media type'),
    detail: both('请发送 Content-Type: application/json', 'Send Content-Type: application/json'),
  },
  tooLarge: {
    title: both('内容太大', 'The request is too large'),
    detail: both('超过了这个地址允许的大小', 'It is larger than this path allows'),
  },
  lengthRequired: {
    title: both('没有 Content-Length', 'Content-Length is missing'),
    detail: both(
      '请在请求头里写 Content-Length（内容的字节数）；没有它，HTTP 规定内容为空',
      'Send the header Content-Length with the number of bytes of the body: without it, by the rules of HTTP, there is no body',
    ),
  },
  malformed: {
    title: both('这不是 HTTP 请求', 'This is no HTTP request'),
    detail: both(
      '请检查请求行和请求头的格式、长度和换行（CRLF）',
      'Check the form, the size and the line ends (CRLF) of the request line and the headers',
    ),
  },
  slow: {
    title: both('内容没有及时传完', 'The body did not arrive in time'),
    detail: both('请检查网络后重试', 'Check the network and try again'),
  },
  plainHttp: {
    title: both('这个端口要用 https', 'This port speaks TLS'),
    detail: both('请把地址改成 https:// 开头', 'Write https:// in the address'),
  },
  notTheCamera: {
    title: both('不是这台摄像机', 'This is not the camera'),
    detail: both('请求不是来自摄像机的地址', 'The request does not come from the address of the camera'),
  },
  encoding: {
    title: both('内容不是 UTF-8 编码', 'The body is not UTF-8'),
    detail: both('请以 UTF-8 发送', 'Send it as UTF-8'),
  },
  json: {
    title: both('内容不是 JSON', 'The body is not JSON'),
    detail: both('要一个 UTF-8 编码的 JSON 对象', 'One JSON object in UTF-8 is required'),
  },
  invalid: {
    title: both('内容有误', 'Something in it is wrong'),
    detail: both('见 errors', 'See errors'),
  },
  conflict: {
    title: both('状态已变', 'It has changed'),
    detail: both(
      '别人改过了，或当前状态不允许；请刷新后再试',
      'Another user changed it, or its state does not allow this: reload and try again',
    ),
  },
  busy: {
    title: both('正在进行', 'Already under way'),
    detail: both('同类操作正在进行，请等它结束或先取消', 'Another of this kind is running: wait for it or cancel it'),
  },
  unavailable: {
    title: both('暂时不可用', 'Not available now'),
    detail: both('没有生效的配置，或存储没有应答', 'No configuration is in force, or the store does not answer'),
  },
  full: {
    title: both('已满', 'Full'),
    detail: both('同时打开的页面太多，或磁盘已满', 'Too many pages are open at a time, or the disk is full'),
  },
  broken: {
    title: both('程序出错', 'Internal error'),
    detail: both('详情在日志里', 'The log has the details'),
  },
} as const satisfies Readonly<Record<string, ProblemText>>;

export const httpLog = {
  shed: (server: string, block: string, count: number): Text =>
    both(
      `${server}：连接太多，关闭了 ${count} 个没有登录、没有令牌的连接（多数来自 ${block}）`,
      `${server}: too many connections, closed ${count} without session or token (most recently of ${block})`,
    ),
} as const;

const TYPES: Readonly<Record<string, Text>> = {
  string: { zh: '文字', en: 'text' },
  number: { zh: '数字', en: 'a number' },
  int: { zh: '整数', en: 'a whole number' },
  object: { zh: '对象', en: 'an object' },
  boolean: { zh: 'true 或 false', en: 'true or false' },
};

/** What is wrong with one field of a body or message. */
export const httpFieldText = {
  nested: (most: number): Text =>
    both(`内容嵌套超过 ${most} 层`, `lists and objects are nested more than ${most} deep`),
  control: both(
    '不能有控制字符、换行或改变文字方向的字符',
    'must have no control characters, line breaks or characters that change the direction of text',
  ),
  missing: { zh: '缺少这个字段', en: 'is missing' },
  unknown: { zh: '没有这个字段', en: 'is not a field of this message' },
  type: (expected: string): Text => ({
    zh: `应当是${TYPES[expected]?.zh ?? expected}`,
    en: `must be ${TYPES[expected]?.en ?? expected}`,
  }),
  choice: (values: readonly string[]): Text => ({
    zh: `只能是 ${values.join('、')}`,
    en: `must be one of ${values.join(', ')}`,
  }),
  least: (least: number): Text => ({ zh: `不能小于 ${least}`, en: `cannot be less than ${least}` }),
  most: (most: number): Text => ({ zh: `不能大于 ${most}`, en: `cannot be more than ${most}` }),
  length: (most: number): Text => ({ zh: `要有内容，最多 ${most} 个字`, en: `must have 1 to ${most} characters` }),
  shortest: (least: number): Text =>
    least <= 1
      ? both('不能为空', 'must not be empty')
      : both(`至少 ${least} 个字`, `must have at least ${least} characters`),
  time: {
    zh: '应当是带时区的时间，例如 2026-05-01T12:00:00+08:00',
    en: 'must be a time with its offset, such as 2026-05-01T12:00:00+08:00',
  },
  format: both('格式不对', 'has the wrong format'),
  wrong: both('内容不对', 'is not valid'),
} as const;

/** At `/help/`, where the documents were not built. */
export const noHelpText: Text = {
  zh: '这台设备上没有装帮助文档。请向提供设备的人要；用安装包装的设备都带着它。',
  en: 'The documents are not installed on this box. Ask the supplier of the box for them; a box installed from the package has them.',
};
