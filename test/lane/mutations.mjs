// Breaks rules of the lane engine one line at a time, in a private copy of the tree, and looks whether a test turns red.
// node test/lane/mutations.mjs [WORD…]   (only mutations whose description has all words). Exits 1 when one survives.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Quick ones first: most mutations never reach the second. */
const SUITES = [
  ['test/lane/scenarios.test.ts', 'test/lane/tables.test.ts', 'test/lane/signals.test.ts', 'test/lane/rules.test.ts'],
  ['test/lane/properties.test.ts', 'test/lane/replay.test.ts'],
];

/** [file, rule, the line as it is, the line broken] */
const MUTATIONS = [
  ['arm.ts', 'both limits for 200 ms is a fault', 'BOTH_LIMITS_MS = 200', 'BOTH_LIMITS_MS = 20'],
  ['arm.ts', 'a lost limit is no opening', "setArm(work, moved ? 'unknown' : arm);", 'setArm(work, arm);'],
  [
    'arm.ts',
    'down ends the opening',
    "if (arm === 'closed' && opening !== undefined)",
    "if (arm === 'closing' && opening !== undefined)",
  ],
  ['openings.ts', 'button within 3 s before', 'COMMAND_BEFORE_MS = 3_000', 'COMMAND_BEFORE_MS = 4_000'],
  ['openings.ts', 'a command polled late still counts', 'COMMAND_AFTER_MS = 500', 'COMMAND_AFTER_MS = 200'],
  [
    'openings.ts',
    'a held contact counts',
    'const held = PRESS_ROLES.find((role) => state.levels[role] === true);',
    'const held = PRESS_ROLES.find((role) => state.levels[role] === null);',
  ],
  [
    'openings.ts',
    'the open contact comes a travel time later',
    "(isWired(settings, 'down') ? 0 : settings.closeTimeMs)",
    '0',
  ],
  [
    'passages.ts',
    'crossing: A falls while B is occupied',
    'onBoth: { aOn: nothing, aOff: cross,',
    'onBoth: { aOn: nothing, aOff: leaveA,',
  ],
  ['passages.ts', 'back-out: B falls first', 'bOn: nothing, bOff: backOffB },', 'bOn: nothing, bOff: leaveB },'],
  ['passages.ts', 'small: B rises within transit', 'bOn: crossSmall, bOff: nothing }', 'bOn: nothing, bOff: nothing }'],
  ['passages.ts', 'wrong way is complete when A falls', 'aOff: backComplete,', 'aOff: backEnds,'],
  ['passages.ts', 'a stand-off goes forward', 'bOn: backWasAnother,', 'bOn: nothing,'],
  [
    'passages.ts',
    'a short gap with B held is a drawbar',
    'if ((body.gapMs ?? 0) >= work.settings.drawbarGapMs)',
    'if ((body.gapMs ?? 0) >= 0)',
  ],
  ['passages.ts', 'a gap is short only when it surely was', ' + work.state.approachDoubtMs;', ';'],
  [
    'passages.ts',
    'reversed right back takes the passage back',
    '  takeBack(work, first);\n  body.nosed',
    '  body.nosed',
  ],
  ['passages.ts', 'another plate says queue', 'if (differentPlates(body.reads, first.reads)) return;', ''],
  ['passages.ts', 'B rising again says queue', 'body.ambiguousOf = null;\n  landOnB', 'landOnB'],
  [
    'passages.ts',
    'ran the barrier: down through A fall',
    "if (body.underArm && work.state.arm === 'closed') ranBarrier(work, body);\n}\n\nfunction ranBarrier",
    '}\n\nfunction ranBarrier',
  ],
  ['passages.ts', 'B alone: minDwell', 'dwellMs >= work.settings.minDwellMs', 'dwellMs >= 0'],
  ['passages.ts', 'B alone: arm not down', 'if (body.armUp && (dwellMs', 'if ((dwellMs'],
  ['passages.ts', 'B alone: gaps under mergeGapSingle', 'gapMs < work.settings.mergeGapSingleMs', 'gapMs < 0'],
  [
    'passages.ts',
    'A alone: arm down is a turn-away',
    "if (work.state.arm === 'closed') leave(work, body, 'turnedAway');",
    "if (work.state.arm === 'fault') leave(work, body, 'turnedAway');",
  ],
  [
    'moments.ts',
    'B flicker',
    'const readyMs = atMs + Math.max(1, flickerMs(state, settings));',
    'const readyMs = atMs + 1;',
  ],
  ['moments.ts', 'B flicker while the arm travels', 'return travelling ?', 'return !travelling ?'],
  [
    'moments.ts',
    'one order within a moment',
    'if (before.atMs < event.atMs || (before.atMs === event.atMs && rankOf(before) <= rank)) break;',
    'if (before.atMs <= event.atMs) break;',
  ],
  [
    'claims.ts',
    'exact before fuzzy',
    'if (wasReadElsewhere(state, hold) || bodies.some((body) => readsExactly(body.reads, plate))) continue;',
    '',
  ],
  [
    'claims.ts',
    'a possible body takes only its own plate',
    'bodies.filter((body) => !isPossibleOnly(state, settings, body))',
    'bodies',
  ],
  [
    'claims.ts',
    'a gap under 1 s on B alone is possible only',
    'SINGLE_POSSIBLE_MS = 1_000',
    'SINGLE_POSSIBLE_MS = 500',
  ],
  [
    'claims.ts',
    'wrong way claims nothing',
    "body.way === 'forward' || settings.direction === 'both'",
    "body.way === 'forward' || settings.direction !== 'both'",
  ],
  ['claims.ts', 'a grant ends', 'body.riseMs <= hold.endMs;', 'body.riseMs > 0;'],
  [
    'claims.ts',
    'further uses fit any plate',
    'const isFurther = (hold: GrantHold): boolean => hold.used > 0;',
    'const isFurther = (hold: GrantHold): boolean => hold.used > 1;',
  ],
  [
    'claims.ts',
    'a mismatch is seen',
    "contradicts(body, [normalPlate(plate)]) ? 'mismatch'",
    'contradicts(body, [normalPlate(plate)]) ? otherwise',
  ],
  ['grants.ts', 'idempotent by id', 'if (told !== undefined) {', 'if (told !== undefined && told.count > 1) {'],
  [
    'grants.ts',
    'a newer grant replaces an older',
    "if (before !== undefined) endGrant(work, before, 'grantReplaced');",
    '',
  ],
  [
    'grants.ts',
    'the body on A has it',
    '(before?.presenceId ?? presenceAt(work, issuedMs))',
    '(before?.presenceId ?? null)',
  ],
  [
    'grants.ts',
    'a grant goes back',
    'state.kept.grants.map((hold) => (own(hold) ? back(hold)',
    'state.kept.grants.map((hold) => (own(hold) ? hold',
  ],
  [
    'claims.ts',
    'pulse and message are one',
    'claim.sinceMs <= pulse.atMs + settings.autoJoinMs',
    'claim.sinceMs <= pulse.atMs - settings.autoJoinMs',
  ],
  ['grants.ts', 'repeated pulses are one', 'if (presenceId !== null) dropPulses(work, presenceId, 1);', ''],
  [
    'grants.ts',
    'a pulse lapses with its opening',
    "    else note(work, fact('pulseLapsed', pulse.atMs));\n",
    '    else kept.push(pulse);\n',
  ],
  [
    'late.ts',
    'a late payment withdraws',
    "work.effects.push({ kind: 'withdraw'",
    "if (past.sent) work.effects.push({ kind: 'withdraw'",
  ],
  ['late.ts', 'not what has been sent', 'if (past.sent) {', 'if (past.releaseId === null) {'],
  [
    'late.ts',
    'somebody on A comes first',
    'if (bodyOnFirstLoop(state, settings, hold.issuedMs) !== undefined) return undefined;',
    '',
  ],
  [
    'bodies.ts',
    'plate window',
    'read.atMs < body.riseMs - settings.plateWindowMs)',
    'read.atMs < body.riseMs - 2 * settings.plateWindowMs)',
  ],
  ['bodies.ts', 'reads of just before belong to the nearer', '  adoptReads(work, body);\n', ''],
  ['bodies.ts', 'a press counts since the last B fall', 'press.atMs > fromMs', 'press.atMs > 0'],
  [
    'modes.ts',
    'no verdict until the arm is down',
    'if (state.kept.suspension === null || state.openingId !== null) return;',
    'if (state.kept.suspension === null) return;',
  ],
  [
    'modes.ts',
    'fire explains the opening just before',
    'atMs - opening.startMs <= CAUSE_AFTER_MS',
    'atMs - opening.startMs < 0',
  ],
  ['points.ts', 'a first level is no edge', 'isEdge && on ? relayPulsed(work)', 'on ? relayPulsed(work)'],
  [
    'points.ts',
    'free at once proves nothing after a power cut',
    '!on && before === true && state.kept.unproven[role]',
    '!on && state.kept.unproven[role]',
  ],
  ['points.ts', 'nothing missed, nothing changed', 'if (event.blindMs <= 0 && !event.powerCut) return;', ''],
  [
    'release.ts',
    'a degraded verdict is never sure',
    "draft.degraded ? lower(draft.confidence, 'likely') : draft.confidence",
    'draft.confidence',
  ],
  ['release.ts', 'maintenance is not reported', 'reported: draft.reported && !maintenance', 'reported: draft.reported'],
  [
    'verdicts.ts',
    'held open after heldOpenAfter',
    'upForMs > work.settings.heldOpenAfterMs',
    'upForMs > 10 * work.settings.heldOpenAfterMs',
  ],
  ['verdicts.ts', 'held open: further passages', 'if (!opening.granted || upForMs', 'if (upForMs'],
  [
    'verdicts.ts',
    'the first passage is the opening’s record',
    'if (opening !== undefined && isFirst && !opening.granted',
    'if (opening !== undefined && !isFirst && !opening.granted',
  ],
  [
    'verdicts.ts',
    'a paid first passage grants the opening',
    '    writableOpening(work, opening).granted = true;\n    withdrawOpening',
    '    withdrawOpening',
  ],
  ['verdicts.ts', 'the record of nobody passing is taken back', '    withdrawOpening(work, opening, claim);\n', ''],
  [
    'verdicts.ts',
    'own order and another plate is sure',
    "return otherPlate || overC ? 'sure' : 'likely';",
    "return 'likely';",
  ],
  ['verdicts.ts', 'reportFrom', 'reported: isAtLeast(confidence, work.settings.reportFrom)', 'reported: true'],
  [
    'verdicts.ts',
    'the arm bounces',
    'opening.endMs - opening.startMs < BOUNCE_MS',
    'opening.endMs - opening.startMs < 0',
  ],
  [
    'verdicts.ts',
    'a manual opening tells its start',
    'releaseAtMs: opening.startMs };',
    'releaseAtMs: opening.startMs + 1000 };',
  ],
  [
    'verdicts.ts',
    'cause unknown when commands are not seen',
    'const causeSeen = opening.seen && !(opening.commandsBlind && opening.press === null);',
    'const causeSeen = opening.seen;',
  ],
  [
    'verdicts.ts',
    'only a real vehicle ran the barrier',
    "const counts = body.way === 'forward' && body.together;",
    'const counts = true;',
  ],
  [
    'timers.ts',
    'the verdict waits settle',
    '(body.outMs ?? body.riseMs) + settings.settleMs',
    '(body.outMs ?? body.riseMs) + settings.settleMs / 2',
  ],
  [
    'timers.ts',
    'manualMaxWait',
    'opening.startMs + settings.manualMaxWaitMs',
    'opening.startMs + 4 * settings.manualMaxWaitMs',
  ],
  [
    'timers.ts',
    'somebody passing is waited for',
    'if (state.bodies.some((body) => isPassing(state, body, opening))) return;',
    '',
  ],
  [
    'timers.ts',
    'a loop is stuck after ten minutes',
    'state.changedMs[loop] + settings.loopStuckAfterMs',
    'state.changedMs[loop] + 10 * settings.loopStuckAfterMs',
  ],
  [
    'signals.ts',
    'debounce',
    'const { candidate, lost } = of(next, role);\n    if (candidate === null ||',
    'const { candidate, lost } = of(next, role);\n    if (candidate === null || false &&',
  ],
];

