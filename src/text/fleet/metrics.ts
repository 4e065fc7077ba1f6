/** What each metric of `/metrics` means: its HELP line, and its row in docs/en/metrics.md. Chinese first. */
import type { Text } from '../text.ts';

const both = (zh: string, en: string): Text => ({ zh, en });

export const metricText = {
  lanewarden_build_info: both('在运行的版本，恒为 1', 'The version that runs; always 1.'),
  lanewarden_config_info: both(
    '生效的配置：原文的 SHA-256；state 表示是不是文件里的那份。恒为 1',
    'The configuration in force: SHA-256 of its text, and whether it is that of the file; always 1.',
  ),
  lanewarden_running: both('有配置在运行时为 1', '1 while a configuration is in force.'),
  process_start_time_seconds: both(
    '程序启动的时间（Unix 秒，按当时的时钟）',
    'When the program began, in Unix seconds by the clock of then.',
  ),
  process_cpu_seconds_total: both('程序用掉的处理器时间', 'Processor time of the program.'),
  process_resident_memory_bytes: both('程序占用的内存', 'Resident memory of the program.'),
  lanewarden_releases_total: both(
    '判定的放行，按方式和结论；留作复核的也算',
    'Releases decided, by method and verdict; those kept for review as well.',
  ),
  lanewarden_releases_withdrawn_total: both(
    '上传前撤回的放行：多半是后来有缴费',
    'Releases withdrawn before they were sent: most were paid for after all.',
  ),
  lanewarden_releases_corrected_total: both(
    '上传后更正的放行',
    'Releases that turned out otherwise after they were sent.',
  ),
  lanewarden_passages_total: both('通过的车，按凭什么放行', 'Passages, by what covered them.'),
  lanewarden_openings_total: both('结束的开闸，按怎么开始', 'Openings that are over, by how they began.'),
  lanewarden_payments_total: both(
    '放行凭证，按去向：told 是收到，其余是结局',
    'Permissions of payments by fate: told is their arrival, the others are ends.',
  ),
  lanewarden_alarms_total: both('开始的告警', 'Alarms that went on.'),
  lanewarden_blind_seconds_total: both(
    '看不到的时间，结束时计入，按原因；启动之前的那段也算',
    'Time in which something could not be observed, counted when it ends, by cause; the time before the start as well.',
  ),
  lanewarden_lane_passages: both('车道开始观察以来通过的车', 'Passages since the lane is watched.'),
  lanewarden_lane_alarms: both('正在告警的个数', 'Alarms that are on.'),
  lanewarden_alerts: both(
    '页面上的告警，按根本原因；值是它和由它引起的共有几条',
    'Alerts of the page by their cause; the value counts it and what follows from it.',
  ),
  lanewarden_lane_reporting: both(
    '可以上报“没有缴费”为 1，还没有证明收得到缴费为 0',
    '1 where the lane may report that nobody paid, 0 while that is not proved.',
  ),
  lanewarden_lane_proofs: both(
    '还缺证明的车道：已有的次数，满 20 为止',
    'Of a lane that lacks the proof: how many so far, of 20.',
  ),
  lanewarden_uploads_total: both(
    '上传有了结果的记录，按去向和结果',
    'Records whose upload came to a result, by destination and result.',
  ),
  lanewarden_upload_tries_total: both('上传尝试的次数', 'Attempts to upload.'),
  lanewarden_destination_waiting: both(
    '平台以外的去向还没送到的消息',
    'Messages that a destination beside the platform does not have yet.',
  ),
  lanewarden_destination_oldest_seconds: both(
    '其中最早一条等了多久；没有为 0',
    'Age of the oldest of them; 0 when none waits.',
  ),
  lanewarden_records: both('本机上的记录，按状态', 'Records on the box by state.'),
  lanewarden_queue_oldest_seconds: both(
    '最早一条待上传记录等了多久；没有为 0',
    'Age of the oldest waiting record; 0 when none waits.',
  ),
  lanewarden_platform_reachable: both(
    '平台连得上为 1，连不上或拒绝时为 0',
    '1, or 0 while nothing gets through to the platform.',
  ),
  lanewarden_camera_pushes_total: both(
    '摄像机送来的识别和其他消息，按去向',
    'Reads and other messages of cameras by what became of them.',
  ),
  lanewarden_pictures_failed_total: both('没拍成的照片', 'Pictures that could not be taken.'),
  lanewarden_intake_messages_total: both(
    '接收到的消息，按种类；expired 是到达时已过期',
    'Messages received, by kind; expired: over on arrival.',
  ),
  lanewarden_intake_flooded_total: both('因发送太多被拒绝的次数', 'Refusals of senders that send too much.'),
  lanewarden_device_up: both('正在读到时为 1', '1 while it is read.'),
  lanewarden_device_faults_total: both('设备和线路的故障', 'Faults of devices and lines.'),
  lanewarden_device_unproven: both(
    '设备未经证实的事实个数；照常读取',
    'Facts of the device that are not proven; it is read all the same.',
  ),
  lanewarden_device_round_seconds: both('两次读取的间隔', 'From one look to the next.'),
  lanewarden_polls_late_total: both('间隔超过设定两倍的轮询', 'Polls that came later than twice their interval.'),
  lanewarden_store_commits_total: both('数据库提交次数', 'Commits of the database.'),
  lanewarden_journal_events_lost_total: both(
    '因磁盘长时间拒绝写入而没有记下的事件',
    'Events not journalled because the disk refused for too long.',
  ),
  lanewarden_disk_free_bytes: both('数据所在磁盘的剩余空间', 'Free on the disk of the state.'),
  lanewarden_disk_left_seconds: both(
    '按近日用量磁盘还能用多久；照片配额以内时没有这一项',
    'How long the disk lasts at the pace of the last days; absent while the quota of pictures bounds it.',
  ),
  lanewarden_pictures_bytes: both('保存的照片', 'Kept pictures.'),
  lanewarden_database_damaged: both(
    '最近七天发现过数据库损坏时为 1',
    '1 when it was found damaged in the last seven days.',
  ),
  lanewarden_clock_known: both('时钟可信时为 1', '1 when the clock is known to be right.'),
} as const satisfies Readonly<Record<string, Text>>;
