/**
 * Whether a GET of an address might make a camera do something: many makers have commands that are GETs, and an address may come from a
 * configuration or from the camera itself. The last gate before the network; it knows words, not makers. devices.md 6.2 to 6.5, rule 10.
 */

/** Has the word of a command in it and only tells. */
const TELLS = /^\/ISAPI\/Parking\/channels\/\d{1,3}\/barrierGate\/barrierGateStatus$/;

const ACTS = new RegExp(
  [
    'strobe', // Dahua: trafficSnap.cgi?action=openStrobe
    'barrier', // Hikvision: barrierGate, barrierControl
    '(?<![a-z])gate(?!way)',
    'relay',
    'trigger', // Hikvision: IO/outputs/1/trigger; Vzenith: trigger
    'ioctl',
    'io\\/outputs', // Hikvision
    'io\\/(port|output|virtualinput)\\.cgi', // Axis: port.cgi?action=1:/
    'alarmout',
    '(action|cmd|command|method)=(set|open|close|unlock|lock|control|start|stop|add|insert|update|remove|delete|reset|reboot|\\d)',
    'setconfig|setstate|getset',
    'unlock|whitelist|redlist|remotecontrol|coaxial',
    'reboot|restart|factory|upgrade',
  ].join('|'),
  'i',
);

export function mayAct(url: URL): boolean {
  const written = url.pathname + url.search;
  if (TELLS.test(written)) return false;
  return ACTS.test(written) || ACTS.test(decoded(written));
}

/** Whatever the camera may take it for, written in percents or twice so. */
function decoded(text: string): string {
  try {
    const once = decodeURIComponent(text);
    return /%[0-9a-f]{2}/i.test(once) ? decodeURIComponent(once) : once;
  } catch {
    // What cannot be read cannot be trusted either: percents of no text hide no word of ours, the letters stay.
    return text.replaceAll(/%[0-9a-f]{2}/gi, (pair) => String.fromCharCode(Number.parseInt(pair.slice(1), 16)));
  }
}
