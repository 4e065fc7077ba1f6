/** Known vehicles as a CSV that a person exported or typed: in UTF-8 or GBK, with or without a head, in either language. */
import type { FieldError } from '../../http/problem.ts';
import { vehicleCsvText } from '../../text/duty.ts';
import type { VehicleMessage } from '../events.ts';
import { understandVehicle } from './park-messages.ts';

const FAULTS_MAX = 20;
/** In this order without a head. */
const COLUMNS = ['plate', 'kind', 'description', 'from', 'to', 'plateColor'] as const;
type Column = (typeof COLUMNS)[number];
const NAMES: Readonly<Record<string, Column>> = {
  ...Object.fromEntries(COLUMNS.map((name) => [name.toLowerCase(), name])),
  ...{
    车牌: 'plate',
    车牌号: 'plate',
    车牌号码: 'plate',
    类型: 'kind',
    车类: 'kind',
    说明: 'description',
    车类说明: 'description',
  },
  ...{
    备注: 'description',
    开始: 'from',
    开始日期: 'from',
    结束: 'to',
    结束日期: 'to',
    到期: 'to',
    有效期至: 'to',
    颜色: 'plateColor',
  },
};
const KINDS: Readonly<Record<string, VehicleMessage['kind']>> = {
  ...{ 月卡: 'season', 月租: 'season', 免费: 'free', 贵宾: 'free', 储值: 'storedValue', 其他: 'other', 其它: 'other' },
};
const COLORS: Readonly<Record<string, string>> = { 蓝: 'blue', 黄: 'yellow', 白: 'white', 黑: 'black', 绿: 'green' };

export interface VehicleList {
  readonly vehicles: readonly VehicleMessage[];
  /** Nothing is taken when there is one. `field`: the line and the column. */
  readonly faults: readonly FieldError[];
}

/** The same as JSON, a part of them in each slice. */
export interface VehicleSlices {
  readonly faults: readonly FieldError[];
  readonly count: number;
  readonly slices: readonly string[];
}

/** It takes seconds for the largest: never on the thread of the lanes. `most`: more lines are a fault. */
export function vehiclesFromCsv(bytes: Uint8Array, most: number): VehicleList {
  const lines = textOf(bytes).split(/\r\n|\n|\r/);
  const head = columnsOf(cells(lines[0] ?? ''));
  const columns = head ?? COLUMNS;
  const vehicles: VehicleMessage[] = [];
  const faults: FieldError[] = [];
  for (const [index, line] of lines.entries()) {
    if ((index === 0 && head !== undefined) || line.trim() === '') continue;
    if (vehicles.length >= most)
      return { vehicles, faults: [{ field: `${index + 1}`, message: vehicleCsvText.tooMany(most) }] };
    const checked = understandVehicle(vehicleOf(cells(line), columns), 'csv');
    if ('errors' in checked)
      faults.push(...checked.errors.map(({ field, message }) => ({ field: `${index + 1}: ${field}`, message })));
    else if (checked.data.event?.kind === 'vehicle') vehicles.push(checked.data.event.vehicle);
    if (faults.length >= FAULTS_MAX) break;
  }
  if (faults.length === 0 && vehicles.length === 0) faults.push({ field: '', message: vehicleCsvText.empty });
  return { vehicles, faults };
}

/** Excel in China saves GBK. */
function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}

/** undefined: it is no head. */
function columnsOf(names: readonly string[]): readonly (Column | undefined)[] | undefined {
  const columns = names.map((name) => NAMES[name.toLowerCase()]);
  return columns.includes('plate') ? columns : undefined;
}

/** RFC 4180 but for line breaks within quotes; a tab or a semicolon separates as well where there is no comma. */
function cells(line: string): readonly string[] {
  const separator = [',', '\t', ';'].find((each) => line.includes(each)) ?? ',';
  const found: string[] = [];
  let cell = '';
  let quoted = false;
  for (const [index, character] of [...line].entries()) {
    if (character === '"') {
      if (quoted && line[index + 1] === '"') cell += '"';
      quoted = !quoted;
    } else if (character === separator && !quoted) {
      found.push(cell.trim());
      cell = '';
    } else cell += character;
  }
  return [...found, cell.trim()];
}

function vehicleOf(
  line: readonly string[],
  columns: readonly (Column | undefined)[],
): Readonly<Record<string, string>> {
  const fields = columns.flatMap((column, index) => {
    const value = line[index] ?? '';
    return column === undefined || value === '' ? [] : [[column, READ[column]?.(value) ?? value] as const];
  });
  return Object.fromEntries(fields);
}

/** `2026/5/1` as Excel shows it. */
const day = (value: string): string => {
  const [, year, month = '', date = ''] = /^(\d{4})[/.年-](\d{1,2})[/.月-](\d{1,2})日?$/.exec(value) ?? [];
  return year === undefined ? value : `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`;
};

const READ: Readonly<Partial<Record<Column, (value: string) => string>>> = {
  kind: (value) => KINDS[value] ?? value,
  plateColor: (value) => COLORS[value.replace('色', '')] ?? value,
  from: day,
  to: day,
};
