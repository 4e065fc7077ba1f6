/** Values for the examples in the interface's description: a body for each operation that takes one, and what stands for the names in a path. */

const PASSWORD = 'four unrelated green words';
const PIN = '482915';
const DUTY = { operator: '张三', pin: PIN };
const YAML = 'park: { uuid: "0123456789abcdef0123456789abcdef" }\n';

/** Of the documents. */
export const EXAMPLE_PAYMENT = 'PAY-20260501-000123';

/** By method and path. What is made or changed by it is what its words say. */
export const EXAMPLE_BODY: Readonly<Record<string, unknown>> = {
  'POST /api/v1/login': { user: 'USER', password: 'PASSWORD' },
  'POST /api/v1/logout': {},
  'POST /api/v1/setup': { code: 'ABCD-EFGH-JKLM-NPQR', user: 'installer', password: PASSWORD },
  'POST /api/v1/password': { old: 'PASSWORD', password: PASSWORD },
  'POST /api/v1/releases/{id}/report': {},
  'POST /api/v1/releases/{id}/dismiss': { why: '消防车' },
  'POST /api/v1/releases/{id}/retry': {},
  'POST /api/v1/releases/{id}/correct': { plate: '粤B12345', why: '车牌看错' },
  'POST /api/v1/queue/retry': {},
  'POST /api/v1/clock': { nowMs: 123456789, wallMs: 1795000000000, roundTripMs: 40 },
  'POST /api/v1/queue/pause': {},
  'POST /api/v1/queue/resume': {},
  'POST /api/v1/lanes/{id}/maintenance': { minutes: 30, reason: '换闸杆' },
  'POST /api/v1/waiting/agree': { id: 'as in the overview' },
  'POST /api/v1/waiting/withdraw': { id: 'as in the overview' },
  'POST /api/v1/demo': { car: 'paid' },
  'POST /api/v1/releases/mark': { ids: [1], kind: 'checked', reason: '施工' },
  'POST /api/v1/releases/decide': { ids: [1], verdict: 'owed' },
  'PUT /api/v1/review/reasons': { reasons: ['施工', '领导放行'] },
  'POST /api/v1/duty/sign-on': DUTY,
  'POST /api/v1/duty/sign-off': DUTY,
  'POST /api/v1/duty/affirm': {},
  'PUT /api/v1/duty/pins': DUTY,
  'POST /api/v1/config/check': { yaml: YAML },
  'POST /api/v1/config/rehearse': { yaml: YAML, system: 'booth' },
  'POST /api/v1/config/edit': { yaml: YAML, path: ['park', 'uuid'], value: 'fedcba9876543210fedcba9876543210' },
  'PUT /api/v1/config': { yaml: YAML, base: 'BASE-OF-GET' },
  'POST /api/v1/config/keep': {},
  'POST /api/v1/config/revert': {},
  'POST /api/v1/config/history/{id}/rollback': {},
  'POST /api/v1/jobs': { kind: 'diagnose' },
  'PUT /api/v1/commissioning/{lane}': { installer: '李四' },
  'POST /api/v1/backup': { passphrase: PASSWORD },
  'POST /api/v1/evidence/verify': {},
  'POST /api/v1/person/find': { plate: '粤B12345' },
  'POST /api/v1/person/export': { plate: '粤B12345' },
  'POST /api/v1/person/erase': { plate: '粤B12345', why: '本人要求' },
  'POST /api/v1/users': { user: 'eva', password: PASSWORD, role: 'viewer' },
  'PUT /api/v1/users/{user}/lanes': {},
  'POST /api/v1/tokens': { name: 'prometheus', scopes: ['metrics'] },
};

/** Things that this box has. Absent: none yet. */
export interface ExampleIds {
  readonly lane?: string | undefined;
  readonly release?: number | undefined;
  readonly history?: string | undefined;
}

/** `/api/v1/releases/{id}` with something that is there. */
export function examplePath(path: string, { lane = '1001', release = 1, history = '1' }: ExampleIds): string {
  const named: Readonly<Record<string, string>> = {
    ...{ lane, user: 'eva', name: 'prometheus', payment: EXAMPLE_PAYMENT },
    ...{ record: String(release), id: idOf(path) },
  };
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => named[name] ?? name);

  function idOf(of: string): string {
    if (of.startsWith('/api/v1/releases/')) return String(release);
    if (of.startsWith('/api/v1/lanes/')) return lane;
    return of.startsWith('/api/v1/jobs/') ? 'update' : history;
  }
}
