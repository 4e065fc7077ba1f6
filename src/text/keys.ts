/** Meaning of each key of the configuration: for the JSON Schema, the documentation and the page's form. Both languages; Chinese first. */
import { LANE_SETTINGS_KEYS } from './keys-lane.ts';
import { MQTT_KEYS } from './keys-mqtt.ts';
import type { Text } from './text.ts';

const KEYS: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  version: ['配置格式的版本，现在是 1', 'version of this format; 1'],
  park: ['车场', 'the car park'],
  'park.uuid': ['平台给的车场编号（park_uuid）', 'park_uuid from the platform'],

  cloud: ['平台', 'the platform'],
  'cloud.url': ['平台地址；路径由协议规定，这里只写前面部分', 'base address; the path is fixed by the protocol'],
  'cloud.appId': [
    'app_id；空着就不发送（车场自己调用时不需要）',
    'app_id; empty: not sent (calls from the car park itself need none)',
  ],
  'cloud.appSecret': ['签名密钥，写名字，值放在 secrets.yaml', 'the signing secret, by its name in secrets.yaml'],
  'cloud.appSecret.secret': ['secrets.yaml 里的名字', 'its name in secrets.yaml'],
  'cloud.nextSecret': [
    '更换签名密钥期间的新密钥：平台不再认旧密钥时自动改用它，步骤见 platform.md',
    'the new signing secret while it is being changed: used once the platform refuses the old one; steps in platform.md',
  ],
  'cloud.nextSecret.secret': ['secrets.yaml 里的名字', 'its name in secrets.yaml'],
  'cloud.mode': [
    '联调 integration：应答带 hint 就算没送达；正式 production：只看 code',
    'integration: an answer with a hint holds the record; production: only the code counts',
  ],
  'cloud.picture': [
    '图片怎么发：field 放在 capture_image；file-and-hash 另加哈希；url 只发地址；none 不发',
    'how a picture is sent: field (capture_image), file-and-hash, url (only its address), or none',
  ],
  'cloud.pictureUrl': [
    'picture: url 时平台取图的地址，{serial} 换成 parking_serial，{file} 换成 frames 目录里的文件名；图片要由你们自己放到那里',
    'with picture: url, where the platform fetches it; {serial} becomes parking_serial, {file} the name in the folder frames; putting it there is up to you',
  ],
  'cloud.serial': [
    'parking_serial 用什么：generated 自己生成；entry-record 用付费消息给出的入场记录号（没有就自己生成；车场有几台闸口卫士时不要用）',
    'source of parking_serial: generated, or entry-record: the entry record of the payment message, else generated; not with several boxes in a park',
  ],
  'cloud.noPlate': ['没有车牌时发送的文字', 'what is sent in place of a plate that is not known'],
  'cloud.timeout': ['一次上传最长等待时间', 'longest time for one try'],
  'cloud.maxPicture': ['图片上限，超过的会压缩后再发', 'largest picture; a larger one is re-encoded smaller'],
  'cloud.clockHold': [
    '开机后时钟没校准前，记录最多等这么久',
    'how long records wait for the clock to be set after a start',
  ],
  'cloud.bandwidth': [
    '每秒最多上传多少（4G 流量卡）；不写不限',
    'upper bound of sending per second; none when left out',
  ],
  'cloud.ca': [
    '私有平台或 https:// 代理的 CA 证书文件（PEM）',
    'PEM file of the authority of a private platform, or of an https:// proxy',
  ],
  'cloud.proxy': ['HTTP 代理地址', 'address of an HTTP proxy'],

  lines: ['线路：一对 485 线、一个串口或一个网口设备', 'what hangs on a wire hangs under it'],
  'lines.id': ['线路编号', 'id of the line'],
  'lines.port': [
    '串口路径（建议 /dev/serial/by-id/…），或 tcp://主机:端口，或 modbus-tcp://主机:502',
    'path of a serial port (best /dev/serial/by-id/…), or tcp://host:port, or modbus-tcp://host:502',
  ],
  'lines.baudRate': ['波特率', 'bits per second'],
  'lines.dataBits': ['数据位', 'data bits'],
  'lines.parity': ['校验', 'parity'],
  'lines.stopBits': ['停止位', 'stop bits'],
  'lines.listenOnly': ['线上已有别的主站：只听不发', 'another master owns this wire: never transmit'],
  'lines.devices': ['线上的设备；每种设备另有自己的键', 'the devices on the wire; each kind has further keys'],

  gpio: ['直接接在本机 GPIO 上的触点', 'contacts wired to the GPIO of this machine'],
  'gpio.id': ['编号', 'its id'],
  'gpio.kind': ['固定为 gpio', 'always gpio'],
  'gpio.chip': [
    '芯片标签：运行 gpiodetect，写方括号里的名字（树莓派 4：pinctrl-bcm2711，树莓派 5：pinctrl-rp1）',
    'label of the chip: the name in brackets that gpiodetect prints (Pi 4: pinctrl-bcm2711, Pi 5: pinctrl-rp1)',
  ],
  'gpio.lines': [
    '点位名: 线号（BCM 编号，不是排针号）',
    'name of a point: its line (BCM number, not the pin of the header)',
  ],
  'gpio.bias': ['上拉或下拉；as-is 不改动', 'pull-up or pull-down; as-is leaves it alone'],
  'gpio.via': ['auto：有 gpiomon 就用，没有才用 sysfs', 'auto: gpiomon where it is installed, else sysfs'],

  cameras: ['摄像机；每种另有自己的键', 'cameras; each kind has further keys'],

  lanes: ['车道', 'the lanes'],
  'lanes.id': ['车道编号（gate_id）', 'gate_id'],
  'lanes.name': ['车道名称（gate_name）；不写就用编号', 'gate_name; the id when left out'],
  'lanes.direction': ['方向：entry 入场、exit 出场、both 双向', 'entry, exit or both'],
  'lanes.points': ['接线：用途: 设备.点位', 'wiring: role: device.point'],
  'lanes.points.down': ['下限位：杆完全落下', 'arm fully down'],
  'lanes.points.up': [
    '上限位：杆完全抬起；也可以是道闸唯一的“已抬杆”触点',
    'arm fully up; or the one barrier-open contact',
  ],
  'lanes.points.approach': ['触发地感（A），在杆前', 'loop A, before the arm'],
  'lanes.points.barrier': ['防砸地感（B），在杆下', 'loop B, under the arm'],
  'lanes.points.exit': ['杆后的第三个地感（C）', 'loop C, past the arm'],
  'lanes.points.auto': ['管理系统的开闸继电器', 'relay of the management system'],
  'lanes.points.button': ['岗亭按钮', 'button in the booth'],
  'lanes.points.remote': ['遥控接收器', 'radio receiver'],
  'lanes.points.fire': ['消防联动', 'fire alarm'],
  'lanes.points.mains': ['市电正常', 'mains present'],
  'lanes.points.*.point': ['设备.点位', 'device.point'],
  'lanes.points.*.activeLow': ['断开表示有信号（常闭接法）', 'the signal is there when the contact is open'],
  'lanes.points.*.debounceMs': [
    '防抖时间；不写时地感 20 毫秒、触点 30 毫秒',
    'how long a level must hold; 20 ms for loops and 30 ms for contacts when left out',
  ],
  'lanes.camera': ['这个车道的摄像机编号', 'id of its camera'],
  'lanes.cameraSide': [
    '双向车道：摄像机看闸杆的哪一侧，inside 场内、outside 场外',
    'in a two-way lane: the side of the barrier the camera looks at',
  ],
  'lanes.cameras': ['第二台摄像机，例如拍车尾的跟车抓拍机', 'a second camera, such as one for tail plates'],
  'lanes.cameras.camera': ['摄像机编号', 'id of the camera'],
  'lanes.cameras.looks': ['看车头 front 还是车尾 rear', 'whether it sees the front of vehicles or the rear'],
  'lanes.cameras.side': ['双向车道：它拍的车从哪一侧来', 'in a two-way lane: the side its vehicles come from'],
  'lanes.cameras.record': [
    '记录用它的图片，camera 的另存本机',
    'its picture goes with the record, not that of `camera`',
  ],
  ...LANE_SETTINGS_KEYS,

  intake: ['付费和车牌消息怎么进来', 'how paid exits and plates arrive'],
  'intake.http': ['HTTP 接口', 'the HTTP intake'],
  'intake.http.enabled': ['是否启用', 'whether it is on'],
  'intake.http.listen': ['监听地址', 'address to listen on'],
  'intake.http.tokens': [
    '每个推送系统一个令牌；删掉就失效',
    'one token for each system that pushes; remove it to revoke it',
  ],
  'intake.http.tokens.name': ['系统的名字', 'name of the system'],
  'intake.http.tokens.secret': [
    '令牌在 secrets.yaml 里的名字，至少 16 个字符',
    'name of the token in secrets.yaml; at least 16 characters',
  ],
  'intake.http.tokens.until': [
    '到这一刻为止有效，例如 2026-12-01T00:00:00+08:00；更换令牌时写在旧的上，不写就一直有效',
    'taken until this moment, such as 2026-12-01T00:00:00+08:00; for the old one while a token is being changed',
  ],
  'intake.tells': [
    '管理系统会发来哪些消息：paid 付费，free 免费（含免费时长内离场），season 月卡，stored 储值，remote 远程开闸；五种都有才算齐全：经过 100 次试用后，没有消息的继电器开闸记为“系统开闸无缴费”',
    'the passages the management system reports: paid, free (free minutes too), season, stored value, remote; with all five, after a trial of 100 pulses, a relay opening without a message is "opened by the system, unpaid"',
  ],
  'intake.knownVehicles': [
    '不发消息也可以通过的车（月卡、免费车），最多 5000 辆',
    'vehicles that pass without a message of their own (season tickets, free cars), at most 5000',
  ],
  'intake.knownVehicles.plate': ['车牌', 'the plate'],
  'intake.knownVehicles.kind': ['月卡 season、免费 free、储值 storedValue、其他 other', 'what they are'],
  'intake.knownVehicles.from': ['从哪一天起有效（北京时间）', 'the first day (Beijing)'],
  'intake.knownVehicles.to': ['最后一天，当天仍有效', 'the last day, itself included'],
  'intake.knownVehicles.description': ['车类说明，例如 月卡A', 'kind of car in words'],
  ...MQTT_KEYS,

  page: ['本地网页；首次打开用设置码设密码', 'the local page; its first visitor sets a password with the set-up code'],
  'page.enabled': ['是否开启', 'whether there is one'],
  'page.listen': ['监听地址', 'address to listen on'],
  'page.https': [
    '用本机自己的证书加密；关掉后密码在网上明文传送',
    'encrypted, with the box’s own certificate; without it passwords cross the network in the clear',
  ],
  'page.hosts': [
    '除本机地址和主机名外，还可以用哪些名字访问',
    'names besides its addresses and its host name by which the box may be called',
  ],
  'page.idle': ['多久不用就要重新登录', 'a session that is not used for this long ends'],

  store: ['本机保存', 'what is kept on the box'],
  'store.path': ['保存目录；相对路径从配置文件所在目录算起', 'its folder; relative to the configuration file'],
  'store.framesMax': ['图片最多占用', 'most that pictures may take'],
  'store.keepFrames': [
    '已送达记录的图片保留多久；未送达的一直保留',
    'how long pictures of delivered records stay; what waits is kept',
  ],
  'store.keepRecords': ['已送达记录保留多久', 'how long delivered records stay'],

  log: ['日志', 'the log'],
  'log.level': ['最低级别', 'the least level that is written'],
};

