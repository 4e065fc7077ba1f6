/** Texts of the page's server: problems, jobs, audit, the log's lines about the page. Chinese first. */

import type { UserRole } from '../../page/api/api.ts';
import type { JobKind } from '../../page/api/api-setup.ts';
import { pinText } from '../duty.ts';
import type { Text } from '../text.ts';
import { MARK_NAME } from './ui-review.ts';
import { roleName } from './ui-shell.ts';

const both = (zh: string, en: string): Text => ({ zh, en });

export const jobText = {
  begins: both('开始', 'beginning'),
  failed: (message: string): Text => both(`失败：${message}`, `failed: ${message}`),
} as const;

export const pageText = {
  boothToday: both('岗亭账号看不到当天的日报，第二天起可以看', 'A booth sees the sheet of a day when the day is over'),
  noLane: both('没有这个车道', 'there is no such lane'),
  noHost: both(
    '请求没有 Host 头，网页需要它；推送车牌和缴费请用接口的端口（intake.http.listen）',
    'The request has no header Host, which the page needs; plates and payments are pushed to the port of the intake (intake.http.listen)',
  ),
  lastInstaller: both('这是最后一个安装员，不能删：请先添加另一个', 'The last installer stays: add another first'),
  lanesOfBooth: both('只有岗亭用户可以限定车道', 'only a booth user is bound to lanes'),
  noReason: both('放得对、判错要写原因', 'rightful, and wrong, need a reason'),
  noWords: both('当事人说明要写上说了什么', 'an answer needs its words'),
  /** The user name of every visitor of the demonstration. */
  demoUser: 'demo',
  /** Who acts while there is no user: a name that no user can have. */
  newBox: '(new box)',
  badToken: both('令牌无效或已作废', 'The token is not valid, or was revoked'),
  missingScope: (scope: string | undefined): Text =>
    scope === undefined
      ? both('令牌不能做这件事，要登录', 'No token may do this: log in')
      : both(`令牌没有权限 ${scope}`, `The token lacks the scope ${scope}`),
  tokenTaken: (name: string): Text => both(`已经有叫“${name}”的令牌`, `There is a token named ${name} already`),
  tokensFull: (most: number): Text =>
    both(`最多 ${most} 个令牌，请先作废不用的`, `There are ${most} tokens, the most there may be: revoke one first`),
  /** Who acts with a token that is none: a name that no user can have. */
  noToken: '(token)',
  needsPassphrase: both(
    '含密钥的备份要用口令加密：POST /api/v1/backup {"passphrase"}',
    'a backup with secrets is encrypted with a passphrase: POST /api/v1/backup {"passphrase"}',
  ),
  noMethod: both('没有这种放行方式', 'there is no such method'),
  onWire: both(
    '这条记录正在上传，等平台应答后再试',
    'The record is being uploaded: try again once the platform has answered',
  ),
  onWireOrSame: both(
    '这条记录正在上传，或者没有要改的内容：稍后刷新再试',
    'The record is being uploaded, or there is nothing to change: reload and try again',
  ),
  maintenanceTooLong: (minutes: number): Text =>
    both(
      `维护最长 ${minutes} 分钟；需要更久请改配置 page.maintenanceMax`,
      `maintenance lasts ${minutes} min at most; page.maintenanceMax of the configuration allows more`,
    ),
  diskRefuses: both(
    '磁盘已满、只读或出错，没有保存；请先释放空间或检查存储卡',
    'The disk is full, read-only or failing; nothing was saved: free space or check the card first',
  ),
  samePin: both('新 PIN 要和原来的不同', 'The new PIN must differ from the one before'),
  notEditable: both(
    '改不了：不是 YAML、没有这个位置，或引用（*）缺少锚点（&）',
    'cannot be changed: not YAML, no such path, or an alias (*) without its anchor (&)',
  ),
} as const;

