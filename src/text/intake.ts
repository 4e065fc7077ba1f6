/** Answers to systems that push to the box, and their log lines. Both languages; Chinese first. */
import * as table from './intake.made.ts';
import { EXPIRED, problemText, RETAINED, REUSED_ID, TLS_AT_PLAIN } from './intake.made.ts';
import type { Language, Text } from './text.ts';

export {
  apiText,
  ignoredText,
  knownVehicleFaultText,
  listenFaultText,
  problemText,
  reusedIdText,
  tokenFaultText,
  unverifiedText,
} from './intake.made.ts';

interface ProblemText {
  readonly title: Text;
  readonly detail: Text;
}

export const fieldText = {
  ...table.fieldText,
  unknownBooth: (booths: readonly string[]): Text => ({
    zh: booths.length === 0 ? '配置里没有岗亭（duty.booths）' : `没有这个岗亭；配置里有：${booths.join('、')}`,
    en:
      booths.length === 0
        ? 'the configuration has no booths (duty.booths)'
        : `there is no such booth; there are: ${booths.join(', ')}`,
  }),
};

/** `2026-05-01 12:00:00 +08:00`: to the second, with the offset. */
const legible = (iso: string): string => iso.replace(/T(\d\d:\d\d:\d\d)(?:\.\d+)?/, ' $1 ');

/** Both times by the box's clock, with their offset. */
export const expiredText = (expiredAt: string, receivedAt: string): Text => ({
  zh: `有效到 ${legible(expiredAt)}，本机收到时是 ${legible(receivedAt)}；没有放行任何车。请检查发送方的时钟和时区`,
  en: `valid until ${legible(expiredAt)}, received by the box at ${legible(receivedAt)}; it covers no car. Check the clock and the time zone of the sender`,
});

export const intakeLog = {
  ...table.intakeLog,
  refused: (code: string, who: string, count: number, errors: readonly NamedField[] = []): Text => ({
    zh: `拒绝了 ${who} 推送的消息：${problemTitle(code).zh}${fieldsOf(errors, 'zh')}${count > 1 ? `（已 ${count} 次）` : ''}`,
    en: `refused a message from ${who}: ${problemTitle(code).en}${fieldsOf(errors, 'en')}${count > 1 ? ` (${count} times)` : ''}`,
  }),
};

interface NamedField {
  readonly field: string;
  readonly message: Text;
}

/** Faulty fields of a message that gets no answer; names from the sender are cut to a line's length. */
function fieldsOf(errors: readonly NamedField[], language: Language): string {
  const shown = errors.slice(0, 3).map(({ field, message }) => {
    const name = field.replace(/\p{Cc}/gu, '?').slice(0, 60);
    return `${name === '' ? '' : `${name} `}${message[language]}`;
  });
  const more = errors.length > shown.length ? ' …' : '';
  return shown.length === 0 ? '' : `${language === 'zh' ? '：' : ': '}${shown.join('; ')}${more}`;
}

function problemTitle(code: string): Text {
  if (code === 'expired') return EXPIRED;
  if (code === 'reusedId') return REUSED_ID;
  if (code === 'retained') return RETAINED;
  if (code === 'tlsAtPlain') return TLS_AT_PLAIN;
  return (problemText as Readonly<Record<string, ProblemText>>)[code]?.title ?? { zh: code, en: code };
}
