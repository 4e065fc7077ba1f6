/** Compares what the simulated platform got with what the story should have given it. It knows nothing of the program between them. */
import type { SimulatedCamera } from '../../sim/devices/camera.ts';
import { LANE } from '../../sim/loops.ts';
import { reachOver } from '../../sim/movers.ts';
import type { Platform, PlatformRecord } from '../../sim/platform/platform.ts';
import { endsLikeJpeg } from '../../sim/platform/platform-check.ts';
import type { ExpectedRelease } from '../../sim/traffic.ts';
import type { Scene } from '../../sim/world.ts';
import { demoText } from '../../text/app.made.ts';
import type { Language } from '../../text/text.ts';

/** The platform keeps a record only when its signature is right, so that a kept record is a well signed one. */
export function storyReport(
  park: {
    readonly platform: Pick<Platform, 'records' | 'requests'>;
    readonly camera: Pick<SimulatedCamera, 'sceneOf'>;
  },
  expected: readonly ExpectedRelease[],
  run: { readonly stories: number; readonly speed: number; readonly tookMs: number },
  language: Language,
): { readonly good: boolean; readonly text: string } {
  const { platform, camera } = park;
  const records = [...platform.records].sort((a, b) =>
    (a.fields.release_time ?? '').localeCompare(b.fields.release_time ?? ''),
  );
  const rows = expected.map((release, index) => {
    const record = records[index];
    const scene = record?.picture === undefined ? undefined : camera.sceneOf(record.picture);
    const shown = scene !== undefined && shows(scene, release);
    const good = record !== undefined && matches(record, release) && shown;
    return { good, line: row(release, record, shown, language) };
  });
  const extra = records.slice(expected.length);
  const refused = platform.requests.filter(({ outcome }) => outcome !== 'accepted').length;
  const good = rows.every((each) => each.good) && extra.length === 0 && refused === 0;
  const lines = [
    '',
    ...rows.map((each) => `${each.good ? '✓' : '✗'} ${each.line}`),
    ...extra.map((record) => `✗ ${demoText.extra[language]}: ${named(record)}`),
    ...(refused > 0 ? [`✗ ${demoText.refused(refused)[language]}`] : []),
    good
      ? demoText.good(run.stories, records.length, run.speed.toFixed(1), (run.tookMs / 1000).toFixed(1))[language]
      : demoText.bad[language],
  ];
  return { good, text: `${lines.join('\n')}\n` };
}

function matches({ fields, picture }: PlatformRecord, release: ExpectedRelease): boolean {
  return (
    fields.release_method === String(release.method) &&
    fields.release_method_desc === release.desc &&
    fields.plate === release.plate &&
    picture !== undefined &&
    endsLikeJpeg(picture)
  );
}

/** The picture is of this very vehicle, on the first loop or on the one under the arm; of no vehicle when the story has no plate. */
function shows(scene: Scene, release: ExpectedRelease): boolean {
  const vehicle = scene.vehicles.find(({ plate }) => plate?.text === release.plate);
  if (vehicle === undefined) return scene.vehicles.every(({ plate }) => plate === undefined);
  return [LANE.loopA, LANE.loopB].some(({ fromM, toM }) => reachOver(vehicle, fromM, toM) > 0);
}

function row(release: ExpectedRelease, record: PlatformRecord | undefined, shown: boolean, language: Language): string {
  const got = record === undefined ? demoText.missing[language] : named(record);
  const bytes =
    record?.picture === undefined
      ? ''
      : `, ${demoText.picture[language]} ${Math.round(record.picture.length / 1000)} kB ${demoText.shows(shown)[language]}`;
  const wanted = `${demoText.expected[language]} ${release.method} ${release.desc} ${release.plate}`;
  return `${wanted}  →  ${demoText.received[language]}: ${got}${bytes}`;
}

const named = ({ fields, seqno }: PlatformRecord): string =>
  `${fields.release_method} ${fields.release_method_desc} ${fields.plate} ${fields.release_time} (${seqno})`;
