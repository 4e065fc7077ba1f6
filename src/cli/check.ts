/** `lanewarden check`: reports all faults of a configuration, else what each lane can detect. It opens no port. */

import { isIP } from 'node:net';
import { join } from 'node:path';
import { stayFen, type Tariff } from '../account/tariff.ts';
import { withPeersOf } from '../app/peers-of-store.ts';
import { pollLoadNote } from '../app/poll-load.ts';
import { cameraNotes, portNotes, wireReport } from '../app/wire-report.ts';
import { systemClock } from '../clock.ts';
import { type Abilities, abilitiesOf, reportingNote } from '../config/abilities.ts';
import { BY_UPDATE } from '../config/camera-address.ts';
import { pushingTokens, tokensInClear } from '../config/clear-tokens.ts';
import { ConfigError } from '../config/errors.ts';
import { invalid } from '../config/file.ts';
import type { CameraConfig, Config, LaneConfig, LineConfig, ListenConfig, SystemConfig } from '../config/types.ts';
import { usedPoints } from '../config/used-points.ts';
import { outputPeers, writtenPeers } from '../config/written-peers.ts';
import type { DestinationConfig } from '../delivery/settings.ts';
import type { DriverKind } from '../driver.ts';
import { ROLES } from '../lane/types.ts';
import { isPublicAddress } from '../outward/network-class.ts';
import { TokenStore } from '../page/access/made-tokens.ts';
import { diskUse } from '../store/files/disk-use.ts';
import { pictureForecast } from '../store/files/picture-forecast.ts';
import { measurePollMs } from '../system/processor-speed.ts';
import { claimText } from '../text/commands/check-cheats.made.ts';
import { checkText } from '../text/commands/cli.ts';
import { profileCommandText } from '../text/commands/profile.ts';
import { peerText } from '../text/destinations/peers.made.ts';
import { platformDestinationText } from '../text/destinations/platform.ts';
import { unprovenText } from '../text/fault.ts';
import { keptText } from '../text/kept.ts';
import { secondCamera } from '../text/lanes/lane-cameras.made.ts';
import { systemText } from '../text/management.ts';
import { hostText } from '../text/page/host.ts';
import { tariffText } from '../text/tariff.made.ts';
import type { Language, Text } from '../text/text.ts';
import { CONFIG_OPTION, type Command, EXIT, JSON_OPTION } from './command.ts';
import { failure } from './failure.ts';
import { writeFaults } from './faults.ts';
import { namedConfig } from './named-store.ts';
import { print, remark } from './output.ts';

export const checkCommand: Command = {
  name: 'check',
  summary: checkText.summary,
  options: {
    ...CONFIG_OPTION,
    ...JSON_OPTION,
  },
  async run(values, _positionals, context) {
    const { language } = context;
    const asJson = values.json === true;
    try {
      const config = await namedConfig(values, context);
      const made = await madeGrants(config);
      const note = pollLoadNote(config, measurePollMs(systemClock()));
      const peers = await peerRows(config);
      const lines = [
        summary(config, language, made),
        ...peers.flatMap(({ shown, note: how }) => [
          shown[language],
          ...(how ? [`  ${checkText.limit(how[language])[language]}`] : []),
        ]),
        ...(note ? [checkText.limit(note[language])[language]] : []),
      ];
      print(context, ...(asJson ? [indented({ ...goodReport(config, note), peers })] : lines));
      if (config.off.length === 0) return EXIT.ok;
      if (!asJson) remark(context, writeFaults(invalid(config.file, config.off), language));
      return EXIT.configuration;
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      const { text, exitCode } = failure(error, language);
      if (asJson) print(context, indented(badReport(error)));
      else remark(context, text);
      return exitCode;
    }
  },
};

