/** Writes and waits until it has been taken: the program ends with its command, and a pipe takes no more than 64 KB at once. */

/** Resolves when all of `text` is out, or when nobody reads any more. */
export function written(stream: NodeJS.WritableStream, text: string): Promise<void> {
  return new Promise((resolve) => {
    stream.write(text, () => resolve());
  });
}
