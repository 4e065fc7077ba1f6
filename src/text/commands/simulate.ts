/** Texts of `lanewarden simulate`, in Chinese and English. */
import type { ReleaseDesc } from '../../lane/types.ts';
import type { Text } from '../text.ts';

const plain = (zh: string, en: string): Text => ({ zh, en });

/** The report of a live park. */
export const storyReportText = {
  head: (vehicles: number, hours: string, paid: number): Text =>
    plain(
      `${vehicles} 辆车，${hours} 小时的车流，其中缴费通过 ${paid} 次`,
      `${vehicles} vehicles in ${hours} hours of traffic, ${paid} paid passages among them`,
    ),
  count: plain('总数', 'all'),
  found: plain('发现', 'found'),
  missed: plain('漏报', 'missed'),
  false: plain('误报', 'false'),
  confusion: plain('实际是什么（行），本机说什么（列）', 'what it was (rows) and what the box said of it (columns)'),
  plates: (right: number, of: number): Text =>
    plain(`已发现的 ${of} 条中，${right} 条车牌正确`, `of ${of} found, ${right} bear the right plate`),
  finding: {
    nothing: plain('无', 'nothing'),
    review: plain('待复核', 'review'),
    button: plain('按钮', 'button'),
    remote: plain('遥控', 'remote'),
    manual: plain('手动', 'by hand'),
    heldOpen: plain('常开', 'held open'),
    tailgating: plain('跟车', 'tailgating'),
    wrongWay: plain('逆行', 'wrong way'),
    ranBarrier: plain('闯杆', 'ran it'),
    fire: plain('消防', 'fire'),
    mainsLost: plain('断电', 'mains'),
    keepOpen: plain('平台常开', 'kept open'),
    freePassage: plain('免费时段', 'free hours'),
    systemUnpaid: plain('系统无缴费', 'system, unpaid'),
    fakeExit: plain('折返', 'went back'),
    unknown: plain('不明', 'unknown'),
  } satisfies Readonly<Record<'nothing' | 'review' | ReleaseDesc, Text>>,
  class: {
    paid: plain('缴费车辆', 'paid'),
    paidTrailer: plain('缴费拖挂车', 'paid, with trailer'),
    paidMotorcycle: plain('缴费摩托车', 'paid motorcycle'),
    backOut: plain('缴费后倒回再出', 'paid, backed out, came again'),
    button: plain('按钮放行', 'let out by button'),
    remote: plain('遥控放行', 'let out by remote'),
    crank: plain('手摇或钥匙放行', 'let out by key or crank'),
    motorcycle: plain('按钮放行的摩托车', 'motorcycle, by button'),
    nobody: plain('开闸无车', 'opened, no vehicle'),
    tailgater: plain('跟车（地感分得开）', 'tailgater, own loop order'),
    tailgaterClose: plain('跟车（首尾相接）', 'tailgater, too close'),
  },
  goal: {
    manual: (is: string, goal: string): Text =>
      plain(`人工开闸发现 ${is}（目标 ${goal}）`, `manual openings found: ${is} (goal ${goal})`),
    tailgaters: (is: string, goal: string): Text =>
      plain(
        `地感分得开的跟车发现 ${is}（目标不少于 ${goal}）`,
        `tailgaters with their own loop order found: ${is} (goal at least ${goal})`,
      ),
    falseAlarms: (is: string, goal: string): Text =>
      plain(
        `误报占缴费通过 ${is}（目标不超过 ${goal}）`,
        `false alarms of paid passages: ${is} (goal at most ${goal})`,
      ),
  },
};

const limit = (goal: string, bound: 'least' | 'most'): readonly [string, string] =>
  bound === 'least' ? [`≥ ${goal}`, `≥ ${goal}`] : [`≤ ${goal}`, `≤ ${goal}`];

