/** What the configured polls ask of this box's processor, for `check`. All of them share one core, which does more than polling. */
import type { Config } from '../config/types.ts';
import { usedPoints } from '../config/used-points.ts';
import { wireCommandText } from '../text/commands/cli.ts';
import type { Text } from '../text/text.ts';
import { wireReport } from './wire-report.ts';

/** Share of a core above which polls come late. */
const CORE_SHARE_MAX = 0.5;

/** Requests a second on all wires, as far as the wires can carry them. */
export function pollsPerSecond(config: Config): number {
  return config.lines
    .filter(({ listenOnly }) => !listenOnly)
    .flatMap((line) => {
      const { load = 0 } = wireReport(config, line).budget ?? {};
      return line.devices.map((device) => {
        const use = device.kind.wireUse?.(device.config, usedPoints(config, device.id));
        return use === undefined ? 0 : (use.turns.length * 1_000) / use.everyMs / Math.max(1, load);
      });
    })
    .reduce((sum, each) => sum + each, 0);
}

/** undefined: the box can do it. `pollMs`: what one poll costs it. */
export function pollLoadNote(config: Config, pollMs: number): Text | undefined {
  const perSecond = pollsPerSecond(config);
  const share = (perSecond * pollMs) / 1_000;
  return share > CORE_SHARE_MAX ? wireCommandText.boxTooSlow(perSecond, share * 100) : undefined;
}
