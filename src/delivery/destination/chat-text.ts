/** Messages to the chat group of a park. Both languages; Chinese first. */

import type { DaySheet } from '../../account/sheet.ts';
import type { AlarmKind } from '../../lane/types.ts';
import type { SignedHead } from '../../store/chain/chain.ts';
import type { Observation } from '../../store/observation.ts';
import { observationText } from '../../store/observation-text.ts';
import type { OutboxRecord } from '../../store/record-types.ts';
import * as table from '../../text/destinations/chat.made.ts';
import { alarmText, descText } from '../../text/lanes/lane.ts';
import { daySheetText, reviewedText } from '../../text/page/account.ts';
import { beijingTime, joined, type Text } from '../../text/text.ts';

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
  release: (record: OutboxRecord, withdrawn: boolean): Text => {
    const { gateName, release, releaseWallMs, reason, lastWhy } = record;
    const rest = [release.plate?.text, shortTime(releaseWallMs)].filter((each) => each !== undefined).join(' · ');
    const desc = descText(release.desc);
    const why = (record.turnedOut?.why ?? lastWhy) === 'notASecondVehicle' ? 'notASecondVehicle' : 'other';
    return withdrawn
      ? table.chatText.withdrawn(gateName, desc, rest, why)
      : table.chatText.release(gateName, desc, rest, reason);
  },
  alarm: (lane: string, alarm: string, wallMs: number): Text =>
    table.chatText.alarm(lane, alarmText({ alarm: alarm as AlarmKind, on: true }), shortTime(wallMs)),
  observation: ({ laneId, seen, toWallMs }: Observation, lane = laneId): Text =>
    table.chatText.observation(observationText(seen).what, shortTime(toWallMs), lane),
  sheet: (sheet: DaySheet, signed?: SignedHead): Text =>
    joined(
      [
        table.chatText.day(sheet.day),
        ...(sheet.isEmpty ? [table.chatText.empty] : dayLines(sheet)),
        ...(signed === undefined ? [] : [headLine(signed)]),
      ],
      '\n',
      '\n',
    ),
};

function dayLines(sheet: DaySheet): readonly Text[] {
  const { passages, openings, byLane } = sheet;
  const sum = (key: keyof (typeof byLane)[number]): number =>
    byLane.reduce((total, line) => total + Number(line[key]), 0);
  return [
    table.chatText.balance(sheet.gaps.length + sheet.questions.length + sheet.moreQuestions),
    ...sheet.unseen.map(({ lane, times, forMs }) => {
      const name = sheet.lanes.find(({ id }) => id === lane)?.name ?? lane;
      return daySheetText.unseen(name, times, forMs);
    }),
    table.chatText.traffic(passages.total, openings.total, sum('byHand')),
    table.chatText.releases(sum('reported'), sum('tailgating'), sum('review')),
    table.chatText.money(sum('unpaid'), sum('owedTold') + sum('owedEstimated'), sum('amount')),
    ...reviewedText(sheet.reviewed),
  ];
}
