/** The manual of each command: examples, exit codes, the page of the documents. `--help`, the man page and the page of commands come from it. */
import type { Language, Text } from '../text.ts';
import { EXAMPLES } from './manual.made.ts';
import type { exitText } from './manual-words.made.ts';

export interface ManualEntry {
  /** Lines as one types them, without the program's name. */
  readonly examples: readonly (readonly [line: string, what: Text])[];
  /** Exit codes besides `ok` and `usage`, which all have. */
  readonly exits: readonly (keyof typeof exitText)[];
  /** A page of docs/; `LANG` stands for the language. */
  readonly page: string;
}

const t = (zh: string, en: string): Text => ({ zh, en });
const READS_CONFIG = ['noInput', 'permission', 'configuration'] as const;
const READS_STORE = ['failure', ...READS_CONFIG, 'cannotCreate', 'io'] as const;

type Command = Omit<ManualEntry, 'examples'> & Partial<ManualEntry>;

/** In the order of the help; with examples where their line has signs that a table needs itself. */
const COMMANDS = {
  run: {
    exits: ['failure', ...READS_CONFIG, 'unavailable', 'cannotCreate', 'io'],
    page: 'LANG/configuration.md',
  },
  demo: {
    exits: ['failure', 'unavailable', 'cannotCreate'],
    page: 'LANG/simulator.md',
  },
  simulate: {
    exits: ['failure', ...READS_CONFIG, 'unavailable'],
    page: 'LANG/simulator.md',
  },
  practice: {
    exits: ['failure', 'unavailable'],
    page: 'LANG/vendor-counter.md',
  },
  status: {
    exits: ['failure'],
    page: 'LANG/troubleshooting.md',
  },
  check: {
    exits: READS_CONFIG,
    page: 'LANG/configuration.md',
  },
  scenario: {
    exits: ['failure', 'noInput', 'permission'],
    page: 'LANG/simulator.md',
  },
  replay: {
    exits: READS_STORE,
    page: 'LANG/lane-logic.md',
  },
  evidence: {
    exits: READS_STORE,
    page: 'LANG/evidence.md',
  },
  verify: {
    exits: READS_STORE,
    page: 'LANG/evidence.md',
  },
  person: {
    examples: [
      ['person 粤B12345', t('查这块车牌留下了什么', 'what is kept about this plate')],
      ['person 粤B12345 --erase --reason "request of 2026-11-24" --yes', t('删除', 'delete it')],
    ],
    exits: READS_STORE,
    page: 'LANG/privacy.md',
  },
  probe: {
    exits: ['failure', 'unavailable', 'permission'],
    page: 'LANG/devices.md',
  },
  snapshot: {
    exits: [...READS_CONFIG, 'unavailable', 'cannotCreate', 'io'],
    page: 'LANG/cameras.md',
  },
  cameras: {
    exits: [...READS_CONFIG, 'unavailable'],
    page: 'LANG/camera-push.md',
  },
  queue: {
    exits: READS_STORE,
    page: 'LANG/store.md',
  },
  report: {
    exits: READS_STORE,
    page: 'LANG/account.md',
  },
  why: {
    exits: READS_STORE,
    page: 'LANG/lane-logic.md',
  },
  sign: {
    examples: [
      ['sign < fields.json', t('密钥在 LANEWARDEN_SECRET', 'the secret is in LANEWARDEN_SECRET')],
      ['sign --compare "park_uuid=…" < fields.json', t('与平台的原文比对', 'compare with the text of the platform')],
    ],
    exits: ['configuration'],
    page: 'LANG/platform.md',
  },
  diagnose: {
    exits: ['permission', 'cannotCreate', 'io'],
    page: 'LANG/troubleshooting.md',
  },
  backup: {
    exits: [...READS_CONFIG, 'cannotCreate', 'io'],
    page: 'LANG/backup.md',
  },
  restore: {
    exits: ['failure', 'noInput', 'permission', 'cannotCreate', 'io'],
    page: 'LANG/backup.md',
  },
  provision: {
    exits: ['failure', 'noInput', 'unavailable', 'io'],
    page: 'LANG/fleet.md',
  },
  update: {
    exits: ['failure', 'noInput', 'permission', 'io'],
    page: 'LANG/update.md',
  },
  profile: {
    exits: ['failure', 'noInput', 'unavailable', 'configuration'],
    page: 'LANG/device-profiles.md',
  },
  passwd: {
    exits: ['failure', 'noInput', 'permission', 'io'],
    page: 'LANG/page.md',
  },
  token: {
    exits: ['failure', 'noInput', 'permission', 'io'],
    page: 'LANG/page-api.md',
  },
  label: {
    exits: ['noInput', 'permission', 'io'],
    page: 'LANG/page.md',
  },
  'setup-code': {
    exits: ['noInput', 'unavailable', 'permission', 'io'],
    page: 'LANG/page.md',
  },
  schema: {
    exits: [],
    page: 'LANG/configuration.md',
  },
  completion: {
    examples: [
      [
        'completion bash > /etc/bash_completion.d/lanewarden',
        t('安装补全（软件包已带）', 'the package has it already'),
      ],
      ['completion man | man -l -', t('看手册页', 'read the man page')],
    ],
    exits: [],
    page: 'LANG/update.md',
  },
  version: {
    exits: [],
    page: 'LANG/update.md',
  },
} as const satisfies Readonly<Record<string, Command>>;

export type CommandName = keyof typeof COMMANDS;

const examplesOf = (name: string): ManualEntry['examples'] =>
  Object.entries(EXAMPLES).filter(([line]) => line.split(' ')[0] === name);

/** The compiler demands an entry for each command of `src/process.ts`. */
export const MANUAL = Object.fromEntries(
  Object.entries<Command>(COMMANDS).map(([name, entry]) => [name, { examples: examplesOf(name), ...entry }]),
) as Readonly<Record<CommandName, ManualEntry>>;

/** undefined: a command outside the table, as tests have them. */
export const manualOf = (name: string): ManualEntry | undefined =>
  Object.hasOwn(MANUAL, name) ? MANUAL[name as CommandName] : undefined;

/** Below docs/. undefined: as above. */
export const pageOf = (command: string, language: Language): string | undefined =>
  manualOf(command)?.page.replace('LANG', language);
