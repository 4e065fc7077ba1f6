/** Names of secrets in secrets.yaml. Apart from the schema, because each failure of a command needs it and the schema's library takes long to load. */

/** Secret names contain a dot, so that a secret written in place of its name is not taken for one and shown. */
export function isSecretName(text: string): boolean {
  return /^[A-Za-z][\w-]*(\.[A-Za-z][\w-]*)+$/.test(text) && text.length <= 60;
}