/** Peers that get requests which the configuration writes: where they are, and who confirmed them; and outputs that moved an arm. */
export async function peerRows(config: Config) {
  const written = writtenPeers(config);
  const outputs = outputPeers(config);
  if (written.length + outputs.length === 0) return [];
  return withPeersOf(config, systemClock(), (confirmed) =>
    [...written, ...outputs.filter((peer) => confirmed?.isStopped(peer))].map((peer) => {
      const { use, name, sha256 } = peer;
      const row = { use, name, sha256, shown: peerText.row(name, peer.shown) };
      if (confirmed?.isStopped(peer)) return { ...row, note: peerText.moved };
      const fact = confirmed?.of(peer);
      const { hostname } = new URL(peer.url);
      const isName = isIP(hostname.replaceAll(/^\[|\]$/g, '')) === 0;
      const open = isName ? peerText.byName : isPublicAddress(hostname) ? undefined : peerText.unconfirmed;
      const kept = fact?.by === BY_UPDATE ? peerText.byUpdate : undefined;
      const by = fact && peerText.confirmed(fact.by, new Date(fact.wallMs).toISOString());
      const note = peer.acting !== undefined ? peerText.acting(peer.name, peer.acting) : (kept ?? by ?? open);
      return { ...row, ...(note && { note }) };
    }),
  );
}

/** Names of the tokens made on the page, or by the command, that push payments. */
export async function madeGrants({ store }: Pick<Config, 'store'>): Promise<readonly string[]> {
  const tokens = new TokenStore(join(store.path, 'page'), systemClock());
  await tokens.refresh();
  return tokens.list().flatMap(({ name, scopes }) => (scopes.includes('grants') ? [name] : []));
}

/** The report of a valid configuration; without a newline at its end. `made`: of `madeGrants`. */
export function summary(config: Config, language: Language, made: readonly string[] = []): string {
  const { http, https, mqtt, systems = [] } = config.intake;
  const cameraTopics = config.cameras.flatMap(({ topics = [] }) => topics);
  const topics = [...[mqtt?.grants, mqtt?.plates].filter((topic) => topic !== undefined), ...cameraTopics];
  const names = [...http.tokens.map(({ name }) => name), ...made];
  return [
    ...(config.off.length === 0 ? [checkText.good(config.file)[language]] : []),
    ...outdatedRows(config, language),
    checkText.cloud(config.cloud.url, config.park.uuid, config.cloud.mode === 'production')[language],
    ...(config.cloud.url.startsWith('http://')
      ? [`  ${checkText.limit(checkText.plainHttp[language])[language]}`]
      : []),
    ...config.lines.flatMap((line) => lineRows(config, line, language)),
    ...config.gpio.map(({ id, kind, points }) => checkText.device(id, kind.kind, points.length, points)[language]),
    ...config.cameras.flatMap((camera) => cameraRows(config, camera, language)),
    ...config.lanes.flatMap((lane) => laneRows(lane, notedAbilities(config, lane), language)),
    ...(https ? [checkText.intake(apiAddress('https', https), names)[language]] : []),
    ...(http.enabled ? [checkText.intake(apiAddress('http', http.listen), names)[language]] : []),
    ...claimNotes(config, made).map((text) => `  ${checkText.limit(text[language])[language]}`),
    ...systems.flatMap((system) => systemRows(system, language)),
    ...(mqtt === undefined ? [] : [checkText.mqtt(mqtt.address, topics)[language]]),
    ...(config.publish === undefined ? [] : [checkText.publish(config.publish.address, config.publish.box)[language]]),
    ...config.destinations.flatMap((destination) => destinationRows(destination, language)),
    ...config.tariff.map((tariff) => tariffRow(tariff, language)),
    ...keptRows(config).map((text) => text[language]),
  ].join('\n');
}

function systemRows(system: SystemConfig, language: Language): readonly string[] {
  const { name, profileName, profile, database, file, url, unproven } = system;
  const source = database === undefined ? (file ?? url ?? '') : `${database.kind} ${database.host}`;
  const how = profile.push === undefined ? source : `/api/v1/systems/${encodeURIComponent(name)}`;
  return [
    systemText.row(name, profileName, how)[language],
    ...(unproven ? [`  ${checkText.limit(systemText.unproven[language])[language]}`] : []),
  ];
}

