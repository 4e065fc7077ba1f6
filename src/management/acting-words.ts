/**
 * Words with which parking systems are told to act. No address that is polled and no answer that is given may contain one, whoever wrote the
 * profile: the box only observes. Pure.
 */

/** As whole words, or as a part of a name where nothing else is meant by it. */
const ACTING = [
  /open[_-]?(gate|door|barrier|strobe|brake|channel|lane|road)/i,
  /(gate|door|barrier|strobe|brake|channel|lane|road)[_-]?(open|up|lift|control|ctrl)/i,
  /(?<![a-z])(open|opening|close|lift|raise|unlock|release|trigger|relay|control|ctrl|command|cmd|reboot|restart|reset)(?![a-z])/i,
  /(?<![a-z])(add|insert|create|update|modify|edit|set|save|delete|remove|cancel|refund|notify|push|send|upload|write)(?=[A-Z_\-/?=&.]|$)/,
  /(?<![A-Za-z])(Add|Insert|Create|Update|Modify|Edit|Set|Save|Delete|Remove|Cancel|Refund|Notify|Push|Send|Upload|Write)(?![a-z])/,
  /抬杆|开闸|落杆|放行|道闸控制/,
];

/** Answers with which cameras and controllers lift an arm by themselves. */
const ACTING_ANSWERS = [/"info"\s*:\s*"ok"/i, /"?gpio_?data"?/i, /"?serial_?data"?/i, /AlarmInfoPlate/i];

/** The first such word of an address. */
export const actingWord = (address: string): string | undefined => found(ACTING, address);

/** The first such word of an answer: it may say `success` and `update`, but nothing about a barrier. */
export const actingAnswer = (body: string): string | undefined =>
  found([...ACTING.slice(0, 2), ...ACTING.slice(-1), ...ACTING_ANSWERS], body);

function found(words: readonly RegExp[], text: string): string | undefined {
  for (const word of words) {
    const [match] = word.exec(text) ?? [];
    if (match !== undefined) return match;
  }
  return undefined;
}
