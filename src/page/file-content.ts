/** JSON of the page's small files. undefined: there is none, or it is damaged. */
export function fileContent<Value>(text: string | undefined): Value | undefined {
  try {
    return JSON.parse(text ?? '') as Value;
  } catch {
    return undefined;
  }
}
