/**
 * Peers that get requests which the configuration writes: destinations but MQTT, and management systems over HTTP. A person confirms one as it is
 * written: another address, profile or value is another peer. Pure.
 */
import { createHash } from 'node:crypto';
import type { RequestForm, ValueGroup } from '../delivery/request/profile-form.ts';
import { CHAT_ADDRESSES, type DestinationConfig } from '../delivery/settings.ts';
import { actingPart } from '../outward/written-peer.ts';
import { pictureAddressOf } from './camera-address.ts';
import type { CameraConfig, Config, SystemConfig } from './types.ts';

export interface WrittenPeer {
  readonly use: 'destination' | 'payments' | 'camera' | 'output';
  /** Of the destination, the system or the camera. */
  readonly name: string;
  /** Of everything that decides what is sent to where. */
  readonly sha256: string;
  /** Method and address, without what may be a secret. */
  readonly shown: string;
  /** Empty: it has none. */
  readonly url: string;
  /** What of the address is known to act: nothing is sent there, whoever confirms it. */
  readonly acting?: string;
  /** Why no person can confirm it near the box. */
  readonly never?: 'query' | 'put' | 'constants';
}

export const writtenPeers = ({
  destinations,
  intake: { systems = [] },
}: Pick<Config, 'destinations' | 'intake'>): readonly WrittenPeer[] => [
  ...destinations.map(destinationPeer),
  ...systems.flatMap((system) => systemPeer(system) ?? []),
];

/** Alarm relays, which run without a confirmation until one of them moves an arm. Whatever else is changed about it, it stays the same one. */
export const outputPeers = ({ lines }: Pick<Config, 'lines'>): readonly WrittenPeer[] =>
  lines.flatMap(({ port, devices }) =>
    devices
      .filter(({ kind }) => kind.output)
      .map(({ id }) => ({
        ...({ use: 'output', name: id, shown: port, url: '' } as const),
        sha256: createHash('sha256')
          .update(JSON.stringify(['output', port, id]))
          .digest('hex'),
      })),
  );

export function destinationPeer(config: DestinationConfig): WrittenPeer {
  const { name, kind, proxy = '' } = config;
  if (kind === 'ping') return peer('destination', name, 'GET', config.url, [kind, proxy]);
  if (kind === 'webhook') return peer('destination', name, 'POST', config.url, [kind, proxy]);
  if (kind === 'chat') {
    const { robot, url = CHAT_ADDRESSES[robot] } = config;
    return peer('destination', name, 'POST', url, [kind, robot, proxy]);
  }
  const { url, profile, profileName, values, unproven } = config;
  const { request, session } = profile;
  const forms = [request, ...(session === undefined ? [] : [session.request])];
  const written = [kind, profileName, values, proxy, unproven ? { request, session } : ''];
  const [method, path] = [request.method, request.path];
  const found = peer('destination', name, method, url + path, written);
  const acting = forms.map((form) => actingPart(new URL(url + form.path).pathname)).find((each) => each !== undefined);
  return {
    ...found,
    url,
    ...(acting !== undefined && { acting }),
    ...(forms.some(isMade) && { never: 'constants' as const }),
    ...(forms.some((form) => form.method === 'PUT') && { never: 'put' as const }),
  };
}

/** Of what is written into a body: more or longer ones make a request that is no record of ours. */
const CONSTANTS_MOST = 8;
const CONSTANT_CHARACTERS = 64;

function isMade({ fields, data = {} }: RequestForm): boolean {
  const constants = [fields, data].flatMap((group) => Object.values<ValueGroup[string]>(group).flat());
  const texts = constants.flatMap(({ constant, prefix }) => [constant, prefix].filter((each) => each !== undefined));
  return texts.length > CONSTANTS_MOST || texts.some((each) => each.length > CONSTANT_CHARACTERS);
}

/** Those that a person may confirm. */
export const confirmable = (peers: readonly WrittenPeer[]): readonly WrittenPeer[] =>
  peers.filter(({ acting, never }) => acting === undefined && never === undefined);

/** undefined: it pushes, or is no address. */
export function systemPeer({
  name,
  profile,
  profileName,
  url,
  values,
  unproven,
}: SystemConfig): WrittenPeer | undefined {
  const { rest } = profile;
  if (rest === undefined || url === undefined) return undefined;
  return { ...peer('payments', name, 'GET', url + rest.path, [profileName, values, unproven ? rest : '']), url };
}

/** undefined: its address has a known form, or only the camera knows it. */
export function cameraPeer(camera: CameraConfig): WrittenPeer | undefined {
  const address = pictureAddressOf(camera);
  if (address === undefined || address.state === 'known') return undefined;
  const { url = '' } = camera.config as { readonly url?: string };
  return { use: 'camera', name: camera.id, sha256: address.sha256, shown: `GET ${address.sent}`, url };
}

function peer(
  use: WrittenPeer['use'],
  name: string,
  method: string,
  url: string,
  written: readonly unknown[],
): WrittenPeer {
  const { origin, pathname, search } = new URL(url);
  const acting = actingPart(pathname + search);
  const text = JSON.stringify([use, method, url, ...written]);
  return {
    ...{ use, name, url },
    sha256: createHash('sha256').update(text).digest('hex'),
    shown: `${method} ${origin}${pathname}${search === '' ? '' : '?…'}`,
    ...(acting !== undefined && { acting }),
    ...(method === 'GET' && use === 'destination' && search !== '' && { never: 'query' as const }),
  };
}
