/** The zip of a bundle. [file, rule, from, to] below src/evidence. */
export const EVIDENCE = [
  [
    'zip-entries.ts',
    'an entry has the name that the directory gives it',
    '    zip.subarray(from + 30, extras[1]).equals(named) &&\n',
    '',
  ],
  ['zip-entries.ts', 'nothing is before, between or behind the entries', ' || from !== directory', ''],
  ['zip-entries.ts', 'nothing is behind the end', ' || !last.equals(zip.subarray(end))', ''],
];
