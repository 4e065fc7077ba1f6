/** Resolves when all of `text` is out, or the reader is gone: the program ends with its command, and a pipe takes no more than 64 KB at once. */
export function writeAll(stream: NodeJS.WritableStream, text: string): Promise<void> {
  return new Promise((resolve) => {
    stream.write(text, () => resolve());
  });
}
