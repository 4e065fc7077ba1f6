/** `lanewarden snapshot`: one picture of a camera, configured or given by options; prints the result or the fault. One attempt. */
import { writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { cameraHttpKind, preset } from '../../drivers/camera-http/camera.ts';
import { systemClock } from '../clock.ts';
import { takeSnapshot } from '../commission/snapshot.ts';
import { type Kinds, readCamera } from '../config/devices.ts';
import { ConfigDocument } from '../config/document.ts';
import { ConfigError } from '../config/errors.ts';
import { Secret } from '../config/secrets.ts';
import type { CameraConfig, Config } from '../config/types.ts';
import { LinkError, ProtocolError, UnconfirmedError } from '../driver.ts';
import { cameraText } from '../text/camera.ts';
import { takeText as text, trialText } from '../text/commands/snapshot.ts';
import { faultText } from '../text/fault.ts';
import { joined, type Text } from '../text/text.ts';
import { UsageError } from './arguments.ts';
import { CONFIG_OPTION, type Command, type CommandContext, EXIT, JSON_OPTION, misuse } from './command.ts';
import { namedConfig } from './named-store.ts';
import { printResult, remark } from './output.ts';
import { confirm, promptSecret } from './prompts.ts';
import { tryOnce } from './snapshot-trial.ts';

const PASSWORD = 'LANEWARDEN_CAMERA_PASSWORD';

type Values = Readonly<Record<string, unknown>>;

export function snapshotCommand(kinds: Kinds): Command {
  return {
    name: 'snapshot',
    summary: text.summary,
    positionals: text.positionals,
    options: {
      ...CONFIG_OPTION,
      kind: { type: 'string', value: 'KIND', help: text.kind(kindNames(kinds)) },
      host: { type: 'string', value: 'HOST', help: text.host },
      user: { type: 'string', value: 'NAME', help: text.user },
      channel: { type: 'string', value: 'N', help: text.channel },
      basic: { type: 'boolean', help: text.basic },
      out: { type: 'string', short: 'o', value: 'FILE.jpg', help: text.out },
      ...JSON_OPTION,
    },
    async run(values, [id], context) {
      if (typeof values.out === 'string' && !/\.jpe?g$/i.test(values.out)) throw new UsageError('option', text.notJpg);
      const isNamedHere = values.kind !== undefined || values.host !== undefined;
      if (isNamedHere && id !== undefined) throw new UsageError('positional', text.oneOrOther);
      if (!isNamedHere) return take(await configured(id, values, context), values, context);
      return take({ camera: await cameraHere(values, kinds, context) }, values, context);
    },
  };
}

/** `config`: that names the camera, if any. */
interface Chosen {
  readonly camera: CameraConfig;
  readonly config?: Config;
}

async function take(chosen: Chosen, values: Values, context: CommandContext): Promise<number> {
  const { signal } = context;
  const { id, kind, config } = chosen.camera;
  const clock = systemClock();
  const file = values.out as string | undefined;
  try {
    const namedElsewhere = (host: string): void => remark(context, cameraText.namedElsewhere(id, host));
    const camera = kind.create(config, { clock, namedElsewhere });
    const { picture, result } = await takeSnapshot(camera.snapshot(signal), clock);
    if (file !== undefined) writeFileSync(file, picture);
    const { bytes, tookMs, width, height } = result;
    const pixels = width === undefined ? undefined : `${width}×${height}`;
    const json = { camera: id, ...result, ...(file !== undefined && { file }) };
    printResult(context, values.json, json, () => [
      text.taken(id, bytes, tookMs, pixels),
      file === undefined ? text.notKept : text.kept(file),
    ]);
    return EXIT.ok;
  } catch (error) {
    const isAsked = process.stdin.isTTY === true && file !== undefined;
    if (error instanceof UnconfirmedError && isAsked) return tried(chosen, error.address, file, context);
    return failed(id, error, context);
  }
}

/** With a person at the terminal. */
async function tried(
  { camera, config }: Chosen,
  address: UnconfirmedError['address'],
  file: string,
  context: CommandContext,
): Promise<number> {
  const { environment, signal } = context;
  const by = environment.SUDO_USER || userInfo().username;
  const ask = (question: Text) => confirm(question, context);
  const print = (line: Text) => remark(context, line);
  try {
    const isTaken = await tryOnce({ camera, config, address, clock: systemClock(), by, file, ask, print, signal });
    return isTaken ? EXIT.ok : EXIT.permission;
  } catch (error) {
    return failed(camera.id, error, context);
  }
}

/** Rethrows errors that are not the camera's. */
function failed(id: string, error: unknown, context: CommandContext): number {
  if (!(error instanceof LinkError) && !(error instanceof ProtocolError)) throw error;
  remark(context, faultText(id, error, 1, 'camera'));
  if (error instanceof UnconfirmedError) remark(context, trialText.needsPerson);
  return error.code === 'denied' ? EXIT.permission : EXIT.unavailable;
}

async function configured(id: string | undefined, values: Values, context: CommandContext): Promise<Chosen> {
  const config = await configOf(values, context);
  const { cameras } = config;
  const ids = cameras.map((camera) => camera.id);
  const found = cameras.find((camera) => camera.id === id);
  if (found !== undefined) return { camera: found, config };
  throw new UsageError('positional', id === undefined || ids.length === 0 ? text.which(ids) : text.noCamera(id, ids));
}

async function configOf(values: Values, context: CommandContext): Promise<Config> {
  try {
    return await namedConfig(values, context);
  } catch (error) {
    if (error instanceof ConfigError && error.code === 'noInput') remark(context, text.withoutConfig);
    throw error;
  }
}

/** Kinds that need only an address and a login, and the makes that are only an address of the general one. */
function kindNames({ cameraKinds }: Kinds): readonly string[] {
  const makes = cameraKinds.map(({ kind }) => kind).filter((kind) => !['camera-http', 'json-push'].includes(kind));
  return [...new Set([...makes, ...preset.options])];
}

/** A camera from the options alone. Throws UsageError and ExitError. */
async function cameraHere(values: Values, kinds: Kinds, context: CommandContext): Promise<CameraConfig> {
  const { kind, host, user, channel, basic } = values as Readonly<Record<string, string | undefined>>;
  if (kind === undefined || host === undefined) throw new UsageError('option', text.needsBoth);
  if (!kindNames(kinds).includes(kind)) throw new UsageError('option', text.wrongKind(kind, kindNames(kinds)));
  if (channel !== undefined && !/^([1-9]|[1-5]\d|6[0-4])$/.test(channel))
    throw new UsageError('option', text.wrongChannel);
  const password = user === undefined ? undefined : await promptSecret(PASSWORD, text.askPassword(user, host), context);
  if (user !== undefined && password === undefined) throw misuse(text.noPassword);
  const isOwnKind = kinds.cameraKinds.some((each) => each.kind === kind);
  const written = {
    ...(isOwnKind ? { kind } : { kind: cameraHttpKind.kind, preset: kind }),
    id: host,
    url: host.includes('://') ? host : `http://${host}`,
    ...(user !== undefined && { user, password: { secret: 'password' } }),
    ...(channel !== undefined && { channel: Number(channel) }),
    ...(basic && { allowBasic: true }),
  };
  const byName = new Map(password === undefined ? [] : [['password', new Secret(password)]]);
  const secrets = { file: '', state: 'read', byName, faults: [] } as const;
  const { camera, faults } = readCamera(new ConfigDocument('', ''), [], written, kinds.cameraKinds, secrets);
  if (camera !== undefined) return camera;
  const both = ({ path, message, hint }: (typeof faults)[number]): Text => ({
    zh: `${optionOf(path)}：${message.zh}；${hint.zh}`,
    en: `${optionOf(path)}: ${message.en}; ${hint.en}`,
  });
  throw misuse(joined(faults.map(both), '\n', '\n'));
}

/** The option that set a configuration key. */
const optionOf = (path: string): string => (path === 'url' ? '--host' : path);
