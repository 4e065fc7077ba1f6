/**
 * Which lanes a change of the configuration may weaken: what they see, what counts as paid, where their records and reports go. Every key may, but
 * those named here, so that a new one counts until somebody says otherwise. Pure.
 */

import type { ConfigChange } from './change-rows.ts';
import { differences, flatSettings, type Settings } from './changes.ts';

/** Weakens none: names, who is on duty, what a stay costs. How the page is reached and kept open decides who can be the second person. A secret that is wrong is refused by whoever asks for it, loudly. */
const HARMLESS = [
  /^version$/,
  /^log\b/,
  /^duty\b/,
  /^tariff\b/,
  /^page\.maskPlates$/,
  /^cloud\.(appSecret|nextSecret)\b/,
  /^lanes\[[^\]]*\]\.(name|reporting)\b/,
];
/** What is added there takes nothing away from what there is. */
const MAY_BE_ADDED = /^(?:(?:lanes|destinations)\[[^\]]*\]|publish\b)/;
/** What is added there may reach lanes that do not name it: it takes another camera's pushes, or answers in another board's place. */
const REACHES_ALL = /^(?:(?:gpio|cameras)\[[^\]]*\]|lines\[[^\]]*\](?:\.devices\[[^\]]*\])?)/;

const LANE = /^lanes\[([^\]]*)\]/;

/** The first of each are those that may weaken a lane. */
export interface WeakeningChange extends ConfigChange {
  /** Empty: none. */
  readonly lanes: readonly string[];
}

export function weakeningChanges(before: string, after: string): readonly WeakeningChange[] {
  const [was, is] = [flatSettings(before), flatSettings(after)];
  const named = differences(namesOf(was), namesOf(is)).filter(
    (name) => name.before !== undefined && name.after !== undefined,
  );
  const all = [
    ...differences(was, is).map((change) => ({ ...change, lanes: lanesOf(change.path, was, is) })),
    ...named.map((name) => ({ ...name, lanes: idsOf(LANE, was) })),
  ];
  return all.sort((a, b) => Number(a.lanes.length === 0) - Number(b.lanes.length === 0));
}

/** What takes the id of the first lane because no other is written: the name of the box, and that of its session at each broker. */
function namesOf(settings: Settings): Settings {
  const isOn = (way: string) => settings.get(`${way}.mqtt.enabled`) === 'true';
  const isWritten = (key: string) => isOn(key.replace(/\..*/, '')) && settings.has(key);
  const keys = ['publish', 'intake'].filter(isOn).map((way) => `${way}.mqtt.clientId`);
  if (isOn('publish') || idsOf(/^destinations\[([^\]]*)\]/, settings).length > 0) keys.unshift('publish.mqtt.box');
  const [first = ''] = idsOf(LANE, settings);
  return new Map(keys.filter((key) => !isWritten(key)).map((key) => [key, first]));
}

function lanesOf(path: string, was: Settings, is: Settings): readonly string[] {
  if (HARMLESS.some((form) => form.test(path))) return [];
  const [row] = MAY_BE_ADDED.exec(path) ?? [];
  if (row !== undefined && !hasRow(was, row)) return [];
  const [source] = REACHES_ALL.exec(path) ?? [];
  if (source !== undefined && !hasRow(was, source)) return idsOf(LANE, was);
  const [, lane] = LANE.exec(path) ?? [];
  if (lane !== undefined) return [lane];
  const [, line, device] = /^lines\[([^\]]*)\](?:\.devices\[([^\]]*)\])?/.exec(path) ?? [];
  const [, own] = /^(?:gpio|cameras)\[([^\]]*)\]/.exec(path) ?? [];
  const named = device ?? own;
  if (named !== undefined) return usersOf([named], was, is);
  if (line !== undefined) return usersOf([...devicesOn(line, was), ...devicesOn(line, is)], was, is);
  return idsOf(LANE, was);
}

const hasRow = (settings: Settings, row: string): boolean =>
  [...settings.keys()].some((path) => path === row || path.startsWith(`${row}.`) || path.startsWith(`${row}[`));

const idsOf = (form: RegExp, settings: Settings): readonly string[] => [
  ...new Set([...settings.keys()].flatMap((path) => form.exec(path)?.[1] ?? [])),
];

const devicesOn = (line: string, settings: Settings): readonly string[] =>
  [...settings.keys()].flatMap((path) => {
    const [, on, device] = /^lines\[([^\]]*)\]\.devices\[([^\]]*)\]/.exec(path) ?? [];
    return on === line && device !== undefined ? [device] : [];
  });

/** Lanes with a point or a picture of one of these, before or after. */
function usersOf(devices: readonly string[], ...all: readonly Settings[]): readonly string[] {
  const uses = all.flatMap((settings) =>
    [...settings].flatMap(([path, value]) => {
      const [, lane] = /^lanes\[([^\]]*)\]\.(?:points|camera)/.exec(path) ?? [];
      return lane !== undefined && devices.includes(value.replace(/\..*$/, '')) ? [lane] : [];
    }),
  );
  return [...new Set(uses)];
}
