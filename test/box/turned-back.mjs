// Versions that must go back by themselves, with all that belongs to them: unit broken, script broken, page dead, late crash.
import assert from 'node:assert/strict';
import { always, faultsFor, MARK, mark } from './faults.mjs';
import { reads } from './lanewarden-box.mjs';
import { variant } from './packages.mjs';

/** Of the box that tells these stories; it has no intake and no platform. */
const faults = faultsFor({ pagePort: 18_080, intakePort: 0, platformPort: 0 });
/** Version, fault, which of its forms, and whether it passes its trial. */
const BROKEN = [
  ['unit broken: one wrong flag where it is started', '1.2.2', faults.flag, 0, false],
  ['unit broken: the manager refuses it', '1.2.3', faults.unit, 5, false],
  ['script broken: an undefined command in what starts a version', '1.2.4', faults.script, 1, false],
  ['page dead: its port is open, and nothing answers', '1.2.5', faults.page, 0, false],
  ['late crash: it passes its trial, and then ends again and again', '1.2.6', faults.late, 0, true],
];

export function brokenPackages(debs) {
  for (const [, version, fault, which] of BROKEN)
    variant(debs, version, (_, root) => {
      mark(root);
      fault(root, always(which));
    });
}

export const TURNED_BACK = BROKEN.map(([name, version, , , passes]) => [
  `${name}: the former version is back, with its units, rules and scripts`,
  async ({ box }) => {
    const former = box.current();
    const { status, output } = await box.update(version);
    assert.equal(status === 0, passes, output);
    await box.until('the former version is back', () => box.current() === former && !box.isJudging() && box.isActive());
    await reads(box, box.cookie);
    const places = '/run/systemd/system /run/udev/rules.d /opt/lanewarden/current/system';
    assert.equal(
      box.run('sh', '-c', `grep -rl '${MARK}' ${places}`).stdout,
      '',
      'nothing of the refused one is in force',
    );
    assert.equal(box.property('NeedDaemonReload'), 'no');
  },
]);