function outdatedRows({ outdated }: Config, language: Language): readonly string[] {
  const texts = outdated.map(({ line, message }) => hostText.fault(line, message)[language]);
  return texts.map((text) => `  ${checkText.limit(text)[language]}`);
}

function destinationRows(destination: DestinationConfig, language: Language): readonly string[] {
  const { name, kind, url } = destination;
  const profile = kind === 'platform' ? destination.profileName : undefined;
  // A path or a query may hold a secret.
  const host = url === undefined ? undefined : new URL(url).origin;
  return [
    checkText.destination(name, profile ?? kind, host)[language],
    ...(kind === 'platform' && destination.unproven
      ? [`  ${checkText.limit(platformDestinationText.unproven[language])[language]}`]
      : []),
    ...(url?.startsWith('http://') ? [`  ${checkText.limit(checkText.plainHttp[language])[language]}`] : []),
  ];
}

const NINE_WALL_MS = Date.parse('2026-01-01T09:00:00+08:00');
const HOUR_MS = 3_600_000;

/** What it costs in figures: a wrong step or a night that is never reached shows there. */
function tariffRow(tariff: Tariff, language: Language): string {
  const cars = [...(tariff.carTypes ?? []).map((type) => `car_type ${type}`), ...(tariff.carDescs ?? [])];
  const fen = (hours: number) => stayFen(tariff, NINE_WALL_MS, NINE_WALL_MS + hours * HOUR_MS) ?? 0;
  return tariffText.costs(cars, fen(1), fen(4), fen(24))[language];
}

/** How long things stay, and what the disk can keep by what it holds now. */
function keptRows({ store }: Config): readonly Text[] {
  const use = diskUse(store.path);
  const forecast = use && pictureForecast(use, store, systemClock().wallMs());
  return [
    keptText.kept(store.keep, store.keepFramesMs, store.keepRecordsMs, store.keepJournalMs),
    ...(forecast ? keptText.forecast(forecast) : []),
  ];
}

/** What a message may claim that somebody could misuse. */
function claimNotes(
  { intake: { http, https, mqtt, maxCount, maxLifetimeMs } }: Config,
  made: readonly string[],
): readonly Text[] {
  const receives = http.enabled || https !== undefined || mqtt?.grants !== undefined;
  const inClear = tokensInClear(http, made);
  const isTokenless = (http.enabled || https !== undefined) && pushingTokens(http.tokens).length + made.length === 0;
  return [
    ...(isTokenless ? [claimText.noToken] : []),
    ...(inClear.length > 0 ? [claimText.tokenInClear(inClear)] : []),
    ...(receives && maxCount === undefined ? [claimText.anyCount] : []),
    ...(receives && maxLifetimeMs === undefined ? [claimText.anyLifetime] : []),
  ];
}

function lineRows(config: Config, line: LineConfig, language: Language): readonly string[] {
  const form = `${line.baudRate} ${line.dataBits}${line.parity[0]?.toUpperCase()}${line.stopBits}`;
  return [
    checkText.line(line.id, line.port, form, line.listenOnly)[language],
    ...line.devices.flatMap(({ id, kind, config: own, points, unproven, off }) => [
      `  ${checkText.device(id, kind.kind, points.length, points)[language]}`,
      ...unprovenNotes(kind, own).map((text) => `  ${checkText.limit(text[language])[language]}`),
      ...(kind.output
        ? [`  ${checkText.limit(checkText.output(id, isEnabled(own) && !off)[language])[language]}`]
        : []),
      ...(unproven ? [`  ${checkText.limit(profileCommandText.unproven(id)[language])[language]}`] : []),
    ]),
    ...lineNotes(config, line).map((text) => `  ${checkText.limit(text[language])[language]}`),
  ];
}

const unprovenNotes = (kind: DriverKind, own: { readonly profile: unknown }): readonly Text[] =>
  (kind.unproven?.(own) ?? []).map((each) => unprovenText[each]);

