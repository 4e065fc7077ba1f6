/**
 * `lanewarden probe`: the serial ports of this machine, and the Modbus boards on one wire, by the search of the commissioning wizard. It
 * only reads, on a wire with no other user, after a person has confirmed that it has no other master; or it only listens.
 */
import { systemClock } from '../../clock.ts';
import { listenOnPort } from '../../commission/listen.ts';
import {
  type KnownLine,
  lineOf,
  realPort,
  type ScanRequest,
  scan,
  scanRequest,
  scanSettings,
  speedsOf,
} from '../../commission/scan.ts';
import { searchableOf } from '../../commission/searchable.ts';
import type { Kinds } from '../../config/devices.ts';
import { ConfigDocument } from '../../config/document.ts';
import { ConfigError } from '../../config/errors.ts';
import { configFile, readConfigText } from '../../config/file.ts';
import { LinkError, ProtocolError } from '../../driver.ts';
import { Problem } from '../../http/problem.ts';
import { portRefusal } from '../../line/port-access.ts';
import { transportOf } from '../../line/port-contract.ts';
import { portHolders } from '../../line/port-holders.ts';
import { isConnected } from '../../line/socket-holders.ts';
import type { ScanResult } from '../../page/api/api-setup.ts';
import { probeText as text } from '../../text/commands/probe.made.ts';
import { portText } from '../../text/commission.ts';
import { faultText } from '../../text/fault.ts';
import { joined, ofKind } from '../../text/text.ts';
import { UsageError } from '../arguments.ts';
import { type Command, type CommandContext, EXIT, ExitError, JSON_OPTION, misuse } from '../command.ts';
import { confirm } from '../prompts.ts';
import { listPortRows, thisUser } from './probe-ports.ts';
import { progressLine } from './probe-progress.ts';
import { inspect, reportFound, reportTraffic } from './probe-report.ts';

/** As in the wizard. */
const BAUDS = '9600,38400,115200';
const UNITS = '1-16';
/** Default port of Modbus TCP. */
const MODBUS_TCP_PORT = 502;
const OPTION_OF: Readonly<Record<string, string>> = {
  port: 'PORT',
  baudRates: '--bauds',
  parities: '--parities',
  units: '--units',
};

type Values = Readonly<Record<string, unknown>>;

export const probeCommand: Command = {
  name: 'probe',
  summary: text.summary,
  positionals: '[PORT]',
  options: {
    bauds: { type: 'string', value: 'LIST', default: BAUDS, help: text.bauds },
    parities: { type: 'string', value: 'LIST', default: 'none', help: text.parities },
    units: { type: 'string', value: 'FROM-TO', default: UNITS, help: text.units },
    listen: { type: 'boolean', help: text.listen },
    yes: { type: 'boolean', short: 'y', help: text.yes },
    config: { type: 'string', short: 'c', value: 'FILE', help: text.config },
    ...JSON_OPTION,
  },
  async run(values, [port], context) {
    if (port === undefined) return listPortRows(values.json === true, context);
    const config = linesOf(values, context);
    try {
      const request = requestOf(port, values, await context.kinds(), config);
      const line = lineOf(port, { config: () => config });
      const holder = await holderOf(port);
      if (holder !== undefined) throw new ExitError(EXIT.unavailable, text.inUse(port, line?.id, holder.programs));
      return await (values.listen === true ? listen : search)(request, values, config, context);
    } catch (error) {
      throw await explained(error, port, config);
    }
  },
};

type Lines = { readonly lines: readonly KnownLine[] } | undefined;

async function search(request: ScanRequest, values: Values, config: Lines, context: CommandContext): Promise<number> {
  const { port } = request;
  if (values.yes !== true && !(process.stdin.isTTY === true && (await confirm(text.confirm(port), context))))
    throw misuse(text.unconfirmed);
  const parts = await partsOf(values, config, context);
  const { signal } = context;
  const progress = progressLine(context);
  progress.plan(request, parts.search().search.silentMs);
  let soFar: ScanResult = { found: [], garbled: [] };
  const job = {
    signal,
    progress: progress.show,
    soFar: (result: unknown) => {
      soFar = result as ScanResult;
    },
    picture: () => {},
  };
  try {
    soFar = await scan(request, parts, job);
  } catch (error) {
    // A search stopped by its user has not failed.
    if (!signal.aborted) throw error;
  } finally {
    progress.end();
  }
  const { kind, profiles } = parts.search();
  const boards = [];
  for (const found of soFar.found)
    boards.push(await inspect(found, port, { kind, profiles, clock: parts.clock, signal }));
  reportFound(port, boards, soFar.garbled, values.json === true, context);
  return boards.length > 0 ? EXIT.ok : EXIT.failure;
}

