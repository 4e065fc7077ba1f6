/**
 * The message of any thrown value, never empty: an error of several (`connect` to a name with two addresses) has an empty message, and
 * one of a native module has none after crossing a thread. Not translated: these are the system's words.
 */
export function thrownText(thrown: unknown): string {
  const { message, code, name, errors } = (thrown ?? {}) as Readonly<Record<string, unknown>>;
  if (isText(message)) return message;
  if (Array.isArray(errors) && errors.length > 0) return [...new Set(errors.map(thrownText))].join('; ');
  if (isText(code)) return code;
  if (isText(name)) return name;
  return isText(thrown) ? thrown : `an error without words (${Object.prototype.toString.call(thrown)})`;
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
