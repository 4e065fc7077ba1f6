/** Messages to the chat group of a park. Both languages; Chinese first. */

import type { DaySheet } from '../../account/sheet.ts';
import type { AlarmKind } from '../../lane/types.ts';
import type { SignedHead } from '../../store/chain/chain.ts';
import type { Observation } from '../../store/observation.ts';
import type { OutboxRecord } from '../../store/record-types.ts';
import { alarmText, descText } from '../lanes/lane.ts';
import { observationText } from '../observation.ts';
import { daySheetText, reviewedText } from '../page/account.ts';
import { beijingTime, joined, type Text, yuan } from '../text.ts';
import * as table from './chat.made.ts';
import { WITHDRAWN } from './chat.made.ts';

/** `11-24 20:01:02` */
const shortTime = (wallMs: number): string => beijingTime(wallMs).slice(5, 19).replace('T', ' ');

/** With its date in one line, as `verify --heads` reads it. */
function headLine({ last, head, wallMs }: SignedHead): Text {
  const { zh, en } = daySheetText.chainHead(last, head.slice(0, 12));
  const time = beijingTime(wallMs).slice(0, 16).replace('T', ' ');
  return { zh: `${time} ${zh}`, en: `${time} ${en}` };
}

export const chatText = {
  ...table.chatText,
  release: ({ gateName, release, releaseWallMs, reason, lastWhy }: OutboxRecord, withdrawn: boolean): Text => {
    const { zh, en } = descText(release.desc);
    const rest = [release.plate?.text, shortTime(releaseWallMs)].filter((each) => each !== undefined).join(' · ');
    const why = WITHDRAWN[lastWhy ?? ''] ?? { zh: '后来收到缴费', en: 'paid after all' };
    return withdrawn
      ? {
          zh: `【${gateName}】已撤回（${why.zh}）：${zh} · ${rest}`,
          en: `[${gateName}] withdrawn, ${why.en}: ${en} · ${rest}`,
        }
      : { zh: `【${gateName}】${zh} · ${rest}\n${reason}`, en: `[${gateName}] ${en} · ${rest}\n${reason}` };
  },
  alarm: (lane: string, alarm: string, wallMs: number): Text => {
    const { zh, en } = alarmText({ alarm: alarm as AlarmKind, on: true });
    const time = shortTime(wallMs);
    return { zh: `【${lane}】告警：${zh} · ${time}`, en: `[${lane}] alarm: ${en} · ${time}` };
  },
  observation: ({ laneId, seen, toWallMs }: Observation, lane = laneId): Text => {
    const { zh, en } = observationText(seen).what;
    const time = shortTime(toWallMs);
    const of = lane === '' ? { zh: '', en: '' } : { zh: `【${lane}】`, en: `[${lane}] ` };
    return { zh: `${of.zh}${zh} · ${time}`, en: `${of.en}${en} · ${time}` };
  },
  sheet: (sheet: DaySheet, signed?: SignedHead): Text => {
    const open = sheet.gaps.length + sheet.questions.length + sheet.moreQuestions;
    const byHand = sum(sheet, 'byHand');
    const [reported, tailgating, review, unpaid] = (['reported', 'tailgating', 'review', 'unpaid'] as const).map(
      (key) => sum(sheet, key),
    );
    const owed = yuan(sum(sheet, 'owedTold') + sum(sheet, 'owedEstimated'));
    const amount = yuan(sum(sheet, 'amount'));
    const reviewed = reviewedText(sheet.reviewed);
    const lines: readonly Text[] = [
      { zh: `日报 ${sheet.day}`, en: `Day sheet ${sheet.day}` },
      ...(sheet.isEmpty
        ? [{ zh: '这一天没有数据', en: 'nothing was kept for this day' }]
        : [
            {
              zh: open === 0 ? '账目已平' : `账目有 ${open} 处待查`,
              en: open === 0 ? 'the account reconciles' : `${open} open questions in the account`,
            },
            ...sheet.unseen.map(({ lane, times, forMs }) => {
              const name = sheet.lanes.find(({ id }) => id === lane)?.name ?? lane;
              return daySheetText.unseen(name, times, forMs);
            }),
            {
              zh: `通行 ${sheet.passages.total}，开闸 ${sheet.openings.total}（人工 ${byHand}）`,
              en: `${sheet.passages.total} passages, ${sheet.openings.total} openings (${byHand} by hand)`,
            },
            {
              zh: `异常上报 ${reported}（跟车 ${tailgating}），待复核 ${review}`,
              en: `${reported} reported (${tailgating} tailgating), ${review} for review`,
            },
            {
              zh: `未缴费出场 ${unpaid}，应收 ${owed} 元；缴费 ${amount} 元`,
              en: `${unpaid} unpaid exits, owed ${owed} yuan; paid ${amount} yuan`,
            },
            ...reviewed,
          ]),
      ...(signed === undefined ? [] : [headLine(signed)]),
    ];
    return joined(lines, '\n', '\n');
  },
};

function sum(
  { byLane }: DaySheet,
  key: 'byHand' | 'reported' | 'tailgating' | 'review' | 'unpaid' | 'owedTold' | 'owedEstimated' | 'amount',
): number {
  return byLane.reduce((total, line) => total + line[key], 0);
}
