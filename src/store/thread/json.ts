/** JSON from the database and from small files: a worn card garbles text undetected, and one row must not end the program. */

/** undefined: there is none, or it is no JSON any more. */
export function parsed<Value>(text: string | undefined): Value | undefined {
  try {
    return JSON.parse(text ?? '') as Value;
  } catch {
    return undefined;
  }
}

/** A field of a JSON column in SQL; NULL where the column holds no JSON any more. `field`: `$.name`. */
export const jsonField = (column: string, field: string): string =>
  `iif(json_valid(${column}), ${column} ->> '${field}', NULL)`;