const isEnabled = (config: unknown): boolean => (config as { readonly enabled?: boolean }).enabled === true;

function lineNotes(config: Config, line: LineConfig): readonly Text[] {
  const { overloaded, slow } = wireReport(config, line);
  return [...portNotes(line), ...(overloaded ? [overloaded] : []), ...slow];
}

function cameraRows(config: Config, camera: CameraConfig, language: Language): readonly string[] {
  return [
    checkText.camera(camera.id, kindName(camera.kind, language), [...usedPoints(config, camera.id)])[language],
    ...cameraNotes(config, camera).map((text) => `  ${checkText.limit(text[language])[language]}`),
  ];
}

/** With what the trade calls it, in Chinese. */
function kindName({ kind, tradeNames = [] }: CameraConfig['kind'], language: Language): string {
  const [trade] = tradeNames;
  return language === 'zh' && trade !== undefined && kind !== 'camera-http' ? `${trade} ${kind}` : kind;
}

function notedAbilities(config: Config, lane: LaneConfig): Abilities {
  const { can, limits } = abilitiesOf(config, lane);
  return { can, limits: [reportingNote(config, lane), ...limits] };
}

function laneRows(lane: LaneConfig, { can, limits }: Abilities, language: Language): readonly string[] {
  const comma = language === 'zh' ? '、' : ', ';
  const pairs = wiring(lane).map(({ role, reference, activeLow }) => `${role}=${reference}${activeLow ? '!' : ''}`);
  return [
    checkText.lane(lane.id, lane.name, lane.direction)[language],
    `  ${checkText.wiring(pairs.join(comma))[language]}`,
    ...(lane.second === undefined ? [] : [`  ${secondLine(lane.second)[language]}`]),
    `  ${checkText.can(can.map((text) => text[language]).join(language === 'zh' ? '；' : '; '))[language]}`,
    ...limits.map((text) => `  ${checkText.limit(text[language])[language]}`),
  ];
}

const secondLine = ({ camera, looks, record }: NonNullable<LaneConfig['second']>): Text =>
  secondCamera[looks](camera, record);

function wiring(lane: LaneConfig) {
  return ROLES.flatMap((role) => {
    const point = lane.points[role];
    return point === undefined
      ? []
      : [{ role, reference: `${point.device}.${point.point}`, activeLow: point.activeLow }];
  });
}

function apiAddress(scheme: string, { host, port }: ListenConfig): string {
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}/api/v1`;
}

function goodReport(config: Config, note: Text | undefined) {
  return {
    ok: config.off.length === 0,
    ...(config.off.length > 0 && { faults: config.off }),
    file: config.file,
    ...(config.outdated.length > 0 && { outdated: config.outdated }),
    ...(note && { notes: [note] }),
    lines: config.lines.map((line) => {
      const { budget } = wireReport(config, line);
      return {
        id: line.id,
        port: line.port,
        ...(budget && { budget }),
        notes: lineNotes(config, line),
        devices: line.devices.map(({ id, kind, config: own, points }) => {
          const notes = unprovenNotes(kind, own);
          return { id, kind: kind.kind, points, ...(notes.length > 0 && { notes }) };
        }),
      };
    }),
    gpio: config.gpio.map(({ id, kind, points }) => ({ id, kind: kind.kind, points })),
    cameras: config.cameras.map((camera) => {
      const { id, kind, points } = camera;
      return { id, kind: kind.kind, points, notes: cameraNotes(config, camera) };
    }),
    lanes: config.lanes.map((lane) => ({
      id: lane.id,
      name: lane.name,
      direction: lane.direction,
      points: wiring(lane),
      ...notedAbilities(config, lane),
    })),
  };
}

function badReport(error: ConfigError) {
  return { ok: false, code: error.code, file: error.file, message: error.text, faults: error.faults };
}

const indented = (value: unknown): string => JSON.stringify(value, undefined, 2);
