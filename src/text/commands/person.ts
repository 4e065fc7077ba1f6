/** Texts of the command `person`, in Chinese and English. */
import type { Text } from '../text.ts';
import * as table from './person.made.ts';
import { ROWS_OF } from './person.made.ts';

const plain = (zh: string, en: string): Text => ({ zh, en });

export const personText = {
  ...table.personText,
  /** Of a table of the database, as people know it. */
  table: (name: string): Text => ROWS_OF[name] ?? plain(name, name),
  elsewhereFound: ({ zh, en }: Text): Text => plain(`另有提到它的行：${zh}`, `rows elsewhere that name it: ${en}`),
  leftElsewhere: ({ zh, en }: Text): Text =>
    plain(
      `仍提到它、没有删：${zh}（名单车辆请到名单里删；写着别人记录的行属于别人）`,
      `still named, and not deleted, in: ${en} (take a known vehicle off its list; rows about records of others are theirs)`,
    ),
} as const;
