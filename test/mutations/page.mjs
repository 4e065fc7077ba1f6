/** What roles and limits of time keep back. [file, rule, from, to] below src/page. */
export const PAGE = [
  [
    'routes/act-routes.ts',
    'maintenance has a longest time',
    "'minutes' in body && body.minutes > mostMinutes",
    'false',
  ],
  [
    'routes/act-routes.ts',
    'an operator only asks',
    "return hasRight(role, 'auditor') ? 'both' : 'asks';",
    "return 'both';",
  ],
  ['routes/act-routes.ts', 'an auditor only agrees', "if (!hasRight(role, 'operator')) return 'agrees';", ''],
  [
    'api/rights.ts',
    'an auditor is no operator',
    "auditor: ['booth', 'viewer', 'office', 'auditor'],",
    "auditor: ['booth', 'viewer', 'office', 'operator', 'auditor'],",
  ],
  ['page-app.ts', 'a route has its role', 'if (!hasRight(who.role, route.role))', 'if (false)'],
];
