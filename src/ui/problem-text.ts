/**
 * Problems between the page and the box, for a person: the codes of the interface that the page can meet, and no answer at all. Codes that only
 * a program meets keep the text of the box.
 */
import type { PageProblemCode } from '../page/api/api.ts';
import * as table from '../text/page/ui-problem.made.ts';
import type { Text } from '../text/text.ts';

type OfPrograms =
  | 'lengthRequired'
  | 'malformed'
  | 'methodNotAllowed'
  | 'mediaType'
  | 'json'
  | 'encoding'
  | 'notTheCamera'
  | 'plainHttp';

export const uiProblemText: Readonly<
  Record<Exclude<PageProblemCode, OfPrograms> | 'offline', Text> & Partial<Record<OfPrograms, Text>>
> = table.uiProblemText;