/** The goals table of `simulate --vehicles`. */
export const detectionText = {
  worldHead: (name: string, vehicles: number, hours: string): Text =>
    plain(`${name}：${vehicles} 辆车，${hours} 小时`, `${name}: ${vehicles} vehicles, ${hours} hours`),
  total: plain('全部', 'all worlds'),
  goalsHead: plain('目标', 'goals'),
  columns: {
    count: plain('总数', 'all'),
    reported: plain('上报', 'reported'),
    review: plain('待复核', 'review'),
    misnamed: plain('方式错', 'misnamed'),
    nothing: plain('无', 'nothing'),
  },
  phantoms: (reported: number, review: number): Text =>
    plain(
      `无对应车辆的记录：上报 ${reported}，待复核 ${review}`,
      `records without a vehicle: ${reported} reported, ${review} for review`,
    ),
  readShare: (share: string): Text =>
    plain(`0.8–2 m 跟车中自己的车牌被识别的：${share}`, `tailgaters at 0.8–2 m whose own plate was read: ${share}`),
  scores: plain(
    '把握数值（0–100：同样依据每 100 次对几次）：条数，其中错误',
    'number of the verdict (0–100: right in so many of 100): verdicts, and those wrong',
  ),
  rows: plain(
    '依据（打分表的行）：条数，其中错误，实测每 100 条对几条',
    'evidence (row of the score table): verdicts, those wrong, measured right in 100',
  ),
  unknowable: (count: number, sure: number): Text =>
    plain(
      `本机无从得知的缴费，不计对错：${count} 条，其中判为确定 ${sure} 条`,
      `payments that no box could know of, counted neither right nor wrong: ${count}, of them called sure ${sure}`,
    ),
  classes: {
    paid: plain('已缴费或有权通行', 'paid, or with a right to pass'),
    untold: plain(
      '已缴费，但未告知、晚到、报错车道或未识别',
      'paid; no message, too late, for another lane, or unread',
    ),
    manual: plain('人工开闸放行', 'let out by hand'),
    manualSmall: plain('人工开闸放行的摩托车', 'motorcycle let out by hand'),
    nobody: plain('人工开闸，无车通过', 'opened by hand, no passage'),
    held: plain('人工常开期间未缴费通过', 'unpaid while the arm was held up'),
    followFar: plain('跟车，2 m 以上', 'tailgater, over 2 m'),
    followRead: plain('跟车，0.8–2 m，车牌已识别', 'tailgater, 0.8–2 m, own plate read'),
    followUnread: plain('跟车，0.8–2 m，车牌未识别', 'tailgater, 0.8–2 m, unread'),
    followClose: plain('跟车，0.8 m 以内', 'tailgater, under 0.8 m'),
    followDeaf: plain('跟车，消息中断时', 'tailgater while messages were lost'),
    software: plain('软件开闸，缴费消息完整', 'opened by software, complete feed'),
    softwareUnseen: plain('软件开闸，缴费消息不完整', 'opened by software, no complete feed'),
    season: plain('月卡车（在已知车辆中）', 'season car among the known vehicles'),
    feedLoss: plain('消息中断两小时内由系统放行', 'let out by the relay while the feed was cut'),
    feedHalf: plain('消息丢失一半时由系统放行', 'let out by the relay while half of the feed was lost'),
    fakeExit: plain('折返未出场', 'fake exit'),
    honestBack: plain('退回后再次缴费离场', 'backed out, paid again'),
    turnAway: plain('未缴费退回', 'turned away unpaid'),
    slip: plain('电动自行车从关着的闸旁通过', 'e-bike past a closed arm'),
  },
  goals: {
    paidReported: plain('缴费车被上报', 'paid passages reported'),
    untoldReported: plain(
      '本机无从得知其缴费而上报（占全部缴费车）',
      'reported because their payment could not be known, of all paid',
    ),
    paidReview: plain('缴费车待复核', 'paid passages for review'),
    manualReported: plain('人工开闸上报', 'manual openings of cars reported'),
    manualSeen: plain('人工开闸上报或待复核', 'manual openings of cars, with review'),
    farReported: plain('2 m 以上跟车上报', 'tailgaters over 2 m reported'),
    farSeen: plain('2 m 以上跟车上报或待复核', 'tailgaters over 2 m, with review'),
    readReported: plain('0.8–2 m 跟车，车牌已识别，上报', 'tailgaters at 0.8–2 m, own plate read, reported'),
    unreadSeen: plain('0.8–2 m 跟车，未识别，上报或待复核', 'tailgaters at 0.8–2 m, unread, with review'),
    softwareReported: plain('软件开闸上报（消息完整）', 'software openings reported, complete feed'),
    seasonReported: plain('月卡车被上报', 'season cars reported'),
    deafReported: plain('消息中断时上报', 'reported while the feed was cut'),
    deafSure: plain('消息中断时判为确定', 'called sure while the feed was cut'),
    fakeFound: plain('折返未出场发现', 'fake exits found'),
    honestAccused: plain('退回再缴费者被指认', 'honest back-outs accused'),
    sureWrong: plain('“确定”中的错误', 'verdicts called sure, wrong'),
    sureWrongWorst: plain('“确定”中的错误，最差的场景集', 'verdicts called sure, wrong, in the worst world'),
    scoreWrong: plain('数值 95 以上中的错误', 'verdicts of 95 or more, wrong'),
    platesRight: plain('车牌正确（此前有正确识别）', 'plate right, where it had been read rightly'),
  },
  goal: (name: Text, share: string, goal: string, bound: 'least' | 'most', count: number, few: boolean): Text => {
    const [zh, en] = limit(goal, bound);
    const [fewZh, fewEn] = few ? ['，数量太少', ', too few'] : ['', ''];
    return plain(
      `${name.zh}：${share}（目标 ${zh}，共 ${count}${fewZh}）`,
      `${name.en}: ${share} (goal ${en}, of ${count}${fewEn})`,
    );
  },
  wrong: (index: number, of: string): Text => plain(`—— 第 ${index} 例：${of}`, `—— case ${index}: ${of}`),
};