/** The log's lines about the page. */
export const pageLog = {
  listening: (url: string): Text => both(`本地网页：${url}`, `local page: ${url}`),
  fingerprint: (text: string): Text =>
    both(`本机证书指纹 SHA-256：${text}`, `certificate of this box, SHA-256: ${text}`),
  noCertificate: both(
    '没有私钥或证书，或 30 天内到期',
    'no private key, no certificate, or one that ends within 30 days',
  ),
  certificateUnusable: (file: string, why: Text): Text =>
    both(
      `${file} 里的证书不能用（${why.zh}），继续用原来的；请把私钥和它的证书（PEM）写进这个文件`,
      `the certificate in ${file} cannot be used (${why.en}); the former one is served on. Write the private key and its certificate into it, as PEM`,
    ),
  setupCode: (code: string): Text =>
    both(
      `还没有设置密码。打开本地网页，输入一次性设置码 ${code}`,
      `no password has been set: open the local page and give the one-time set-up code ${code}`,
    ),
  cannotListen: (address: string, message: string): Text =>
    both(
      `本地网页无法监听 ${address}（${message}）；车道照常工作，稍后再试`,
      `the local page cannot listen on ${address} (${message}); the lanes are not affected; retrying`,
    ),
  noHost: (from: string): Text =>
    both(
      `本地网页拒绝了 ${from}：请求没有 Host 头。摄像机和车牌请推送到缴费接口的端口（intake.http.listen）`,
      `the local page refused ${from}: its request has no header Host. Cameras push to the port of the intake (intake.http.listen)`,
    ),
  notBuilt: both('网页文件不在，只有接口可用', 'the page has not been built: only its interface is available'),
  broken: (stack: string): Text => both(`本地网页出错：${stack}`, `the local page failed: ${stack}`),
  auditLost: (message: string): Text =>
    both(`操作记录未能写入：${message}`, `the audit log could not be written: ${message}`),
  slowClient: both('一个浏览器收得太慢，已断开', 'a browser was too slow and was disconnected'),
} as const;

/** What a person did with a record. */
const ACTED = {
  ...{ report: both('上报', 'reported'), retry: both('重试', 'retried'), correct: both('更正', 'corrected') },
  ...{ dismiss: both('丢弃', 'dropped'), askDismiss: both('要求丢弃', 'asked to drop') },
  agreeDismiss: both('同意丢弃', 'agreed to drop'),
};

const NAMED_MOST = 20;
/** However many, it is one line. */
function recordsText(ids: readonly number[]): Text {
  if (ids.length <= NAMED_MOST) return both(`记录 ${ids.join('、')}`, `record ${ids.join(', ')}`);
  const named = ids.slice(0, NAMED_MOST);
  return both(`${ids.length} 条记录（${named.join('、')}……）`, `${ids.length} records (${named.join(', ')}, …)`);
}

/** Who did what. */
const JOB_WORD: Readonly<Record<JobKind, Text>> = {
  scan: both('找设备', 'search for devices'),
  learn: both('单项测试', 'test of one signal'),
  teach: both('接线测试', 'wiring test'),
  snapshot: both('拍一张', 'picture'),
  confirm: { zh: '确认内网地址', en: 'the confirmation of an address near the box' },
  rehearse: both('发送测试记录', 'test record'),
  readRow: both('从收费系统读一行', 'a row of a management system'),
  diagnose: both('诊断', 'diagnosis'),
  verify: both('核对证据链', 'verification of the chain'),
  apply: both('启用配置', 'application of a configuration'),
  restore: both('恢复备份', 'restoring'),
  provision: both('开通文件', 'provisioning'),
  update: both('更新', 'update'),
};

