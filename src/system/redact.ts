/**
 * Redacts everything that leaves the box for support: no secret and no whole plate passes. It recognises secrets by value, wherever they
 * appear.
 */

const MASK = '***';
/** A shorter secret would mask half of every text; none of ours is that short. */
const SECRET_LENGTH_MIN = 4;
/** One Chinese character, a letter, five or six letters and digits, perhaps a character at the end. */
const PLATE = /([\u4e00-\u9fa5][A-Z])([A-Z0-9]{2,4})([A-Z0-9]{2}[\u4e00-\u9fa5]?|[A-Z0-9][\u4e00-\u9fa5])/g;
/** `scheme://user:password@`. Without the scheme: searching for its start takes quadratic time. */
const CREDENTIALS = /:\/\/[^\s/@"']+@/g;
/** A value after a name like password, as other programs may have logged it. */
const NAMED =
  /\b((?:app_?secret|secret|password|passwd|token|authorization|signature|sign)["']?\s*[:=]\s*)(["']?)(?!\{)([^\s"',}]+)\2/gi;
/** A reference to a secret in the configuration, which is none itself. */
const REFERENCE = /^[a-z]+(\.[a-z][\w-]*)+$/i;

/** `secrets`: their values. Encoded forms are masked too. */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const forms = secrets
    .filter((secret) => secret.length >= SECRET_LENGTH_MIN)
    .flatMap((secret) => [
      secret,
      encodeURIComponent(secret),
      JSON.stringify(secret).slice(1, -1),
      Buffer.from(secret).toString('base64'),
      Buffer.from(secret).toString('hex'),
    ]);
  // The longest first: one may contain another.
  const inOrder = [...new Set(forms)].sort((a, b) => b.length - a.length);
  return (text) => {
    let masked = text;
    for (const form of inOrder) masked = masked.replaceAll(form, MASK);
    return masked
      .replaceAll(CREDENTIALS, `://${MASK}@`)
      .replaceAll(NAMED, (whole, head: string, _quote: string, value: string) =>
        REFERENCE.test(value) ? whole : head + MASK,
      )
      .replaceAll(PLATE, (_, head: string, middle: string, tail: string) => head + '*'.repeat(middle.length) + tail);
  };
}
