/** A fact stands once: the members of a union, and the default of a key. A copy drifts, as the alarm lamp's own list of verdicts did. */
import { it } from 'vitest';
import { fallbacks, schemaDefaults } from './defaults.ts';
import { expectOnly, type Source, sources } from './sources.ts';
import { copiesIn } from './unions.ts';

const PAGE = 'the page may import no values of the store; it is written out in OpenAPI and checked against the type';
const CHOICE = 'a choice that is meant: the others have no place there';
const COUNTS = 'counts of the states that a person watches; a compiler asks for each';
const PARTS_OF_SHEET = 'the parts that have a table of their own; the others are lines of one';
const ALL_TEXTS = 'words for each: whoever looks one up asks for all, or it does not compile';
const TEXTS = 'words for those that a person can meet there; any other shows its own name';
const FIELDS = 'names of fields, each with a type of its own there';
const CHANCE = 'another thing, whose words are partly the same';

/** `FILE NAME: UNION`, and why it may hold most of its members. */
const UNION_COPIES: Readonly<Record<string, string>> = {
  'src/account/columns.ts GROUPS: PARTS': PARTS_OF_SHEET,
  'src/lane/types.ts FIELD_ROLES: SIGNAL_PARTS': CHANCE,
  'src/management/profile-form.ts PaymentFieldType: FactType': CHANCE,
  'src/management/profile-form.ts CURSOR_TIMES: TIME_FORMATS': CHOICE,
  'src/page/metrics.ts overviewRows: RECORD_STATES': COUNTS,
  'src/page/overview.ts queue: RECORD_STATES': COUNTS,
  'src/delivery/request/platform-answer.ts receipt: MEANINGS': CHOICE,
  'src/delivery/request/record-facts.ts facts: RECORD_FACTS': FIELDS,
  'src/simulate/scenario/scenario-world.ts none: SIGNAL_PARTS': CHANCE,
  'src/simulate/simulate-detection.ts POINTS: ROLES': CHOICE,
  'src/store/record-states.ts OPEN_STATES: RECORD_STATES': CHOICE,
  'src/text/app.made.ts EDGES: ROLES': CHOICE,
  'src/text/grant-fates.made.ts ENDED: GRANT_STATUSES': TEXTS,
  'src/text/grant-fates.made.ts ENDED: PAYMENT_FATES': TEXTS,
  'src/text/intake.made.ts problemText: ProblemCode': TEXTS,
  'src/delivery/mqtt/broker.ts MqttFaultCode: MQTT_FAULTS': ALL_TEXTS,
  'src/lane/types.ts why: BLIND_CAUSE': ALL_TEXTS,
  'src/store/chain/chain.ts ChainBeginning: BEGINNINGS': ALL_TEXTS,
  'src/text/commands/cli.made.ts STORE: StoreCode': ALL_TEXTS,
  'src/text/page/server.made.ts JOB_WORD: JobKind': ALL_TEXTS,
  'src/text/store.made.ts STALLED_TEXT: Stall': ALL_TEXTS,
  'src/text/observation.made.ts BEGAN: BEGINNINGS': TEXTS,
  'src/text/observation.made.ts BEGAN: ChainBeginning': TEXTS,
  'src/cli/report/sheet-lines.ts sums: PARTS': PARTS_OF_SHEET,
  'src/cli/report/sheet-lines.ts sum: PARTS': PARTS_OF_SHEET,
  'src/config/schema/intake.ts knownVehicle: COLUMNS': FIELDS,
  'src/config/schema/mqtt.ts grantPointers: PAYMENT_FIELDS': FIELDS,
  'src/intake/park/car-types.ts CAR_TYPE_OF_KIND: GRANT_KINDS': CHOICE,
  'src/intake/park/vehicle-csv.ts READ: COLUMNS': FIELDS,
  'src/page/api/api-setup.ts car: DemoVehicle': PAGE,
  'src/page/routes/act-routes.ts car: DemoVehicle': PAGE,
  'src/sim/devices/board.ts USUAL_TERMINALS: ROLES': CHOICE,
  'src/sim/devices/board.ts USUAL_TERMINALS: SIGNAL_PARTS': CHANCE,
  'src/sim/worlds/worlds.ts MIX: TrueCause': CHOICE,
  'src/sim/worlds/worlds.ts KINDS: Kind': CHOICE,
  'src/simulate/scenario/scenario-file.ts grant: PAYMENT_FIELDS': FIELDS,
  'src/status/queue/queue-view.ts NO_QUEUE: RECORD_STATES': COUNTS,
  'src/status/queue/queue-view.ts queueBrief: RECORD_STATES': COUNTS,
  'src/text/page/account.made.ts GROUP: PARTS': TEXTS,
  'src/text/page/account.made.ts extra: VERDICT_ROWS': TEXTS,
  'src/text/page/ui-problem.made.ts uiProblemText: ProblemCode': TEXTS,
  'src/ui/account/account.tsx part: PARTS': PARTS_OF_SHEET,
  'src/ui/account/payments.tsx ALWAYS: GRANT_STATUSES': CHOICE,
  'src/ui/releases/filters.tsx MARKED: MARK_KINDS': CHOICE,
  'src/ui/wizard/wiring.tsx ACTIONS: SIGNAL_PARTS': CHANCE,
  'drivers/dahua/codec.ts colorOf: PLATE_COLORS': CHOICE,
};

/** `FILE KEY`, and why it may say the default again. */
const DEFAULT_COPIES: Readonly<Record<string, string>> = {
  'src/sim/devices/modbus-slave.ts unit': 'the simulated board must not share what it tests',
  'src/simulate/simulate-plan.ts unit': 'configurations of drivers are opaque to everybody but the driver',
};

function defaultCopies(all: readonly Source[]): string[] {
  const given = schemaDefaults(all);
  const again = fallbacks(all).filter((each) =>
    given.some(({ key, value }) => key === each.key && value === each.value),
  );
  return again.map(({ path, key }) => `${path} ${key}`);
}

it('no list holds most members of a union that stands elsewhere', () => {
  expectOnly(
    Object.keys(UNION_COPIES),
    copiesIn(sources),
    'derive it from the union, or type it as a Record of the whole; if it is a choice, give the reason here',
  );
});

it('no default of a key is written twice', () => {
  expectOnly(
    Object.keys(DEFAULT_COPIES),
    defaultCopies(sources),
    'a default stands in the schema of its key, and what reads the configuration has it already',
  );
});
