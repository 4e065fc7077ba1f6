/** Of a release: how its time is known, and the events beside its signals; of the intake: why a sender was refused. Chinese first. */
import type { RefusedFor } from '../../intake/refused-senders.ts';
import type { LaneEvent } from '../../lane/types.ts';
import { witnessText } from '../camera.ts';
import { problemText } from '../intake.ts';
import { durationText, type Text } from '../text.ts';
import * as table from './overview.made.ts';

const both = (zh: string, en: string): Text => ({ zh, en });

/** Of a release whose time was extrapolated across a power cut. */
export function timeErrorText(errorMs: number): Text {
  const error = durationText(errorMs);
  return both(
    `时间从断电前最后一次存盘推算，最多可能晚 ${error.zh}`,
    `time extrapolated across a power cut: may be up to ${error.en} later`,
  );
}

/** Of a release dated by a phone's time. */
export function timeWithinText(withinMs: number): Text {
  const error = durationText(withinMs);
  return both(`本机时间取自手机，误差 ±${error.zh}`, `dated by a time taken from a phone, ±${error.en}`);
}

/** Of a sender to the intake, for the installer; the sender's own answer is in `problemText`. */
const REFUSED: Partial<Readonly<Record<RefusedFor, { readonly why: Text; readonly todo: Text }>>> = table.REFUSED;

export function refusedSenderText(code: RefusedFor): { readonly why: Text; readonly todo: Text } {
  const answer = (problemText as Partial<Record<RefusedFor, { readonly title: Text; readonly detail: Text }>>)[code];
  return (
    REFUSED[code] ?? {
      why: answer?.title ?? both(code, code),
      todo: answer?.detail ?? both('见日志', 'see the log'),
    }
  );
}

/** An event besides the edges, in a word; undefined for events of no interest there. */
export function eventText(event: LaneEvent): Text | undefined {
  switch (event.kind) {
    case 'plate':
      return both(`车牌 ${event.plate.text}`, `plate ${event.plate.text}`);
    case 'grant':
      return both(`放行凭证 ${event.grant.plate ?? ''}`.trim(), `paid exit ${event.grant.plate ?? ''}`.trim());
    case 'tick':
      if (event.witness !== undefined) return witnessText(event.witness);
      return event.aside && both(`不是车牌的文字 ${event.aside.text}`, `no plate: ${event.aside.text}`);
    case 'mode': {
      const on = event.on ? both('开始', 'on') : both('结束', 'off');
      const name = {
        maintenance: both('维护', 'maintenance'),
        keepOpen: both('常开', 'kept open'),
        freePassage: both('免费时段', 'free passage'),
      };
      return both(`${name[event.mode].zh}${on.zh}`, `${name[event.mode].en} ${on.en}`);
    }
    case 'start':
      return both('程序启动', 'program start');
    default:
      return undefined;
  }
}
