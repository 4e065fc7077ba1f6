/** A lane's day in the account as a large park has it: every column in every hour, three shifts. */
/** More than a park has in an hour. */
const COLUMNS = {
  opening: ['granted.paid', 'granted.monthly', 'granted.free', 'granted.relay', 'hand.button', 'hand.remote'],
  extra: ['tailgating', 'manual'],
  passage: [
    'covered.paid',
    'covered.monthly',
    'covered.free',
    'covered.relay',
    'reported.manual',
    'reported.tailgating',
  ],
  payment: ['used', 'used.ahead', 'usedLate', 'neverCame', 'elsewhere.ahead', 'ended.repeated'],
  told: ['lane', 'ahead'],
};
const OPERATORS = ['张三', '李四', '王五'];

export function busyDay(noonMs: number, passagesAnHour: number): Record<string, readonly [number, number]> {
  const rows: Record<string, readonly [number, number]> = {};
  for (let hour = 0; hour < 24; hour += 1)
    for (const [part, columns] of Object.entries(COLUMNS))
      for (const column of columns) {
        const shift = Math.floor(hour / 8);
        const key = [hour, OPERATORS[shift], part, column, noonMs + (8 * shift - 12) * 3_600_000].join('\t');
        rows[key] = [column === 'covered.paid' ? passagesAnHour : 1, 500];
      }
  return rows;
}