async function listen(request: ScanRequest, values: Values, config: Lines, context: CommandContext): Promise<number> {
  const { clock, search: searched } = await partsOf(values, config, context);
  const { describeFrames } = searched().kind;
  if (describeFrames === undefined) throw new Problem('notFound');
  const speeds = speedsOf(request).map((speed) => scanSettings(request.port, speed));
  const trying = progressLine(context).listening;
  const results = await listenOnPort(speeds, describeFrames, { clock, signal: context.signal, trying });
  reportTraffic(results, values.json === true, context);
  return EXIT.ok;
}

async function partsOf(values: Values, config: Lines, { environment, kinds }: CommandContext) {
  const file = configFile(values.config as string | undefined, environment);
  const searched = searchableOf((await kinds()).driverKinds, file);
  return { clock: systemClock(), watch: undefined, config: () => config, search: () => searched };
}

/** Throws UsageError and Problem. Polling needs the confirmation; listening is allowed on any wire. */
function requestOf(port: string, values: Values, kinds: Kinds, config: Lines): ScanRequest {
  const { bauds, parities, units, listen: onlyListens } = values as Readonly<Record<string, string>>;
  const [, from, to = from] = /^(\d+)(?:-(\d+))?$/.exec(units ?? '') ?? [];
  const input = {
    port,
    baudRates: (bauds ?? '').split(',').map(Number),
    parities: (parities ?? '').split(','),
    units: [Number(from), Number(to)],
    confirmedAlone: true,
    release: true,
  };
  try {
    return scanRequest(input, {
      clock: systemClock(),
      watch: undefined,
      config: () => (onlyListens ? undefined : config),
      search: () => searchableOf(kinds.driverKinds, ''),
    });
  } catch (error) {
    const [wrong] = error instanceof Problem ? error.errors : [];
    if (wrong === undefined) throw error;
    const { zh, en } = wrong.message;
    const name = OPTION_OF[wrong.field] ?? wrong.field;
    throw new UsageError('option', { zh: `${name}：${zh}`, en: `${name}: ${en}` });
  }
}

/** The configured lines, without secrets and profiles: `probe` also serves boxes that are not set up yet. */
function linesOf(values: Values, { environment }: CommandContext): Lines {
  const named = values.config as string | undefined;
  const file = configFile(named, environment);
  let content: string;
  try {
    content = readConfigText(file);
  } catch (error) {
    if (error instanceof ConfigError && error.code === 'noInput' && named === undefined) return undefined;
    throw error;
  }
  const document = new ConfigDocument(file, content);
  const { lines = [] } = (document.value ?? {}) as { readonly lines?: unknown };
  if (document.faults.length > 0 || !Array.isArray(lines))
    throw new ConfigError('invalid', file, text.faultyConfig(file), document.faults);
  const known = lines.flatMap((line: Partial<KnownLine> | null) =>
    typeof line?.port === 'string'
      ? [{ id: String(line.id), port: line.port, listenOnly: line.listenOnly === true }]
      : [],
  );
  return { lines: known };
}

/** The processes that hold the port, as far as this user may see; undefined: none. A port held by another user fails at its lock. */
async function holderOf(port: string): Promise<{ readonly programs?: string } | undefined> {
  if (transportOf(port) !== 'serial') {
    const { hostname, port: number } = new URL(port);
    return (await isConnected(hostname, Number(number || MODBUS_TCP_PORT))) ? {} : undefined;
  }
  // A pseudo terminal is held by its creator.
  const programs = realPort(port).startsWith('/dev/pts/') ? undefined : await programsAt(port);
  return programs === undefined ? undefined : { programs };
}

async function programsAt(port: string): Promise<string | undefined> {
  const device = realPort(port);
  const holders = (await portHolders(new Set([device]))).get(device);
  return holders?.map(({ program, pid }) => portText.heldBy(program, pid)).join(', ');
}

async function explained(error: unknown, port: string, config: Lines): Promise<unknown> {
  if (error instanceof LinkError && error.code === 'busy') {
    const line = lineOf(port, { config: () => config });
    return new ExitError(EXIT.unavailable, text.inUse(port, line?.id, await programsAt(port)));
  }
  if (error instanceof LinkError && error.code === 'denied') {
    const refusal = await portRefusal(realPort(port), thisUser());
    if (refusal !== undefined) return new ExitError(EXIT.permission, ofKind(text.refusal, refusal));
  }
  if (error instanceof LinkError || error instanceof ProtocolError)
    return new ExitError(error.code === 'denied' ? EXIT.permission : EXIT.unavailable, faultText(port, error));
  if (error instanceof Problem && error.code === 'conflict')
    return new ExitError(EXIT.unavailable, joined([error.text, text.tryListen(port)], '\n', '\n'));
  return error;
}
