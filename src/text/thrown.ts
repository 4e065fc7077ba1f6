/**
 * What something that was thrown says, and never nothing: an error of several (`connect` to a name with two addresses) has an empty message, and
 * one of a native module has none at all when it has come from another thread. Not translated: these are the system's own words.
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
