/** What only the documents speak of: words of other programs and makers, and of examples. A new one is added when it is right. */

/** Words in code. */
export const OUTSIDE_WORDS = `
Accept-Language User-Identify ARGS SERIES_ID SECRET
BD00001 C-20260501-000123 PAY-20260501-000099 PAY-20260501-000123 PAY-20260501-000124 PAY-20260501-000125 R-881 SHIFT-20260501-1
LOOP0 LOOP1 51230 S01-1 B78915 C-123 SHIFT-1 PAY-2 order-2 vVERSION VERSION NUMBER binary-arm64 csc 51234 88012 1009 8090 CHAIN MILLISECONDS cam6 cam8 gate-2 lanewarden-4a7f evidence-4711 my-platform reserve-key next-key spring before-version-N input8 usb-FTDI_FT232R-if01
ack_wait Iseconds apache URIs Suites Signed-By 0640 build-from-source cacert char-NUMBER chgrp chrt concurrently configCheckInterval createdb data-urlencode fsS functionality genpkey hc
mmcblk0p3 pg_dump pkey pubout retentionPeriod tcpdump tee
order_no car_no total_fee A-1 NAME:ID dbo
camId devId fullPicPath msgId plateResult triggerTime utcTs
`;

/** Programs that the documents run, each with its first words and options in use. */
export const OUTSIDE_PROGRAMS = `
npm ci test start rebuild
curl --cacert --max-time --retry --retry-all-errors --retry-max-time --data-urlencode --pinnedpubkey -H -X -d -fsS -k -sS
systemctl --now -s daemon-reload disable edit enable kill restart start status stop
cp -r
openssl -addext -algorithm -base64 -days -hex -in -keyout -newkey -nodes -out -pubout -subj -x509 genpkey pkey rand req
date -d -Iseconds
set -eu
npx --config --speed --through-hardware -t lanewarden vitest
echo
cd
apt-get --no-install-recommends -y install update upgrade
mosquitto_pub -P -p -h -m -q -t -u
mosquitto_sub -h -p -q -t -v
runuser -c -d -f -q -u -v
reboot
printf
apt install update upgrade purge
tee
install -d -g -m -o
umask
python3
mount -o
mkfs.ext4 -L -b
podman -e -f -it -p -t -v build run
dpkg --configure --install --purge -a -i -l -r
chown
chmod
useradd --no-create-home --system
mkdir -p
mbpoll -a -c -m -p -r -t
git -a -m pull tag -s -v
journalctl -u
usermod -aG
chrt -f
tcpdump -w
nc -l
kill
ls -l
psql -At -c
sh -c
udevadm trigger
systemd-analyze --offline security
chgrp -R
node -e
`;

/** Scripts of ours by the name they are called with. */
export const OUR_SCRIPTS: Readonly<Record<string, string>> = {
  'prepare-pi': 'deploy/prepare-pi.sh',
  'identity.sh': 'deploy/fleet/identity.sh',
};

/** Pages that have an option of a command without naming the command. */
export const SPEAKS_OF: Readonly<Record<string, readonly string[]>> = {
  'SECURITY.md': ['provision'],
  'account.md': ['report'],
  'deploy/fleet/README.md': ['deploy/fleet/audit/consumer.py'],
  'deploy/fleet/README.en.md': ['deploy/fleet/audit/consumer.py'],
  'deploy/fleet/PLAN.md': ['deploy/fleet/audit/consumer.py'],
  'deploy/fleet/PLAN.en.md': ['deploy/fleet/audit/consumer.py'],
  'detection.md': ['simulate'],
  'contributing.md': ['test/package/node.mjs'],
  'contributing-documents.md': ['test/docs/check/run.ts'],
  'errors.md': ['update', 'demo', 'simulate'],
  'figures.md': ['test/bench/upload.ts'],
  'pi.md': ['prepare-pi'],
  'threat-model.md': ['npx'],
  'troubleshooting.md': ['deploy/package.mjs'],
  'update-keys.md': ['deploy/package.mjs'],
};

/** What is quoted and not said by the program, a line each. */
export const OUTSIDE_QUOTES = `
\\|
更换更新密钥 · Changing the update key
无信号
未发布
已缴费通过 粤B86420
paid passage 粤B86420
开到位、关到位
OPENED、CLOSED
限位输出
状态输出
停在半路
到位
存在
脉冲
远程：通知报警中心
下一项
自定义机器人
自定义关键词
Modbus RTU 8 路
Modbus RTU 8 channels
wrong version number
入场 3 小时 12 分，未缴费
应收 ¥15.00，管理系统告知
月卡A 已于 09:59 到期
另一车牌
Another plate
某某要求丢弃：原因；原记录：…
上报 + 待复核
前车剩下的缴费
可能跟车
先 A 后 B
Subscribing to recognition results
Subscribing to IO input events
Subscribing to RG recognition events
MQTT interface protocol
Reporting recognised plates
HTTP POST function, mode 5
MQTT protocol
`;

/** Names with dots that look like keys of the configuration: names of secrets. */
export const OUTSIDE_KEYS: readonly string[] = ['intake.pms'];

/** What the door of a room names and is no file of it. */
export const OUTSIDE_ROOMS: readonly string[] = ['lanewarden.yaml'];

/** Texts of links that have no word in common with where they lead. */
export const LINK_TEXTS = `
 → ../screenshots/diagnostics-phone-en.png
 → ../screenshots/queue-phone-en.png
 → ../screenshots/releases-phone-en.png
 → ../screenshots/signals-phone-en.png
"kept back" → commissioning.md
15 s before and after → ../screenshots/signals-of-release-desktop-en.png
Daily sheet → ../screenshots/account-phone-en.png
One car teaches the wiring → ../screenshots/first-taught-phone-en.png
Status → ../screenshots/overview-desktop-en.png
Status → ../screenshots/overview-phone-en.png
The status page → docs/screenshots/overview-desktop-en.png
a box without network time → commissioning.md
a page of its own → figures.md
account → page-access.md
as far as known → page-protection.md
below → contributing-documents.md
confirmed it → destination-webhook.md
confirmed its address → destination-webhook.md
docs/en → docs/en/index.md
earned it → commissioning.md
earning it → commissioning.md
how → intake-access.md
lamp and siren → device-boards.md
once learned → lane-logic-minute.md
repository for apt → update.md
the Chinese page → ../zh/hardware-tested.md
the rest → ../../src/text/README.md
what → commissioning.md
who is kept out, and how → docs/en/threat-model.md
who is kept out, and how → threat-model.md
why → lane-logic-minute.md
中文 → PLAN.md
中文 → README.md
威胁模型 → docs/zh/threat-model.md
`;