export const auditText = {
  line: (user: string, what: Text): Text => both(`用户 ${user}：${what.zh}`, `user ${user}: ${what.en}`),
  setup: (address: string): Text =>
    both(`用设置码设置了密码（来自 ${address}）`, `set a password with the set-up code (from ${address})`),
  setupRefused: (address: string): Text => both(`设置码不对（来自 ${address}）`, `wrong set-up code (from ${address})`),
  login: (address: string): Text => both(`登录（来自 ${address}）`, `logged in (from ${address})`),
  loginRefused: (address: string): Text => both(`登录失败（来自 ${address}）`, `login refused (from ${address})`),
  tokenRefused: (address: string): Text =>
    both(`令牌无效（来自 ${address}）`, `a token that is not valid (from ${address})`),
  tokenMade: (name: string, scopes: readonly string[]): Text =>
    both(`建了令牌 ${name}（${scopes.join('、')}）`, `made the token ${name} (${scopes.join(', ')})`),
  tokenRevoked: (name: string): Text => both(`作废了令牌 ${name}`, `revoked the token ${name}`),
  password: both('修改了自己的密码', 'changed their own password'),
  passwordOf: (user: string): Text => both(`重设了用户 ${user} 的密码`, `set a new password for the user ${user}`),
  applied: both('启用新的配置', 'applied a configuration'),
  readRow: (system: string): Text =>
    both(`从收费系统 ${system} 读一行试试`, `read one row of the management system ${system} as a trial`),
  kept: both('确认保留新的配置', 'kept the new configuration'),
  reverted: both('恢复原来的配置', 'restored the previous configuration'),
  acted: (kind: keyof typeof ACTED, ids: readonly number[], why: string | undefined): Text => {
    const { zh, en } = ACTED[kind];
    const which = recordsText(ids);
    return both(`${zh}${which.zh}${why ? `：${why}` : ''}`, `${en} ${which.en}${why ? `: ${why}` : ''}`);
  },
  marked: (kind: keyof typeof MARK_NAME, ids: readonly number[]): Text => {
    const which = recordsText(ids);
    return both(`复核${which.zh}：${MARK_NAME[kind].zh}`, `reviewed ${which.en}: ${MARK_NAME[kind].en}`);
  },
  reasons: (reasons: readonly string[]): Text =>
    both(`修改复核原因：${reasons.join('、')}`, `changed the reasons of review: ${reasons.join(', ')}`),
  pin: (operator: string, done: 'set' | 'changed' | 'removed'): Text => pinText(operator, done),
  signedForeign: (operator: string, setBy: string): Text =>
    both(
      `用 ${setBy} 设的 PIN 登记了 ${operator}，不是本人的 PIN`,
      `signed for ${operator} with the PIN that ${setBy} had set, which is not the operator's own`,
    ),
  wrongPins: (operator: string, address: string): Text =>
    both(`${operator} 的 PIN 连续输错 5 次（来自 ${address}）`, `five wrong PINs for ${operator} (from ${address})`),
  signedOn: both('上岗登记', 'signed on for duty'),
  signedOff: both('下岗登记', 'signed off duty'),
  agreed: both('同意了等待的改动', 'agreed to the change that waited'),
  withdrew: both('撤回了等待的改动', 'withdrew the change that waited'),
  vehiclesWait: (count: number): Text =>
    both(`交来名单车辆 ${count} 辆，等第二个人同意`, `gave ${count} known vehicles, which wait for a second person`),
  restoreWaits: both('交来备份，等第二个人同意', 'gave a backup to restore, which waits for a second person'),
  provisionWaits: both('交来开通文件，等第二个人同意', 'gave a provisioning file, which waits for a second person'),
  vehicles: (taken: number, removed: number): Text =>
    both(`导入名单车辆 ${taken} 辆，去掉 ${removed} 辆`, `imported ${taken} known vehicles, removed ${removed}`),
  retriedAll: (count: number): Text => both(`全部重试（${count} 条）`, `retried everything (${count})`),
  paused: (destination?: string): Text =>
    destination === undefined
      ? both('暂停上传', 'paused uploads')
      : both(`暂停去向 ${destination}`, `paused the destination ${destination}`),
  resumed: (destination?: string): Text =>
    destination === undefined
      ? both('恢复上传', 'resumed uploads')
      : both(`恢复去向 ${destination}`, `resumed the destination ${destination}`),
  maintenance: (lane: string, minutes: number | undefined, reason: string | undefined): Text =>
    minutes === undefined
      ? both(`${lane} 结束维护`, `ended the maintenance of ${lane}`)
      : both(
          `${lane} 维护 ${minutes} 分钟：${reason ?? ''}`,
          `put ${lane} into maintenance for ${minutes} min: ${reason ?? ''}`,
        ),
  userAdded: (user: string, role: UserRole, lanes?: readonly string[]): Text =>
    both(
      `添加用户 ${user}（${roleName[role].zh}${lanes ? `，车道 ${lanes.join('、')}` : ''}）`,
      `added the user ${user} (${role}${lanes ? `, lanes ${lanes.join(', ')}` : ''})`,
    ),
  userLanes: (user: string, lanes?: readonly string[]): Text =>
    both(
      `用户 ${user} 的车道改为 ${lanes?.join('、') ?? '全部'}`,
      `bound the user ${user} to lanes: ${lanes?.join(', ') ?? 'all'}`,
    ),
  made: (kind: 'backup' | 'queue' | 'support', withSecrets: boolean): Text =>
    ({
      backup: withSecrets
        ? both('导出了含密钥的备份', 'took a backup with the secrets')
        : both('导出了备份', 'took a backup'),
      queue: both('导出了未送达的记录', 'exported the undelivered records'),
      support: both('导出了诊断文件', 'took the support file'),
    })[kind],
  personFound: both('按车牌查找了一个人的数据', 'searched for one person’s data by plate'),
  personGiven: both('导出了一个人的数据', 'took one person’s data'),
  personErased: (why: string): Text => both(`删除了一个人的数据：${why}`, `deleted one person’s data: ${why}`),
  gaveCapture: both('取了一条推送的样本（已脱敏）', 'took a redacted capture of a push'),
  lookedAtList: both('看了列表里的小图', 'looked at the small pictures of lists'),
  looked: (id: number): Text => both(`看了记录 ${id} 的图片`, `looked at the pictures of record ${id}`),
  sheetTaken: (day: string): Text => both(`导出了 ${day} 的日报和图片`, `took the sheet of ${day} with its pictures`),
  evidenceTaken: (...ids: readonly number[]): Text =>
    both(`为记录 ${ids.join('、')} 取证`, `took the evidence of record ${ids.join(', ')}`),
  restored: both('恢复备份', 'restored a backup'),
  databasePutBack: both('换回了更新前的数据库', 'put back the database of before an update'),
  queueImported: (records: number): Text => both(`导入了 ${records} 条记录`, `imported ${records} records`),
  inNameOf: (name: string, { zh, en }: Text): Text =>
    both(`${zh}（以 ${name} 的名义）`, `${en} (in the name of ${name})`),
  updateInstalled: (version: string): Text => both(`安装了版本 ${version}`, `installed version ${version}`),
  fileChanged: both(
    '启动时采用了在文件里改过的配置',
    'took up at the start a configuration that was changed in its file',
  ),
  updateGiven: (sha256: string): Text =>
    both(`提交了更新包（SHA-256 ${sha256}）`, `gave an update (SHA-256 ${sha256})`),
  updateRefused: (why: Text): Text => both(`提交更新包被拒：${why.zh}`, `gave an update that was refused: ${why.en}`),
  userRemoved: (user: string): Text => both(`删除用户 ${user}`, `removed the user ${user}`),
  job: (kind: string): Text => {
    const word = JOB_WORD[kind as JobKind] ?? both(kind, kind);
    return both(`开始任务：${word.zh}`, `began the job: ${word.en}`);
  },
  addressTrial: (camera: string): Text =>
    both(
      `试了一次摄像机 ${camera} 的未知地址，并说明闸杆下没有人和车`,
      `tried the unknown address of camera ${camera} once, saying that the arm is clear`,
    ),
  reporting: (lane: string, how: Text): Text =>
    both(`车道 ${lane} 开始上报“没有缴费”：${how.zh}`, `lane ${lane} reports “nobody paid”: ${how.en}`),
  sheetClear: (lane: string): Text =>
    both(`清空了车道 ${lane} 的验收单`, `emptied the acceptance sheet of lane ${lane}`),
} as const;

