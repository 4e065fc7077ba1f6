/**
 * Where a request may lead that the configuration writes: to public addresses; to others only when a person has confirmed it; and to none whose path
 * is known to act. Pure but for the networks of this machine.
 */

import { BlockList } from 'node:net';
import { networkInterfaces } from 'node:os';
import { isPublicAddress, plainAddress } from './network-class.ts';
import type { PeerRule } from './outward.ts';

/** The peer is near the box and no person has confirmed it; nothing was sent. */
export class UnconfirmedPeerError extends Error {
  override readonly name = 'UnconfirmedPeerError';
  constructor(host: string) {
    super(`${host} is not a public address`);
  }
}

/** Asked at each connection. `onNear`: one is opened to an address near the box. */
export const writtenPeerRule = (isConfirmed: () => boolean, onNear?: () => void): PeerRule => ({
  mayConnect: (address) => {
    if (isFar(address)) return true;
    const may = isConfirmed();
    if (may) onNear?.();
    return may;
  },
  refusal: (host) => new UnconfirmedPeerError(host),
});

/** Public, and not in a network that this machine is in: devices have public addresses too, of IPv6. */
function isFar(address: string): boolean {
  const plain = plainAddress(address);
  if (!isPublicAddress(plain)) return false;
  const own = new BlockList();
  for (const { address: network, cidr, family } of Object.values(networkInterfaces()).flatMap((each) => each ?? [])) {
    const bits = Number(cidr?.split('/')[1] ?? (family === 'IPv6' ? 128 : 32));
    own.addSubnet(plainAddress(network), bits, family === 'IPv6' ? 'ipv6' : 'ipv4');
  }
  return !own.check(plain, plain.includes(':') ? 'ipv6' : 'ipv4');
}

/** Paths, queries and services with which devices and their bridges are told to act, as their documents have them; lower case. */
const ACTING: readonly RegExp[] = [
  // A door or a barrier, and what is done to it, in either order.
  /(open|close|unlock|lift|raise|control|ctrl|trigger|pulse)[-_./:]?(the[-_]?)?(gate|door|barrier|strobe|brake|garage|bollard)/,
  /(gate|door|barrier|strobe|brake|garage|bollard)\w*[-_./:]?(open|close|up|lift|unlock|release|control|ctrl|trigger)/,
  /抬杆|开闸|落杆|放行|道闸/,
  // A path that ends in the act.
  /\/(open|close|cycle|toggle|unlock|turn[-_]?on|turn[-_]?off|pulse|trigger|on|off|reboot|restart)\/?($|\?)/,
  // The act as a value of the query.
  /[?&](?:action|act|go|turn|cmd|command|cmnd|do|mode|state|switchcmd|power|set|relay\d*|out(?:put)?\d*|door|gate|open|key)=(?:on|open|close|toggle|trigger|unlock|pulse|activate|f_lock|power|backlog|gpio|setpower|set%20|set[+ ])/,
  /[?&](?:on|pulse)=(?:true|1)|[?&]cmnd=|[?&]switchcmd=|[?&]cmd=(?:ioctl|reboot)|[?&]action=(?:control|start|insert|update|set\w+|command|sigout|putrs232)/,
  // Shelly, Tasmota, ESPHome, aREST, relay boards.
  /\/rpc(\/|\?|$)|\/cm\?|\/(relays?|roller|cover|outlet|switch|lock|button|gpio|digital|arduino|dev\/sps|ioctl|outs|leds|dscript|io)(\/?\d|\/|\.cgi|\?|$)/,
  /\/outputs?\/\d|\/macros?\/|\/control($|\?)|\/win&/,
  /[?&](?:relay\d*(?:state)?|pulsetime\d*|do[ai]\d|doa\d|doi\d?|out\d|v\d|led|dio_output|alarmout\d?|io|setgpio|gpio)(?:=|$)/,
  // Home Assistant, openHAB, Domoticz, FHEM, Homebridge.
  /\/api\/services\/|\/rest\/items\/|\/json\.htm\?|\/fhem\?/,
  // Door stations and cameras.
  /\/bha-api\/|\/api\/(io|switch|accesspoint|exit|restart)|\/enu\/|\/fcgi\/|configmanapp\.com|\/goform\/|\/webrelay\/|grantaccess/,
  /\/isapi\/|\/psia\/|\/lapi\/|\/axis-cgi\/|\/vapix\/|\/stw-cgi\/|\/cgi-bin\/(?!webhook\/)|\/cgi\/|\/control\/|rcp\.xml|-wvhttp-01-|nphcontrolcamera|\.(cgi|fcgi)(\?|$)/,
];

/** What of an address is known to act; undefined: nothing. `address`: path and query, in any encoding. */
export function actingPart(address: string): string | undefined {
  let decoded = address;
  // Twice encoded is decoded twice by some devices.
  for (let round = 0; round < 3; round += 1) decoded = decodedOnce(decoded);
  const plain = decoded.replaceAll('+', ' ').toLowerCase();
  for (const pattern of ACTING) {
    const [match] = pattern.exec(plain) ?? [];
    if (match !== undefined) return match;
  }
  return undefined;
}

function decodedOnce(text: string): string {
  return text.replaceAll(/(%[\da-f]{2})+/gi, (part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  });
}
