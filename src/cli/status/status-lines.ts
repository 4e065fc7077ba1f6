/** The state of the box as lines of a terminal: what is wrong first, then one line a part. Pure. */
import type { BoxStatus } from '../../box/box-status.ts';
import type { Overview } from '../../page/api/api.ts';
import { observationText } from '../../store/observation-text.ts';
import { statusText } from '../../text/commands/status.made.ts';
import { armName } from '../../text/page/ui-lane.ts';
import { overviewPageText, uploaderState } from '../../text/page/ui-overview.ts';
import { clockQuality, levelName } from '../../text/page/ui-parts.made.ts';
import { beijingTime, durationText, type Language, type Text } from '../../text/text.ts';
import { widthOf } from '../report/sheet-lines.ts';

type Row = readonly [name: Text, parts: readonly Text[]];

export function statusLines(status: BoxStatus, language: Language): readonly string[] {
  const { complaints } = status;
  const head =
    complaints.length === 0
      ? [statusText.allWell[language]]
      : complaints.map(({ level, text }) => `[${levelName[level][language]}] ${text[language]}`);
  const width = Math.max(...Object.values(statusText.row).map((name) => widthOf(name[language]))) + 2;
  const join = language === 'zh' ? '，' : ', ';
  const rows = rowsOf(status).map(([name, parts]) => {
    const label = name[language] + ' '.repeat(width - widthOf(name[language]));
    return label + parts.map((part) => part[language]).join(join);
  });
  return [...head, '', ...rows];
}

const timeOf = (wallMs: number): string => beijingTime(wallMs).slice(0, 19).replace('T', ' ');
const plain = (text: string): Text => ({ zh: text, en: text });

function rowsOf(status: BoxStatus): readonly Row[] {
  const { overview, channels } = status;
  const { row } = statusText;
  return [
    [row.program, programParts(status)],
    ...laneRows(status),
    ...(overview === undefined ? [] : [[row.devices, deviceParts(overview.devices)] as const]),
    ...(channels === undefined ? [] : [[row.channels, channelParts(channels)] as const]),
    [row.queue, queueParts(status)],
    ...(overview?.today === undefined ? [] : [[row.today, [withoutHead(overview.today)]] as const]),
    ...(overview === undefined || overview.disk.framesMaxBytes === 0
      ? []
      : [[row.disk, diskParts(overview.disk)] as const]),
    ...(overview === undefined
      ? []
      : [[row.clock, [clockQuality[overview.clock.quality], plain(timeOf(overview.clock.wallMs))]] as const]),
    [row.certificate, certificateParts(status)],
    ...(status.update === undefined ? [] : [[row.update, updateParts(status.update)] as const]),
    [row.evidence, evidenceParts(status)],
  ];
}

/** The label says that it is today. */
function withoutHead(today: NonNullable<Overview['today']>): Text {
  const { zh, en } = overviewPageText.today(today);
  return { zh: zh.replace(/^.*?：/, ''), en: en.replace(/^.*?: /, '') };
}

function programParts({ program, overview, atWallMs }: BoxStatus): readonly Text[] {
  if (program === undefined) return [statusText.stopped];
  const { version, sinceWallMs, pid } = program;
  return [
    statusText.running(version, timeOf(sinceWallMs), durationText(atWallMs - sinceWallMs), pid),
    ...(overview === undefined ? [] : [statusText.configState[overview.config.state]]),
  ];
}

/** Lanes that nobody watches are known by their blind times only. */
function laneRows({ overview, kept }: BoxStatus): readonly Row[] {
  const blindOf = (id: string): readonly Text[] => {
    const found = kept?.blind.filter(({ lane }) => lane === id || lane === '') ?? [];
    return found.map(({ times, forMs, lasts, last }) =>
      statusText.blind(times, durationText(forMs), lasts, observationText(last).what),
    );
  };
  if (overview === undefined)
    return [...new Set(kept?.blind.map(({ lane }) => lane) ?? [])].map((id) => [
      statusText.row.lane,
      [...(id === '' ? [] : [plain(id)]), ...blindOf(id)],
    ]);
  return overview.lanes.map(({ id, name, arm, passages, maintenance, reporting: { earned } }) => {
    const blind = blindOf(id);
    return [
      statusText.row.lane,
      [
        plain(name === id ? id : `${name} ${id}`),
        armName[arm],
        statusText.passages(passages),
        ...(maintenance === undefined ? [] : [statusText.maintenance]),
        ...(earned === undefined ? [statusText.notReporting] : []),
        ...(blind.length > 0 ? blind : kept === undefined ? [] : [statusText.seen]),
      ],
    ];
  });
}

