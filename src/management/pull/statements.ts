/**
 * The statements with which a table is read: SELECT and nothing else, made of names that the profile's form has checked. Values are handed over
 * beside the text. Pure.
 */
import type { IntakeProfile, PaymentOrigin, SqlForm } from '../profile-form.ts';

export const DIALECTS = ['mysql', 'postgres', 'sqlserver', 'sqlite'] as const;
export type SqlDialect = (typeof DIALECTS)[number];

export interface Statement {
  readonly text: string;
  readonly values: readonly string[];
}

/** Behind this row, in the order of the cursor: the texts of its cursor and its key. */
export interface RowPlace {
  readonly cursor: string;
  readonly key: string;
}

/** Names under which the cursor and the key of a row come back beside the columns of the payment. */
export const CURSOR_COLUMN = 'lanewarden_cursor';
export const KEY_COLUMN = 'lanewarden_key';

type SqlProfile = Pick<IntakeProfile, 'payment' | 'only'> & { readonly sql: SqlForm };

/** Rows at `from` and later, behind `after`, oldest first. */
export function pageStatement(
  profile: SqlProfile,
  dialect: SqlDialect,
  { from, after, limit }: { readonly from: string; readonly after?: RowPlace; readonly limit: number },
): Statement {
  const { cursor, key } = namesOf(profile, dialect);
  const mark = marks(dialect);
  const values = after === undefined ? [from] : [from, after.cursor, after.cursor, after.key];
  const behind =
    after === undefined ? '' : ` AND (${cursor} > ${mark(2)} OR (${cursor} = ${mark(3)} AND ${key} > ${mark(4)}))`;
  const where = `${cursor} >= ${mark(1)}${behind}`;
  return { text: select(profile, dialect, where, [`${cursor} ASC`, `${key} ASC`], limit), values };
}

/** The newest row. */
export function newestStatement(profile: SqlProfile, dialect: SqlDialect): Statement {
  const { cursor } = namesOf(profile, dialect);
  return { text: select(profile, dialect, `${cursor} IS NOT NULL`, [`${cursor} DESC`], 1), values: [] };
}

function select(
  profile: SqlProfile,
  dialect: SqlDialect,
  where: string,
  order: readonly string[],
  limit: number,
): string {
  const { cursor, key } = namesOf(profile, dialect);
  // The text of a time has all its digits, so that it can be handed back.
  const exact = dialect === 'sqlserver' ? `CONVERT(varchar(40), ${cursor}, 121)` : cursor;
  const columns = [
    ...columnsOf(profile).map((name) => quoted(name, dialect)),
    `${exact} AS ${quoted(CURSOR_COLUMN, dialect)}`,
    `${key} AS ${quoted(KEY_COLUMN, dialect)}`,
  ].join(', ');
  const table = profile.sql.table
    .split('.')
    .map((part) => quoted(part, dialect))
    .join('.');
  const [top, end] = dialect === 'sqlserver' ? [`TOP (${limit}) `, ''] : ['', ` LIMIT ${limit}`];
  return `SELECT ${top}${columns} FROM ${table} WHERE ${where} ORDER BY ${order.join(', ')}${end}`;
}

const namesOf = ({ payment, sql }: SqlProfile, dialect: SqlDialect) => ({
  cursor: quoted(sql.cursor.column, dialect),
  key: quoted(keyColumn(payment), dialect),
});

/** The checks of a profile see to it that there is one. */
export const keyColumn = ({ id }: IntakeProfile['payment']): string => [id].flat()[0]?.field ?? '';

/** Those that the payment and `only` name, once each. */
function columnsOf({ payment, only }: SqlProfile): readonly string[] {
  const origins = Object.values(payment).flatMap((written): PaymentOrigin[] =>
    written === undefined ? [] : [written].flat(),
  );
  return [...new Set([...origins.flatMap(({ field }) => field ?? []), ...Object.keys(only)])];
}

function quoted(name: string, dialect: SqlDialect): string {
  if (dialect === 'mysql') return `\`${name}\``;
  return dialect === 'sqlserver' ? `[${name}]` : `"${name}"`;
}

function marks(dialect: SqlDialect): (number: number) => string {
  if (dialect === 'postgres') return (number) => `$${number}`;
  return dialect === 'sqlserver' ? (number) => `@v${number}` : () => '?';
}
