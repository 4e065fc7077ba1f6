/**
 * Reads the body of a release as the platform does: form fields and file bytes, urlencoded or multipart.
 * Its own parser, on bytes; it must not know the client that writes such bodies, nor what the fields mean.
 */

export interface ReleaseForm {
  /** Text fields in the order they came, as the platform reads their characters. */
  readonly fields: ReadonlyMap<string, string>;
  readonly files: ReadonlyMap<string, FormFile>;
  /** What a careful reader would object to though it could be read: `no charset: plate`, `empty: car_desc`, `twice: plate`. */
  readonly remarks: readonly string[];
}

export interface FormFile {
  readonly filename: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** @returns undefined when the body is neither kind of form, or is not whole */
export function readForm(contentType: string, body: Buffer): ReleaseForm | undefined {
  const [mediaType, parameters] = splitParameters(contentType);
  if (mediaType === 'application/x-www-form-urlencoded') return readUrlencoded(parameters.get('charset'), body);
  const boundary = parameters.get('boundary');
  if (mediaType === 'multipart/form-data' && boundary) return readMultipart(boundary, body);
  return undefined;
}

function readUrlencoded(charset: string | undefined, body: Buffer): ReleaseForm | undefined {
  const fields = new Map<string, string>();
  const remarks: string[] = [];
  if (charset?.toLowerCase() !== 'utf-8') remarks.push('no charset: body');
  for (const pair of body.toString('latin1').split('&')) {
    const at = pair.indexOf('=');
    if (at < 1) return undefined;
    const [name, value] = [pair.slice(0, at), pair.slice(at + 1)].map(decodePercent);
    if (name === undefined || value === undefined) return undefined;
    note(remarks, fields, name, value);
    fields.set(name, value);
  }
  return { fields, files: new Map(), remarks };
}

function decodePercent(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

/**
 * ```
 * --boundary CRLF headers CRLF CRLF bytes CRLF --boundary … CRLF --boundary-- CRLF      RFC 7578, RFC 2046 section 5.1
 * ```
 */
function readMultipart(boundary: string, body: Buffer): ReleaseForm | undefined {
  const fields = new Map<string, string>();
  const files = new Map<string, FormFile>();
  const remarks: string[] = [];
  const delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
  const whole = Buffer.concat([Buffer.from('\r\n'), body]);
  if (!whole.subarray(0, delimiter.length).equals(delimiter)) return undefined;
  let from = delimiter.length;
  while (whole.subarray(from, from + 2).toString('latin1') !== '--') {
    if (whole.subarray(from, from + 2).toString('latin1') !== '\r\n') return undefined;
    const end = whole.indexOf(delimiter, from);
    const headersEnd = whole.indexOf('\r\n\r\n', from);
    if (end < 0 || headersEnd < 0 || headersEnd > end) return undefined;
    const part = readPart(whole.subarray(from + 2, headersEnd).toString('latin1'));
    if (!part) return undefined;
    const bytes = whole.subarray(headersEnd + 4, end);
    if (part.filename !== undefined) {
      files.set(part.name, { filename: part.filename, mediaType: part.mediaType, bytes: Buffer.from(bytes) });
    } else {
      const value = readText(bytes, part.charset);
      if (part.charset !== 'utf-8') remarks.push(`no charset: ${part.name}`);
      note(remarks, fields, part.name, value);
      fields.set(part.name, value);
    }
    from = end + delimiter.length;
  }
  return { fields, files, remarks };
}

interface PartHead {
  readonly name: string;
  readonly filename: string | undefined;
  readonly mediaType: string;
  readonly charset: string | undefined;
}

function readPart(headers: string): PartHead | undefined {
  const byName = new Map<string, string>();
  for (const line of headers.split('\r\n')) {
    const at = line.indexOf(':');
    if (at < 1) return undefined;
    byName.set(line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim());
  }
  const [disposition, parameters] = splitParameters(byName.get('content-disposition') ?? '');
  const name = parameters.get('name');
  if (disposition !== 'form-data' || !name) return undefined;
  const [mediaType, typeParameters] = splitParameters(byName.get('content-type') ?? 'text/plain');
  return {
    name,
    filename: parameters.get('filename'),
    mediaType,
    charset: typeParameters.get('charset')?.toLowerCase(),
  };
}

/** Without a charset the platform reads another one, and every Chinese character becomes a question mark. */
function readText(bytes: Buffer, charset: string | undefined): string {
  const text = bytes.toString('utf8');
  return charset === 'utf-8' ? text : text.replaceAll(/[^\0-\x7f]/gu, '?');
}

function note(remarks: string[], fields: ReadonlyMap<string, string>, name: string, value: string): void {
  if (value === '') remarks.push(`empty: ${name}`);
  if (fields.has(name)) remarks.push(`twice: ${name}`);
}

/** `form-data; name="plate"` → `form-data` and its parameters. */
function splitParameters(header: string): [string, Map<string, string>] {
  const [head = '', ...rest] = header.split(';');
  const parameters = rest.map((parameter): [string, string] => {
    const at = parameter.indexOf('=');
    const value = parameter.slice(at + 1).trim();
    return [parameter.slice(0, at).trim().toLowerCase(), value.replace(/^"(.*)"$/, '$1')];
  });
  return [head.trim().toLowerCase(), new Map(parameters)];
}