/** What each route is for, in the description of the interface. */
export const routeText = {
  session: both('是否已登录、是否需要设置密码', 'whether the client is logged in, or a password must be set'),
  setup: both('用一次性设置码设置第一个密码', 'sets the first password with the one-time set-up code'),
  setupRestore: both(
    '新设备从备份恢复；请求头 lanewarden-setup-code 是一次性设置码，lanewarden-passphrase 是口令',
    'restores a backup on a new box; the header lanewarden-setup-code is the one-time set-up code, lanewarden-passphrase the passphrase',
  ),
  login: both('登录', 'logs in'),
  logout: both('退出', 'logs out'),
  password: both('修改自己的密码，其他登录随之失效', 'changes the own password; other sessions end'),
  overview: both('总体状态', 'overall status'),
  live: both('实时事件流，可断点续传', 'live events (server-sent), resumable'),
  releases: both('放行记录，按条件筛选，新的在前', 'releases, filtered, newest first'),
  release: both('一条放行记录的全部内容', 'everything about a release'),
  timeline: both('放行前后的信号', 'the signals around a release'),
  picture: both('抓拍照片', 'the picture of a release'),
  queue: both('上传队列与原因', 'the upload queue, with reasons'),
  jobs: both('正在进行和最近结束的任务', 'running jobs and those that ended recently'),
  jobStart: both('开始一项任务', 'begins a job'),
  job: both('一项任务的进度和结果', 'progress and result of a job'),
  jobCancel: both('取消一项任务', 'cancels a job'),
  jobPicture: both('任务拍到的照片', 'the picture a job took'),
  ports: both('本机的串口，以及谁占用它们', 'the serial ports of the box, and the programs that hold them'),
  commissioning: both('调试时可选的串口、模板、车道', 'what commissioning can choose from'),
  sheet: both('一条车道的验收单', 'the acceptance sheet of a lane'),
  sheetNote: both('在验收单上填写', 'writes on the acceptance sheet'),
  sheetClear: both('清空验收单', 'empties the acceptance sheet'),
  intake: both('缴费消息的通道、发送方时钟、未计入的消息', 'intake channels, clocks of senders, messages not counted'),
  pushes: both('摄像机近来的推送和去向', 'recent pushes of the cameras and what became of each'),
  pushCapture: both(
    '一条推送的样本：车牌、图片、地址和密码已替换，可以重放',
    'one push as a capture to be played again: plates, pictures, addresses and passwords replaced',
  ),
  observations: both(
    '运行监测记录：没有看到的时段、维护、暂停、丢弃、更正、改时钟、换数据库',
    'watch reports: times not seen, maintenance, pauses, records dropped or corrected, clock, database',
  ),
  evidence: both(
    '证据链最近的签名链头和本机公钥',
    'the newest signed head of the chain, and the public key of the box',
  ),
  personFind: both('本机存有的一个车牌的数据', 'what is kept about one plate'),
  personExport: both('导出一个车牌的数据', 'the data of one plate as a zip file'),
  personErase: both('删除一个车牌的数据；须说明原因', 'deletes the data of one plate; needs a reason'),
  evidenceTake: both('一次放行的证据包', 'the evidence of a release as one zip file'),
  verify: both('核对证据链（任务 verify）', 'walks the chain of evidence (job verify)'),
  duty: both('谁在当班', 'who is on duty'),
  signOn: both('凭 PIN 上岗', 'sign on by PIN'),
  signOff: both('凭 PIN 下岗', 'sign off by PIN'),
  affirm: both('当班的人没有换', 'the same person is still on duty'),
  pins: both('设置或去掉上岗 PIN', 'set or remove a PIN'),
  waitingAgree: both('同意等待的改动（不能是改的人）', 'agree to the change that waits (not whoever saved it)'),
  waitingWithdraw: both('撤回等待的改动', 'withdraw the change that waits'),
  vehicles: both('上传名单车辆（CSV）', 'upload known vehicles (CSV)'),
  review: both('一条记录的复核', 'the review of a record'),
  mark: both('标记一条或多条记录', 'mark records'),
  decide: both(
    '处理一条或多条记录：放得对、追缴、判错',
    'decide on records: rightful, owed, wrong; what is sent follows',
  ),
  reasonList: both('复核原因的清单', 'the list of reasons of review'),
  reasons: both('修改复核原因', 'change the reasons of review'),
  account: both(
    '日报：每次开闸、每次通行、每条缴费各归一栏',
    "the day's sheet: every opening, passage and payment in one column",
  ),
  accountTrend: both('近 30 天的图（SVG）', 'the last thirty days as a picture (SVG)'),
  accountZip: both('日报、当天的记录和小图（zip）', "the day's sheet, its records and small pictures (zip)"),
  accountCsv: both('日报的 CSV', "the day's sheet as CSV"),
  payments: both(
    '送来的与计入的：一天的缴费，按发送方和收费电脑',
    'told versus counted: the payments of a day by sender and till',
  ),
  paymentsCsv: both('当天每笔缴费的结果（CSV）', 'what became of each payment of the day, as CSV'),
  payment: both('一笔缴费后来怎样', 'what became of a payment'),
  signals: both('所有点位及最近的变化', 'every input and its last changes'),
  report: both('上报一条待复核的记录', 'reports a record that is for review'),
  dismiss: both('丢弃一条记录（不是放行），须说明原因', 'drops a record as not a release; needs a reason'),
  retry: both('立即重试一条记录', 'retries a record now'),
  correct: both(
    '更正后重发，仅限平台未收下的记录',
    'corrects a record and sends it again, unless the platform has accepted it',
  ),
  csv: both('放行记录的 CSV', 'releases as CSV'),
  queueRetry: both('全部重试', 'retries all records'),
  queuePause: both('暂停上传', 'pauses uploads'),
  queueResume: both('恢复上传', 'resumes uploads'),
  maintenance: both(
    '车道维护：记录但不上报，到时自动结束',
    'maintenance of a lane: recorded, not reported; ends automatically',
  ),
  demo: both('演示：来一辆车，或出一个故障', 'demonstration: sends a car or switches a fault'),
  demoFaults: both('演示：可以出的故障', 'demonstration: the faults it can switch'),
  backup: both('备份（不含密钥）', 'a backup, without the secrets'),
  backupSecrets: both('备份，密钥用口令加密', 'a backup, with the secrets encrypted with a passphrase'),
  restore: both(
    '恢复备份；口令写在 lanewarden-passphrase 头里',
    'restores a backup; its passphrase goes in the header lanewarden-passphrase',
  ),
  queueExport: both('导出未送达的记录和照片', 'the undelivered records with their pictures'),
  support: both('诊断文件，密钥已去除', 'the support file, secrets removed'),
  provision: both(
    '开通文件要用的本机名称、公钥，和认可的运营方',
    'name and key of the box for a provisioning file, and the operator it trusts',
  ),
  provisionLook: both('开通文件会改什么', 'what a provisioning file would change'),
  provisionApply: both(
    '采用开通文件；进展见任务 provision',
    'applies a provisioning file; the job provision has its progress',
  ),
  update: both('版本，以及能否在网页上更新', 'the version, and whether it can be updated by page'),
  updateGive: both(
    '提交带签名的更新包（.deb）；进展见任务 update',
    'takes a signed package (.deb); the job update has its progress',
  ),
  users: both('用户', 'users'),
  userAdd: both('添加用户', 'adds a user'),
  userLanes: both('岗亭用户能看哪些车道；不写 lanes 是全部', 'binds a booth user to lanes; without lanes it sees all'),
  userRemove: both('删除用户', 'removes a user'),
  scopes: both(
    'grants 送缴费消息（在缴费消息接口），read 读取，metrics 读指标，act 复核和重试',
    'grants pushes payments (at the intake), read reads, metrics reads the metrics, act reviews and retries',
  ),
  tokens: both('令牌：权限、最近使用', 'tokens: their scopes, and when each was last used'),
  tokenMake: both('建一个令牌，只显示一次', 'makes a token, which is shown this once'),
  tokenRevoke: both('作废一个令牌，立即失效', 'revokes a token, at once'),
  log: both('最近的日志，新的在前', 'the last lines of the log, newest first'),
  audit: both('谁做了什么，新的在前', 'who did what, newest first'),
  about: both('版本与许可', 'version and licences'),
  label: both('机柜标签的内容', 'what the label in the cabinet says'),
  health: both('程序在运行', 'liveness'),
  ready: both('数据库、配置、驱动是否就绪', 'whether database, configuration and drivers are ready'),
  metrics: both('Prometheus 指标', 'metrics for Prometheus'),
  api: both('本机接口说明（OpenAPI）', 'the description of this interface (OpenAPI)'),
  config: both('配置原文、错误与状态', 'the configuration as text, its faults and its state'),
  configSchema: both('配置的 JSON Schema', 'JSON Schema of the configuration'),
  configCheck: both('保存前检查', 'checks before saving'),
  configRehearse: both(
    '从去读的收费系统读一行试试，不计入',
    'reads one row of a management system, and counts nothing',
  ),
  configEdit: both('改一个值，保留注释', 'changes one value and keeps the comments'),
  configSave: both('保存并试用，不确认则恢复', 'saves and applies on trial; reverts unless kept'),
  configKeep: both('确认保留', 'keeps the configuration on trial'),
  configRevert: both('立即恢复原来的配置', 'ends the trial at once'),
  configHistory: both('历次配置', 'earlier configurations'),
  configHistoryText: both('某次配置的原文', 'an earlier configuration as text'),
  configRollback: both('恢复到某次配置（试用）', 'applies an earlier configuration, on trial'),
} as const;
