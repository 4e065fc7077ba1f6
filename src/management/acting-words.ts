/** Words with which cameras and parking systems are told to act: no answer that is given to them may contain one, whoever wrote the profile. Pure. */

/** Answers with which cameras and controllers lift an arm by themselves. */
const ACTING_ANSWERS = [
  /open[_-]?(gate|door|barrier|strobe|brake|channel|lane|road)/i,
  /(gate|door|barrier|strobe|brake|channel|lane|road)[_-]?(open|up|lift|control|ctrl)/i,
  /抬杆|开闸|落杆|放行|道闸控制/,
  /"info"\s*:\s*"ok"/i,
  /"?gpio_?data"?/i,
  /"?serial_?data"?/i,
  /AlarmInfoPlate/i,
];

/** The first such word of an answer: it may say `success` and `update`, but nothing about a barrier. */
export const actingAnswer = (body: string): string | undefined => found(ACTING_ANSWERS, body);

function found(words: readonly RegExp[], text: string): string | undefined {
  for (const word of words) {
    const [match] = word.exec(text) ?? [];
    if (match !== undefined) return match;
  }
  return undefined;
}