export const simulateText = {
  summary: plain(
    '模拟一个车场供人练习和对接；--vehicles 用虚拟时间跑随机车流并给出检出报告',
    'a simulated park to train on and to integrate with; --vehicles plays random traffic in virtual time and reports detection',
  ),
  vehicles: plain(
    '虚拟时间：每个场景集这么多辆随机车辆，打印检出报告',
    'virtual time: so many random vehicles in each world, then a report of detection',
  ),
  world: (names: readonly string[]): Text =>
    plain(
      `场景集，逗号分隔，或 all（默认）：${names.join('、')}`,
      `worlds, comma-separated, or all (default): ${names.join(', ')}`,
    ),
  wrong: plain(
    '打印此类（或 all）中没有如实上报的结论：事实、事件、真相',
    'prints the verdicts of this class (or all) that are not as it was: facts, events, truth',
  ),
  notTogether: (name: string): Text =>
    plain(`--${name} 用于实时模拟，不能与 --vehicles 同用`, `--${name} is for the live park, not for --vehicles`),
  seed: plain('随机种子；相同的种子给出相同的车流', 'seed of chance; the same seed gives the same traffic'),
  rate: plain('每小时来车数', 'vehicles an hour'),
  mix: plain(
    '各类来车的份额，如 paid=80,tailgater=10（未列出的不来）',
    'shares of what comes, such as paid=80,tailgater=10 (what is left out does not come)',
  ),
  baud: plain('串口波特率', 'baud rate of the wire'),
  poll: plain('轮询间隔，毫秒', 'time between polls, milliseconds'),
  boards: plain('同一条线上的 I/O 板数', 'boards that share the wire'),
  without: plain(
    '缺少什么：点位名、camera 或 payments，逗号分隔',
    'what is missing: names of points, camera or payments, comma-separated',
  ),
  with: plain(
    '另加什么：exit（出口地感）、beam（红外对射代替防砸地感）、camera2（高处第二台摄像机），逗号分隔',
    'what is added: exit (loop C), beam (infrared in place of loop B), camera2 (an overview camera), comma-separated',
  ),
  goals: plain('未达到目标时退出码为 1', 'exits 1 when a goal is not reached'),
  keep: plain(
    '把漏报和误报写成场景文件，存到此目录',
    'writes what was missed or false as scenario files into this folder',
  ),
  json: plain('输出 JSON，供程序读取', 'prints JSON for programs'),
  badNumber: (name: string, text: string, least: number, most: number): Text =>
    plain(`--${name} 应为 ${least} 到 ${most}，而不是 ${text}`, `--${name} is ${least} to ${most}, not ${text}`),
  badMix: (part: string, stories: readonly string[]): Text =>
    plain(
      `--mix 看不懂 ${part}；可用：${stories.join('、')}`,
      `--mix: ${part} makes no sense; there are ${stories.join(', ')}`,
    ),
  badWithout: (part: string, known: readonly string[]): Text =>
    plain(
      `--without 不认识 ${part}；可用：${known.join('、')}`,
      `--without: no ${part}; there are ${known.join(', ')}`,
    ),
  lanes: plain('车道数，1 到 32（默认 1）', 'number of lanes, 1 to 32 (default 1)'),
  config: plain(
    '按这份配置模拟：同样的车道、设备与摄像机',
    'simulates what this configuration names: its lanes, devices and cameras',
  ),
  dir: plain(
    '生成的 lanewarden.yaml、密钥、串口与 gpiomon 放在此目录',
    'where lanewarden.yaml, secrets, ptys and gpiomon are put',
  ),
  wires: plain('依次用于各车道：pty、tcp、modbus-tcp、gpio', 'for the lanes in turn: pty, tcp, modbus-tcp, gpio'),
  port: plain('第一条车道的板子接在这个真实串口上', 'the board of the first lane is served on this real serial port'),
  cameras: plain(
    '依次用于各车道：hikvision、dahua、vzenith、json、huaxia',
    'for the lanes in turn: hikvision, dahua, vzenith, json, huaxia',
  ),
  platformPort: plain('模拟平台的端口（默认任意）', 'port of the simulated platform (default: any)'),
  fault: plain(
    '故障，可多次：late=5%、unplug@30s:10s、camera-dead、platform-500 …（help 列出全部）',
    'a fault, more than once: late=5%, unplug@30s:10s, camera-dead, platform-500 … (help lists them all)',
  ),
  badFault: (text: string, known: readonly string[]): Text =>
    plain(
      `看不懂的故障 ${text}；写成 名称、名称=5%、名称@30s:10s，名称有 ${known.join(' ')}`,
      `no such fault: ${text}; write NAME, NAME=5% or NAME@30s:10s, with NAME one of ${known.join(' ')}`,
    ),
  badList: (name: string, part: string, known: readonly string[]): Text =>
    plain(
      `--${name} 不认识 ${part}；可用：${known.join('、')}`,
      `--${name}: no ${part}; there are ${known.join(', ')}`,
    ),
  notSimulated: (device: string): Text =>
    plain(
      `没有 ${device} 这种设备的模拟；能模拟的是有 di1 到 di8 的 Modbus 板和 gpio`,
      `there is no simulation of ${device}: Modbus boards with di1 to di8 and gpio can be simulated`,
    ),
  noSocat: plain(
    '没有 socat，不能建立虚拟串口（apt install socat）；改用 TCP',
    'socat is not installed (apt install socat), so there are no virtual serial ports; using TCP',
  ),
  cannotStart: {
    noPty: () => plain('socat 没有建成虚拟串口', 'socat did not make the virtual serial port'),
    noSerial: (message: string): Text =>
      plain(`打不开串口：${message}`, `the serial port cannot be opened: ${message}`),
    noArmPort: (message: string): Text =>
      plain(`--arm-port 的端口不能用：${message}`, `the port of --arm-port cannot be used: ${message}`),
  },
  armPort: plain('抬杆接口的端口（默认任意）', 'port where a management system lifts the arm (default: any)'),
  armStandIn: (url: string): Text =>
    plain(
      `  抬杆：POST ${url}/arm/open {"lane":"1001"}；车道现状：GET ${url}/arm?lane=1001`,
      `  lift the arm: POST ${url}/arm/open {"lane":"1001"}; what stands there: GET ${url}/arm?lane=1001`,
    ),
  otherAdapter: (port: string): Text =>
    plain(
      `${port} 由模拟器占用：请在 lanewarden.yaml 里把它改成另一端转换器的路径`,
      `${port} is the simulator’s own end: put the path of the other adapter into lanewarden.yaml`,
    ),
  connect: (
    places: readonly { readonly id: string; readonly what: 'line' | 'gpio' | 'camera'; readonly at: string }[],
    platform: string,
    intakePort: number,
  ): Text => {
    const rows = (names: Readonly<Record<'line' | 'gpio' | 'camera', string>>): string =>
      places.map(({ id, what, at }) => `  ${names[what].padEnd(8)} ${id.padEnd(10)} ${at}\n`).join('');
    return plain(
      `模拟车场已启动：\n${rows({ line: '线路', gpio: 'GPIO', camera: '摄像机' })}  平台     ${platform}\n  管理系统向 http://127.0.0.1:${intakePort} 推送缴费，摄像机向同一地址推送车牌`,
      `the simulated park is running:\n${rows({ line: 'line', gpio: 'gpio', camera: 'camera' })}  platform            ${platform}\n  the management system pushes payments to http://127.0.0.1:${intakePort}, and the cameras push plates there`,
    );
  },
  run: (file: string, tools: string | undefined): Text => {
    const command = `${tools === undefined ? '' : `PATH=${tools}:$PATH `}lanewarden run --config ${file}`;
    return plain(
      `在另一个终端运行：\n  ${command}\n输入 help 查看可用的命令。`,
      `in another terminal:\n  ${command}\ntype help for the commands.`,
    );
  },
  story: (lane: string, story: string, plate = ''): Text => {
    const line = `${lane}  ${story} ${plate}`.trimEnd();
    return plain(line, line);
  },
  record: (fields: Readonly<Record<string, string>>, pictureBytes: number | undefined, seqno: string): Text => {
    const line = `${fields.gate_id}  → ${fields.release_method} ${fields.release_method_desc} ${fields.plate} ${fields.release_time}`;
    const size = pictureBytes === undefined ? undefined : `${Math.round(pictureBytes / 1000)} kB`;
    return plain(
      `${line}（${size === undefined ? '无图片' : `图片 ${size}`}，平台 ${seqno}）`,
      `${line} (${size === undefined ? 'no picture' : `picture ${size}`}, platform ${seqno})`,
    );
  },
  commandsSeen: (count: number): Text =>
    plain(
      `板子或摄像机收到 ${count} 条会改变什么的命令：绝不应有`,
      `boards or cameras received ${count} commands that would act: there must be none`,
    ),
  kept: (count: number, folder: string): Text =>
    plain(`${count} 个场景写入 ${folder}`, `${count} scenarios written to ${folder}`),
};
