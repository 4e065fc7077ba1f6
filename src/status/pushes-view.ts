/** The account of pushes for the page and the command: rows with wall times and reasons in words. */

import type { App } from '../app/app.ts';
import type { PushCapture } from '../intake/pushes/capture.ts';
import type { CameraPushes } from '../intake/pushes/push-account.ts';
import type { PushRow } from '../intake/pushes/push-row.ts';
import type { PushesView } from '../page/api/api-intake.ts';
import { given } from '../text/given.ts';
import { pushesPageText, pushWhyText } from '../text/page/pushes.made.ts';
import type { Text } from '../text/text.ts';

type PushesParts = Pick<App, 'config' | 'intake' | 'store'>;

/** Cameras of the configuration, also silent ones; then the channels and senders that anything came from. */
export function pushesView({ config, intake, store }: PushesParts, camera?: string): PushesView {
  const all = new Map(intake.pushes.all().map((each) => [each.camera, each]));
  const kinds = new Map(config.cameras.map(({ id, kind }) => [id, kind.kind]));
  const known = config.cameras.flatMap(({ id }) => all.get(id) ?? []);
  const others = [...all.values()].filter(({ camera, rows }) => !kinds.has(camera) && rows.length > 0);
  return {
    cameras: [...known, ...others].map((pushes: CameraPushes) => ({
      id: pushes.camera,
      ...(pushes.isUnknown && { name: pushesPageText.unknown }),
      ...(kinds.has(pushes.camera) && { kind: kinds.get(pushes.camera) as string }),
      counts: pushes.counts,
      rows: (camera === undefined || camera === pushes.camera ? pushes.rows : []).map((row) =>
        rowView(row, {
          wallMsAt: (nowMs) => Math.round(store.time.wallMsAt(nowMs)),
          isKept: (number) => intake.pushes.hasCapture(number),
        }),
      ),
    })),
  };
}

/** undefined: the request is no longer kept. */
export function pushCapture({ config, intake }: Omit<PushesParts, 'store'>, number: number): PushCapture | undefined {
  const systems = config.intake.systems?.map(({ name, profileName }) => [name, profileName] as const) ?? [];
  const kinds = new Map([...systems, ...config.cameras.map(({ id, kind }) => [id, kind.kind] as const)]);
  return intake.pushes.capture(number, (camera) => kinds.get(camera) ?? camera);
}

interface RowParts {
  wallMsAt(nowMs: number): number;
  isKept(number: number): boolean;
}

function rowView({ atMs, firstMs, why, detail, capture, ...row }: PushRow, { wallMsAt, isKept }: RowParts) {
  const what = why === undefined ? undefined : explained(pushWhyText[why], detail);
  return {
    ...row,
    ...(capture !== undefined && isKept(capture) && { capture }),
    ...given({ why, what }),
    ...{ atWallMs: wallMsAt(atMs), firstWallMs: wallMsAt(firstMs) },
  };
}

/** `detail` is a fault of the protocol, or a name that the sender gave. */
const explained = (text: Text, detail: string | undefined): Text =>
  detail === undefined ? text : { zh: `${text.zh}（${detail}）`, en: `${text.en} (${detail})` };
