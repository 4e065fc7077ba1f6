/** Two cameras of a lane. [file, rule, from, to] below src/app. */
export const APP = [
  ['two-cameras.ts', 'the other stands in', 'if (standIn === undefined) throw error;', 'throw error;'],
  ['two-cameras.ts', 'one that stands in is told', "failed('record', error);", ''],
  ['two-cameras.ts', 'both pictures are kept', '...(second && { second })', ''],
  ['two-cameras.ts', 'that it works again is told', 'if (down.delete(which)) cameras.works(which);', ''],
  ['two-cameras.ts', 'the second that fails is told', "failed('beside', error);", ''],
];
