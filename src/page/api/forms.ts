/** What the page asks of a field before it sends it, and the box of what arrives. */

/** Six digits. */
export const PIN_FORM = /^\d{6}$/;
/** Letters of a backup's passphrase, at least. */
export const PASSPHRASE_MIN = 8;