const copy = mkdtempSync(join(tmpdir(), 'lanewarden-mutations-'));
for (const part of [
  'src',
  'test',
  'drivers',
  'package.json',
  'tsconfig.json',
  'tsconfig.test.json',
  'vitest.config.ts',
]) {
  cpSync(join(ROOT, part), join(copy, part), { recursive: true });
}
symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));

function isRed() {
  for (const suite of SUITES) {
    const { status, error } = spawnSync(
      process.execPath,
      [join(copy, 'node_modules/vitest/vitest.mjs'), 'run', '--bail=1', ...suite],
      { cwd: copy, encoding: 'utf8', timeout: 300_000 },
    );
    if (error) throw error;
    if (status !== 0) return true;
  }
  return false;
}

const words = process.argv.slice(2);
const chosen = MUTATIONS.filter(([file, rule]) => words.every((word) => `${file} ${rule}`.includes(word)));
const rows = [];
try {
  if (isRed()) throw new Error('the tests are red before anything was broken');
  for (const [file, rule, from, to] of chosen) {
    const path = join(copy, 'src/lane', file);
    const text = readFileSync(path, 'utf8');
    const found = text.split(from).length - 1;
    if (found !== 1) {
      rows.push({ file, rule, result: found === 0 ? 'NOT FOUND' : 'NOT UNIQUE' });
      continue;
    }
    writeFileSync(
      path,
      text.replace(from, () => to),
    );
    const red = isRed();
    writeFileSync(path, text);
    rows.push({ file, rule, result: red ? 'red' : 'SURVIVED' });
    process.stderr.write(`${red ? '.' : '!'} ${file}: ${rule}\n`);
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
console.table(rows);
const bad = rows.filter(({ result }) => result !== 'red');
console.log(`${rows.length} rules broken, ${rows.length - bad.length} turned a test red`);
process.exitCode = bad.length === 0 ? 0 : 1;
