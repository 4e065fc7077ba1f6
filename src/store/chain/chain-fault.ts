/** What does not fit in a chain, or in what it speaks of. `src/text/evidence.ts` has the words. */

export type ChainFault =
  /** The row is not what it was when it was written. */
  | { readonly kind: 'changed'; readonly seq: number }
  /** Rows that no rule has deleted are gone. */
  | { readonly kind: 'missing'; readonly first: number; readonly last: number }
  /** Rows of which none stands out do not give the head over them: one was replaced together with its check, or the head was. */
  | { readonly kind: 'head'; readonly first: number; readonly last: number }
  /** Rows that no chain has taken up. */
  | { readonly kind: 'added'; readonly seq: number }
  /** A head that was signed is not the one of its rows, or its signature is wrong. */
  | { readonly kind: 'signature'; readonly last: number }
  /** A head from outside the box is not the one of these rows; up to `since` one was. */
  | { readonly kind: 'outside'; readonly last: number; readonly since: number }
  /** A head whose first digits somebody has kept is none of this box's. */
  | { readonly kind: 'typed'; readonly day: string; readonly digits: string }
  /** A head from outside the box is behind the end that its chain has here: rows it was over did not come along, or were taken away. */
  | { readonly kind: 'lost'; readonly last: number; readonly end: number }
  /** The chain before does not end as the first row of this one says. */
  | { readonly kind: 'follows'; readonly seq: number; readonly last: number }
  /** A head of a chain that another follows was signed by a key that this one does not name. */
  | { readonly kind: 'key'; readonly last: number; readonly key: string }
  /** A row of another table is not as the chain says of it, or is gone though nothing removed it, or was never said. `at`: its number or key. */
  | {
      readonly kind: 'row';
      readonly table: string;
      readonly at: string;
      readonly what: 'changed' | 'missing' | 'added';
      /** Of the fact, and when that was. */
      readonly seq?: number;
      readonly wallMs?: number;
    }
  /** Rows of other tables were taken as they were, though the chain knew them already: somebody removed what says where. */
  | { readonly kind: 'anew'; readonly seq: number }
  /** A table, an index, a trigger or a view is not as the program made it: it may undo or refuse what the program writes. */
  | { readonly kind: 'schema'; readonly name: string }
  /** An index does not have what its table has; or what else SQLite finds of the table. */
  | { readonly kind: 'index'; readonly name: string }
  /** A record is not the one that was given, or stands in a state that nothing led to, or none was given. */
  | { readonly kind: 'record'; readonly id: number; readonly seq?: number; readonly isGone?: true }
  /** Settings are not those that were in force. */
  | { readonly kind: 'settings'; readonly lane: string; readonly seq: number }
  /** The sheet of a day or a month is not what it was when it became final. */
  | { readonly kind: 'sheet'; readonly span: string; readonly seq: number }
  /** A picture is not the one that was taken, or gone though no rule removed it. */
  | {
      readonly kind: 'frame';
      readonly id: number;
      readonly place: string;
      readonly seq: number;
      readonly isGone?: true;
    };
