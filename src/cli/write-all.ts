/** Writes and waits for the flush: the program ends with its command, and a pipe takes no more than 64 KB at once. */

/** Resolves when all of `text` is out, or the reader is gone. */
export function writeAll(stream: NodeJS.WritableStream, text: string): Promise<void> {
  return new Promise((resolve) => {
    stream.write(text, () => resolve());
  });
}