function deviceParts(devices: Overview['devices']): readonly Text[] {
  if (devices.length === 0) return [statusText.noDevices];
  const isOff = devices.filter(({ state }) => state !== 'ok');
  return [
    statusText.devices(devices.length - isOff.length, devices.length),
    ...isOff.map(({ id, state, downForMs }) =>
      state === 'down' && downForMs !== undefined
        ? statusText.deviceDown(id, durationText(downForMs))
        : statusText.deviceQuiet(id),
    ),
  ];
}

function channelParts(channels: NonNullable<BoxStatus['channels']>): readonly Text[] {
  if (channels.length === 0) return [statusText.noChannels];
  return channels.map(({ id, up, forMs, heardAgoMs }) => {
    const state = up ? statusText.channelUp(id) : statusText.channelDown(id, durationText(forMs));
    const heard = heardAgoMs === undefined ? statusText.neverHeard : statusText.heard(durationText(heardAgoMs));
    return { zh: `${state.zh}（${heard.zh}）`, en: `${state.en} (${heard.en})` };
  });
}

function queueParts({ kept, overview, atWallMs }: BoxStatus): readonly Text[] {
  const counts = kept?.counts ?? overview?.queue;
  if (counts === undefined) return [];
  const { waiting, held, parked, review, kept: back } = counts;
  const since = (wallMs: number): Text => durationText(atWallMs - wallMs);
  return [
    ...(overview === undefined ? [] : [uploaderState[overview.queue.uploader]]),
    statusText.waiting(waiting),
    ...(kept?.oldestWallMs === undefined ? [] : [statusText.oldest(since(kept.oldestWallMs))]),
    ...(held > 0 ? [statusText.held(held)] : []),
    ...(parked > 0 ? [statusText.parked(parked)] : []),
    ...(review > 0 ? [statusText.review(review)] : []),
    ...(back > 0 ? [statusText.kept(back)] : []),
    kept?.lastDeliveredWallMs === undefined
      ? statusText.noneDelivered
      : statusText.lastDelivered(timeOf(kept.lastDeliveredWallMs), since(kept.lastDeliveredWallMs)),
  ];
}

function diskParts({ freeBytes, framesBytes, framesMaxBytes, kept, wear }: Overview['disk']): readonly Text[] {
  return [
    statusText.free(bytes(freeBytes)),
    statusText.frames(bytes(framesBytes), bytes(framesMaxBytes)),
    ...(kept?.forecast === undefined ? [] : [statusText.fits(Math.floor(kept.forecast.days))]),
    ...(wear === undefined ? [] : [overviewPageText.wearOf(bytes(wear.bytesPerDay), Math.floor(wear.years))]),
  ];
}

function certificateParts({ certificate }: BoxStatus): readonly Text[] {
  if (certificate === undefined) return [statusText.noCertificate];
  const { untilWallMs, fingerprint } = certificate;
  return [statusText.validUntil(timeOf(untilWallMs).slice(0, 10)), plain(`SHA-256 ${fingerprint.slice(0, 23)}…`)];
}

function updateParts({ state, version, text }: NonNullable<BoxStatus['update']>): readonly Text[] {
  return [
    ...(version === undefined ? [] : [plain(version)]),
    statusText.update[state],
    ...(state === 'failed' && text !== undefined ? [text] : []),
  ];
}

function evidenceParts({ kept, verified }: BoxStatus): readonly Text[] {
  const signed = kept?.signed;
  return [
    signed === undefined
      ? statusText.notSigned
      : statusText.signed(signed.last, timeOf(signed.atWallMs), signed.ways.length > 0),
    verified === undefined
      ? statusText.notVerified
      : statusText.verified(timeOf(verified.atWallMs), verified.rows, verified.faults),
  ];
}

function bytes(count: number): string {
  const [value, unit] = count >= 1e9 ? [count / 1e9, 'GB'] : [count / 1e6, 'MB'];
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}