/** Keys of kinds of devices and cameras, `devices.KIND.KEY` and `cameras.KIND.KEY`. */
const KIND_KEYS: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  id: ['编号', 'its id'],
  kind: ['种类', 'its kind'],
  profile: ['型号', 'which model it is'],
  unit: ['从站地址', 'unit address'],
  pollMs: ['读取间隔，毫秒', 'poll interval in milliseconds'],
  timeoutMs: ['一次应答最长等待，毫秒', 'longest wait for an answer, in milliseconds'],
  holdMs: [
    '收到设备最后一条报文后，状态多久内有效，毫秒',
    'how long levels stay valid after the device’s last message, in milliseconds',
  ],
  silentMs: [
    '多久没听到它的应答就视为失联，毫秒',
    'without an answer of it for this long the board is lost, in milliseconds',
  ],
  commands: [
    '别的主站控制的继电器：点名 → 哪个从站的哪个线圈或寄存器；每次接通算一个脉冲',
    "relays that the other master switches: point → which unit's coil or register; each command to switch on is a pulse",
  ],
  'commands.*': ['一个继电器', 'one relay'],
  'commands.*.unit': ['继电器板的从站地址', 'unit address of the relay board'],
  'commands.*.coil': ['线圈地址，从 0 开始', 'address of the coil, from 0'],
  'commands.*.register': ['寄存器地址，从 0 开始', 'address of the register, from 0'],
  'commands.*.values': ['哪些值算开闸；不写则非 0 都算', 'the values that open; all but 0 when left out'],
  enabled: ['打开报警输出；不写就什么都不发', 'switches the alarm output on; without it nothing is ever sent'],
  board: ['哪种继电器板', 'which relay board'],
  relay: ['第几路继电器，按板上的编号', 'number of the relay, as printed on the board'],
  onMs: [
    '每次响多久，毫秒；到时自动断开',
    'for how long it is on each time, in milliseconds; then it is off by itself',
  ],
  releases: ['哪些判定的未付费放行要报警', 'verdicts of unpaid releases that sound it'],
  alarms: ['哪些告警开始时要报警', 'alarms that sound it when they begin'],
  lane: ['只为这个车道；不写则所有车道', 'for this lane only; for all when left out'],
  grantsFor: ['它报来的付费算哪个车道的', 'the lane whose passages this device says are paid'],
  url: ['地址', 'its address'],
  user: ['用户名', 'its user'],
  password: ['密码，写 secrets.yaml 里的名字', 'its password, by its name in secrets.yaml'],
  preset: [
    '厂家预设；onvif 时图片地址向摄像机查询；onvif-uri 和 custom 时 url 写图片的完整地址',
    'make; with onvif the camera names the address of its picture; with onvif-uri and custom, url is that address',
  ],
  channel: ['通道号，从 1 开始', 'channel, from 1'],
  allowBasic: ['允许 Basic 认证（密码明文传输）', 'allow Basic authentication, which sends the password in clear'],
  ring: [
    '有车时在内存里保留的连续画面，取最接近事发时刻的一张',
    'frames kept in memory while a vehicle is present, so that a record gets the one nearest its moment',
  ],
  'ring.framesPerSecond': ['每秒几张', 'frames per second'],
  'ring.seconds': ['保留几秒', 'seconds kept'],
  allowPublic: ['允许摄像机不在本地网络', 'the camera may be outside the local network'],
  confirmed: [
    '图片地址不是已知的图片地址时，由人试过并确认；只对这一个地址有效，地址改了就失效',
    'for a picture address that is none of those known: a person has tried and confirmed it; good for this one address only',
  ],
  'confirmed.sha256': ['地址（路径和查询）的 SHA-256', 'SHA-256 of the address, path and query'],
  'confirmed.by': ['谁确认的；update 是升级时保留的', 'who confirmed it; update: kept by the update'],
  'confirmed.at': ['什么时候', 'when'],
  pushFrom: [
    '除 url 里的地址外，还接受从这些地址或网段来的推送',
    'addresses or networks from which pushes are accepted besides the one in url',
  ],
  receive: [
    '车牌怎么来：push 摄像机推送到本机；stream 本机去摄像机订阅',
    'how reads arrive: push, the camera sends them here; stream, this box subscribes at the camera',
  ],
  port: ['TCP 协议端口', 'port of its TCP protocol'],
  inputsMs: [
    '车道用到它的输入或道闸状态时，每隔多少毫秒读一次',
    'poll interval of its inputs and its barrier in milliseconds, when a lane uses them',
  ],
  form: ['已知的 JSON 格式，代替 fields（uniview 为宇视 LAPI）', 'a known form of JSON, instead of fields'],
  fields: [
    '推送的 JSON 里各项在哪里，例如 data.plate、plates[0].text',
    'where each thing stands in the JSON, such as data.plate or plates[0].text',
  ],
  'fields.plate': ['车牌', 'the plate'],
  'fields.confidence': ['可信度', 'the confidence'],
  'fields.color': ['车牌颜色', 'the colour of the plate'],
  'fields.time': ['识别时间：秒、毫秒或日期时间', 'when it was read: seconds, milliseconds or a written time'],
  'fields.id': ['唯一编号：再来时更准则更新，否则算重复', 'a unique id: again it is a better read or a repetition'],
  'fields.replayed': ['断网补传标记', 'marks what is sent late'],
  'fields.picture': ['base64 图片', 'a picture in base64'],
  confidenceMax: ['可信度满分是多少', 'the highest confidence it writes'],
  colors: [
    '摄像机写的颜色 → blue、yellow、white、black、green',
    'what it writes for a colour → blue, yellow, white, black, green',
  ],
  'colors.*': ['颜色', 'the colour'],
  'password.secret': ['secrets.yaml 里的名字', 'its name in secrets.yaml'],
};

