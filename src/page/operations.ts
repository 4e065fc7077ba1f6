/**
 * Every operation of the page's interface: the role that may, the scope by which a token may too, and what is answered (a type of `api/`, `[]` behind it for a
 * list, or a media type). Its words are in `src/text/page/server.txt` under its name; its handler is in `routes/`.
 */
import type { TokenScope } from '../http/token-scopes.ts';
import type { Right } from './api/api.ts';

/** `anyone`: without a session, and before there is a user. `setup`: only while there is no user. */
export type RouteRole = Right | 'anyone' | 'setup';

interface Facts {
  readonly role: RouteRole;
  /** Of tokens that may, too, or that of an operation for anyone see more. Never of what changes the configuration, a lane or a user, or gives out a secret. */
  readonly scope?: TokenScope;
  readonly answers: string;
}

export const OPERATIONS = {
  'GET /api/v1/session': { role: 'anyone', answers: 'SessionInfo' },
  'POST /api/v1/login': { role: 'anyone', answers: 'SessionInfo' },
  'POST /api/v1/logout': { role: 'anyone', answers: 'SessionInfo' },
  'POST /api/v1/setup': { role: 'setup', answers: 'SessionInfo' },
  'POST /api/v1/password': { role: 'booth', answers: 'SessionInfo' },
  'POST /api/v1/setup/restore': { role: 'setup', answers: 'SessionInfo' },

  'GET /api/v1/overview': { role: 'booth', scope: 'read', answers: 'Overview' },
  'GET /api/v1/live': { role: 'booth', scope: 'read', answers: 'text/event-stream' },
  'GET /api/v1/releases/{id}/timeline': { role: 'viewer', scope: 'read', answers: 'Timeline' },
  'GET /api/v1/queue': { role: 'viewer', scope: 'read', answers: 'QueueView' },
  'GET /api/v1/intake': { role: 'viewer', scope: 'read', answers: 'IntakeView' },
  'GET /api/v1/pushes': { role: 'viewer', scope: 'read', answers: 'PushesView' },
  'GET /api/v1/pushes/{push}/capture': { role: 'operator', scope: 'read', answers: 'application/json' },
  'GET /api/v1/observations': { role: 'viewer', scope: 'read', answers: 'ObservationList' },
  'GET /api/v1/evidence': { role: 'viewer', scope: 'read', answers: 'EvidenceView' },
  'GET /api/v1/account': { role: 'booth', scope: 'read', answers: 'DaySheetView' },
  'GET /api/v1/account.csv': { role: 'viewer', scope: 'read', answers: 'text/csv' },
  'GET /api/v1/account/month': { role: 'viewer', scope: 'read', answers: 'MonthSheetView' },
  'GET /api/v1/account/month.csv': { role: 'viewer', scope: 'read', answers: 'text/csv' },
  'GET /api/v1/account/trend.svg': { role: 'booth', scope: 'read', answers: 'image/svg+xml' },
  // Money of all lanes: not for a booth.
  'GET /api/v1/payments': { role: 'viewer', scope: 'read', answers: 'PaymentSheetView' },
  'GET /api/v1/payments.csv': { role: 'viewer', scope: 'read', answers: 'text/csv' },
  'GET /api/v1/payments/{payment}': { role: 'viewer', scope: 'read', answers: 'PaymentFateView' },
  'GET /api/v1/signals': { role: 'viewer', scope: 'read', answers: 'SignalsView' },

  'GET /api/v1/releases': { role: 'booth', scope: 'read', answers: 'ReleaseList' },
  'GET /api/v1/releases/{id}': { role: 'booth', scope: 'read', answers: 'ReleaseDetail' },
  'GET /api/v1/releases/{id}/picture': { role: 'booth', scope: 'read', answers: 'image/jpeg' },
  'GET /api/v2/releases': { role: 'viewer', scope: 'read', answers: 'ReleasePage' },
  'GET /api/v2/releases/{record}': { role: 'viewer', scope: 'read', answers: 'Release' },
  'GET /api/v2/releases/{record}/picture': { role: 'viewer', scope: 'read', answers: 'image/jpeg' },
  'POST /api/v1/releases/{id}/report': { role: 'operator', scope: 'act', answers: 'ReleaseDetail' },
  'POST /api/v1/releases/{id}/dismiss': { role: 'office', answers: 'ReleaseDetail' },
  'POST /api/v1/releases/{id}/retry': { role: 'operator', scope: 'act', answers: 'ReleaseDetail' },
  'POST /api/v1/releases/{id}/correct': { role: 'operator', answers: 'ReleaseDetail' },
  'GET /api/v1/releases.csv': { role: 'viewer', scope: 'read', answers: 'text/csv' },
  'POST /api/v1/queue/retry': { role: 'operator', scope: 'act', answers: 'RetriedCount' },
  'POST /api/v1/queue/pause': { role: 'operator', answers: 'QueueView' },
  'POST /api/v1/queue/resume': { role: 'operator', answers: 'QueueView' },
  'POST /api/v1/lanes/{id}/maintenance': { role: 'operator', answers: 'LaneLive' },
  'GET /api/v1/demo': { role: 'operator', answers: 'DemoFaults' },
  'POST /api/v1/demo': { role: 'operator', answers: 'Nothing' },

  'GET /api/v1/releases/{id}/review': { role: 'booth', scope: 'read', answers: 'ReviewView' },
  'POST /api/v1/releases/mark': { role: 'operator', scope: 'act', answers: 'MarkedRecords' },
  'POST /api/v1/releases/decide': { role: 'office', answers: 'DecidedRecords' },
  'GET /api/v1/review/reasons': { role: 'viewer', scope: 'read', answers: 'ReasonList' },
  'PUT /api/v1/review/reasons': { role: 'operator', answers: 'ReasonList' },
  'GET /api/v1/duty': { role: 'booth', scope: 'read', answers: 'DutyView' },
  'POST /api/v1/duty/sign-on': { role: 'booth', answers: 'DutyView' },
  'POST /api/v1/duty/sign-off': { role: 'booth', answers: 'DutyView' },
  'POST /api/v1/duty/affirm': { role: 'booth', answers: 'DutyView' },
  'PUT /api/v1/duty/pins': { role: 'operator', answers: 'DutyView' },
  'PUT /api/v1/vehicles': { role: 'operator', answers: 'VehicleCsvResult' },

  'GET /api/v1/config': { role: 'auditor', answers: 'ConfigView' },
  'GET /api/v1/config/schema': { role: 'auditor', answers: 'application/schema+json' },
  'POST /api/v1/config/check': { role: 'installer', answers: 'ConfigCheck' },
  'POST /api/v1/config/rehearse': { role: 'installer', answers: 'Job' },
  'POST /api/v1/config/edit': { role: 'installer', answers: 'EditedYaml' },
  'PUT /api/v1/config': { role: 'installer', answers: 'Job' },
  'POST /api/v1/config/keep': { role: 'installer', answers: 'ConfigView' },
  'POST /api/v1/config/revert': { role: 'installer', answers: 'ConfigView' },
  'GET /api/v1/config/history': { role: 'auditor', answers: 'HistoryRow[]' },
  'GET /api/v1/config/history/{id}': { role: 'auditor', answers: 'HistoryYaml' },
  'POST /api/v1/config/history/{id}/rollback': { role: 'installer', answers: 'Job' },
  'POST /api/v1/waiting/agree': { role: 'auditor', answers: 'Job' },
  'POST /api/v1/waiting/withdraw': { role: 'office', answers: 'Overview' },

  'GET /api/v1/jobs': { role: 'office', answers: 'Job[]' },
  'POST /api/v1/jobs': { role: 'operator', answers: 'Job' },
  'GET /api/v1/jobs/{id}': { role: 'office', answers: 'Job' },
  'DELETE /api/v1/jobs/{id}': { role: 'office', answers: 'Job' },
  'GET /api/v1/jobs/{id}/picture': { role: 'office', answers: 'image/jpeg' },
  'GET /api/v1/ports': { role: 'installer', answers: 'PortRow[]' },
  'GET /api/v1/commissioning': { role: 'installer', answers: 'CommissioningChoices' },
  'GET /api/v1/commissioning/{lane}': { role: 'auditor', answers: 'AcceptanceSheet' },
  'PUT /api/v1/commissioning/{lane}': { role: 'installer', answers: 'AcceptanceSheet' },
  'DELETE /api/v1/commissioning/{lane}': { role: 'installer', answers: 'AcceptanceSheet' },
  'GET /api/v1/commissioning/{lane}/picture': { role: 'installer', answers: 'image/jpeg' },

  'GET /api/v1/backup': { role: 'installer', answers: 'application/zip' },
  'POST /api/v1/backup': { role: 'installer', answers: 'application/zip' },
  'GET /api/v1/queue/export': { role: 'office', answers: 'application/zip' },
  'GET /api/v1/support': { role: 'installer', answers: 'application/zip' },
  'GET /api/v1/account.zip': { role: 'viewer', scope: 'read', answers: 'application/zip' },
  'GET /api/v1/releases/{id}/evidence': { role: 'auditor', answers: 'application/zip' },
  'POST /api/v1/evidence/verify': { role: 'office', answers: 'Job' },
  'POST /api/v1/restore': { role: 'installer', answers: 'Job' },
  'POST /api/v1/person/find': { role: 'auditor', answers: 'PersonLines' },
  'POST /api/v1/person/export': { role: 'auditor', answers: 'application/zip' },
  'POST /api/v1/person/erase': { role: 'installer', answers: 'PersonLines' },
  'GET /api/v1/update': { role: 'installer', answers: 'UpdateView' },
  'POST /api/v1/update': { role: 'installer', answers: 'Job' },
  'GET /api/v1/provision': { role: 'installer', answers: 'ProvisionView' },
  'POST /api/v1/provision/look': { role: 'installer', answers: 'ProvisionLook' },
  'POST /api/v1/provision': { role: 'installer', answers: 'Job' },
  'GET /api/v1/clock': { role: 'installer', answers: 'ClockView' },
  'POST /api/v1/clock': { role: 'installer', answers: 'ClockView' },

  'GET /api/v1/users': { role: 'auditor', answers: 'UserRow[]' },
  'POST /api/v1/users': { role: 'installer', answers: 'UserRow[]' },
  'PUT /api/v1/users/{user}/lanes': { role: 'installer', answers: 'UserRow[]' },
  'DELETE /api/v1/users/{user}': { role: 'installer', answers: 'UserRow[]' },
  'GET /api/v1/tokens': { role: 'auditor', answers: 'TokenRow[]' },
  'POST /api/v1/tokens': { role: 'installer', answers: 'NewToken' },
  'DELETE /api/v1/tokens/{name}': { role: 'installer', answers: 'TokenRow[]' },
  'GET /api/v1/log': { role: 'office', answers: 'LogRow[]' },
  'GET /api/v1/audit': { role: 'auditor', answers: 'AuditRow[]' },
  'GET /api/v1/about': { role: 'viewer', scope: 'read', answers: 'About' },
  'GET /api/v1/label': { role: 'installer', answers: 'LabelView' },
  'GET /healthz': { role: 'anyone', answers: 'Health' },
  'GET /readyz': { role: 'anyone', scope: 'metrics', answers: 'Readiness' },
  'GET /metrics': { role: 'viewer', scope: 'metrics', answers: 'text/plain' },
  'GET /api/openapi.json': { role: 'viewer', scope: 'read', answers: 'application/json' },
} as const satisfies Readonly<Record<string, Facts>>;

export type Operation = keyof typeof OPERATIONS;
/** As of any, not of this one. */
export const factsOf = (operation: Operation): Facts => OPERATIONS[operation];
