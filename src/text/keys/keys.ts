/** Meaning of each key of the configuration: for the JSON Schema, the documentation and the page's form. Both languages; Chinese first. */

import type { Text } from '../text.ts';
import { DESTINATION_KEYS } from './destination-keys.ts';
import { DUTY_KEYS } from './duty-keys.ts';
import { KIND_KEYS } from './kind-keys.ts';
import { LANE_SETTINGS_KEYS } from './lane-keys.ts';
import { MQTT_KEYS } from './mqtt-keys.ts';
import { TARIFF_KEYS } from './tariff-keys.ts';

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
    'parking_serial 用什么：generated 自己生成；entry-record 用告知的入场记录号（没有就自己生成；车场有几台闸口卫士时不要用）',
    'source of parking_serial: generated, or entry-record: the entry record that was told, else generated; not with several boxes in a park',
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
    'upper bound of sending per second (a 4G card); none when left out',
  ],
  'cloud.ca': [
    '私有平台或 https:// 代理的 CA 证书文件（PEM）',
    'PEM file of the authority of a private platform, or of an https:// proxy',
  ],
  'cloud.proxy': ['HTTP 代理地址', 'address of an HTTP proxy'],

  lines: [
    '线路：一对 RS-485 线、一个串口或一个网口设备，线上的设备写在它下面',
    'lines: an RS-485 pair, a serial port or a device on the network, each with what hangs on it',
  ],
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
    '防抖时间；不写时地感 20 毫秒、触点 30 毫秒；轮询间隔达到它的一倍半时不等待：其间没有第二次读取',
    'how long a level must hold; 20 ms for loops and 30 ms for contacts when left out; not waited for where polls are one and a half times as far apart: none comes meanwhile',
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
    '记录用它的图片，`camera` 的另存本机',
    'its picture goes with the record, not that of `camera`',
  ],
  'lanes.reporting': [
    '谁签字让这条车道上报“没有缴费”；缴费消息或开闸继电器能证明时不用写',
    'who signs that this lane may report “nobody paid”; not needed where messages or the relay prove it',
  ],
  'lanes.reporting.by': ['签字人', 'name of the person who signs'],
  'lanes.reporting.reason': ['理由', 'the reason'],
  'lanes.reporting.payments': [
    '这里靠什么知道已缴费：nothing 没有，每次开闸都是人工；list 只有名单或白名单',
    'what tells of payments here: nothing: every opening is by hand; list: a list of vehicles alone',
  ],
  ...LANE_SETTINGS_KEYS,

  intake: ['缴费和车牌消息怎么进来', 'how paid exits and plates arrive'],
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
  'intake.http.tokens.scopes': [
    '权限：grants 送缴费消息，metrics 只读 /metrics；不写就是两样',
    'what it may: grants pushes payments, metrics reads /metrics; both when left out',
  ],
  'intake.https': [
    '加密的第二个端口，令牌同 intake.http；用网页的证书',
    'a second port, with TLS: the tokens of intake.http, the certificate of the page',
  ],
  'intake.https.enabled': [
    '是否启用；没写是关（旧文件），向导写 true',
    'whether it is on; off when left out, as in older files; the wizard writes true',
  ],
  'intake.https.listen': ['监听地址', 'address to listen on'],
  'intake.tells': [
    '管理系统会发来哪些消息：paid 缴费，free 免费（含免费时长内离场），season 月卡，stored 储值，remote 远程开闸；五种都有才算齐全：经过 100 次试用后，没有消息的继电器开闸记为“系统开闸无缴费”',
    'the passages the management system reports: paid, free (free minutes too), season, stored value, remote; with all five, after a trial of 100 pulses, a relay opening without a message is "opened by the system, unpaid"',
  ],
  'intake.verifySign': [
    '转发来的平台消息签名不对或没有时：mark 照算并标明未核实，require 拒收',
    'forwarded messages of the platform whose sign is wrong or missing: mark, counted and marked unverified; require, refused',
  ],
  'intake.maxCount': [
    '一条放行最多管几次通行；不写是 50（旧文件），向导写 5',
    'passages that one grant may cover; 50 when left out, as in older files; the wizard writes 5',
  ],
  'intake.maxLifetime': [
    '一条放行最长的有效期（expiresAt 减 issuedAt）；不写则不限（旧文件），向导写 15min',
    'longest life of one grant, expiresAt less issuedAt; unlimited when left out, as in older files; the wizard writes 15min',
  ],
  'intake.systems': [
    '用模板接入的收费系统：怎么写见 intake-profiles.md',
    'management systems that are known by a profile: see intake-profiles.md',
  ],
  'intake.systems.name': ['系统的名字；它的缴费都记在这个名字下', 'name of the system; its payments come under it'],
  'intake.systems.profile': [
    '模板名（lanewarden profile list --kind intake）',
    'name of the profile (lanewarden profile list --kind intake)',
  ],
  'intake.systems.values': [
    '模板要的值（lanewarden profile show 模板名）',
    'what the profile asks for (lanewarden profile show NAME)',
  ],
  'intake.systems.secrets': [
    '模板要的密钥，写 secrets.yaml 里的名字',
    'the secrets it asks for, by their names in secrets.yaml',
  ],
  'intake.systems.secrets.secret': ['secrets.yaml 里的名字', 'its name in secrets.yaml'],
  'intake.systems.lanes': [
    '它的车道名 → 本机的车道号；写了就只收这些车道的；不写则两边同名',
    'its name of a lane → ours; with any, only those lanes count; without, both use the same names',
  ],
  'intake.systems.from': [
    '它从哪些地址推送（IP 或网段）；不写不限；不签名也不带密钥的系统必须写',
    'addresses or networks it pushes from; any when left out; needed where it neither signs nor sends a secret',
  ],
  'intake.systems.database': ['要读的数据库（模板里有 sql）', 'the database to read, for a profile with sql'],
  'intake.systems.database.kind': ['MySQL、MariaDB 写 mysql', 'mysql is MariaDB as well'],
  'intake.systems.database.host': ['数据库服务器的地址', 'its host'],
  'intake.systems.database.port': ['端口；不写用这种数据库的默认端口', 'its port; that of its kind when left out'],
  'intake.systems.database.name': ['库名', 'name of the database'],
  'intake.systems.database.user': [
    '用户：只给它一个视图的 SELECT 权限',
    'a user with SELECT on one view, nothing else',
  ],
  'intake.systems.database.password': ['密码，写 secrets.yaml 里的名字', 'the password, by its name in secrets.yaml'],
  'intake.systems.database.password.secret': ['secrets.yaml 里的名字', 'its name in secrets.yaml'],
  'intake.systems.database.tls': ['加密连接，并核对证书', 'encrypted, the certificate checked'],
  'intake.systems.database.ca': ['自己的 CA 证书文件（PEM）', 'PEM file of your authority'],
  'intake.systems.file': [
    '要读的文件：按行增长的（模板里有 file），或 SQLite 数据库；文件名里可写 {yyyy}、{MM}、{dd}',
    'the file to read: one that grows by lines, or a database of SQLite; {yyyy}, {MM} and {dd} may stand in its name',
  ],
  'intake.systems.url': [
    '要查询的地址（模板里有 rest）；路径在模板里',
    'where to poll, for a profile with rest; the path stands in the profile',
  ],
  'intake.systems.every': ['多久读一次', 'how often it is read'],
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
  ...DESTINATION_KEYS,

  ...DUTY_KEYS,

  ...TARIFF_KEYS,

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
  'page.maskPlates': ['查看员看到的车牌遮去中间、不给图片', 'viewers see plates without their middle, and no pictures'],
  'page.idle': ['多久不用就要重新登录', 'a session that is not used for this long ends'],
  'page.maintenanceMax': ['维护模式一次最长多久；到时自动结束', 'the longest maintenance of a lane; it ends by itself'],
  'page.pauseMax': ['暂停上传最长多久；到时自动继续', 'the longest pause of uploads; they go on by themselves'],

  store: ['本机保存', 'what is kept on the box'],
  'store.path': ['保存目录；相对路径从配置文件所在目录算起', 'its folder; relative to the configuration file'],
  'store.framesMax': ['图片最多占用', 'most that pictures may take'],
  'store.keep': [
    '保留多久：short 图片 7 天、记录 30 天、车道事件 30 天；month 31、62、31 天；year 366、366、62 天。满了先删最旧的图片',
    'how long: short keeps pictures 7 days, records 30, lane events 30; month 31, 62 and 31; year 366, 366 and 62. A full disk loses the oldest pictures first',
  ],
  'store.keepFrames': [
    '已送达记录的图片保留多久，代替 keep 的；未送达的一直保留',
    'how long pictures of delivered records stay, instead of what keep says; what waits is kept',
  ],
  'store.keepRecords': [
    '已送达记录保留多久，代替 keep 的',
    'how long delivered records stay, instead of what keep says',
  ],
  'store.keepJournal': [
    '车道事件保留多久，代替 keep 的；记录所依据的与记录同期',
    'how long lane events stay, instead of what keep says; those that a record rests on stay as long as the record',
  ],
  'store.journalMax': [
    '一个车道的事件最多占用，先删最旧的；恢复车道状态所需的和记录所依据的除外',
    'most that the events of a lane may take; the oldest go first, but none that the lane needs to find its state or a record rests on',
  ],

  log: ['日志', 'the log'],
  'log.level': ['最低级别', 'the least level that is written'],
};

/** Meaning of the key at `path`; undefined without a text. */
export function keyText(path: string): Text | undefined {
  const kindKey = /^(?:devices|cameras)\.[^.]+\.(.+)$/.exec(path)?.[1];
  const words =
    (Object.hasOwn(KEYS, path) ? KEYS[path] : undefined) ?? (kindKey === undefined ? undefined : KIND_KEYS[kindKey]);
  return words === undefined ? undefined : { zh: words[0], en: words[1] };
}