/** Meaning of the key at `path`; undefined without a text. */
export function keyText(path: string): Text | undefined {
  const kindKey = /^(?:devices|cameras)\.[^.]+\.(.+)$/.exec(path)?.[1];
  const words =
    (Object.hasOwn(KEYS, path) ? KEYS[path] : undefined) ?? (kindKey === undefined ? undefined : KIND_KEYS[kindKey]);
  return words === undefined ? undefined : { zh: words[0], en: words[1] };
}

/** The fixed parts of docs/configuration.md. */
export const documentationText = {
  required: '必填 required',
  head: [
    '# 配置 · Configuration',
    '',
    '本页由 `lanewarden schema --markdown` 生成，和程序检查的完全一致。改动请改程序里的定义，再重新生成。',
    '',
    'Generated by `lanewarden schema --markdown`: it is what the program checks. Change the definitions and generate it again.',
    '',
    '- 配置文件依次从 `--config`、环境变量 `LANEWARDEN_CONFIG`、当前目录的 `lanewarden.yaml` 找。用 `lanewarden check` 检查：所有错误一次列出，带行号和改法，退出码 78。',
    '- The file is that of `--config`, else of `LANEWARDEN_CONFIG`, else `lanewarden.yaml` in the current folder. `lanewarden check` lists every fault at once, with line and remedy, and exits 78.',
    '- 密钥不写在这个文件里：写 `{ secret: 名字 }`，值放在旁边的 `secrets.yaml`（权限 0600），每行一个 `名字: "值"`。名字里的点是名字的一部分。',
    '- Secrets do not stand in this file: write `{ secret: name }`, and the value into `secrets.yaml` beside it (mode 0600), one `name: "value"` a line. A dot is part of the name.',
    '- 时长写 `250ms`、`5s`、`10min`、`2h`、`7d`，只写数字是毫秒；容量写 `500KB`、`20MB`、`4GB`（按 1000 进位），只写数字是字节。',
    '- Durations are `250ms`, `5s`, `10min`, `2h`, `7d`, a bare number is milliseconds; sizes are `500KB`, `20MB`, `4GB` (powers of 1000), a bare number is bytes.',
    '- 编号用字母、汉字、数字、`-`、`_`。`0123` 这样的编号不加引号也保留前面的零。',
    '- Ids are letters of any script, digits, `-` and `_`. An id like `0123` keeps its zeros even without quotes.',
    '- 不认识的键是错误，不会被忽略。 A key that is not known is a fault, never ignored.',
    '- 编辑器提示：`lanewarden schema > config.schema.json`，并在文件第一行写 `# yaml-language-server: $schema=./config.schema.json`。',
    '- For help in an editor: `lanewarden schema > config.schema.json`, and `# yaml-language-server: $schema=./config.schema.json` as the first line of the file.',
  ],
  tableHead: ['| 键 key | 写法 form | 默认 default | 说明 | meaning |', '|---|---|---|---|---|'],
} as const;
