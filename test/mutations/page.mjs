/** What roles and limits of time keep back. [file, rule, from, to] below src/page. */
export const PAGE = [
  [
    'routes/act-routes.ts',
    'maintenance has a longest time',
    "'minutes' in body && body.minutes > mostMinutes",
    'false',
  ],
  [
    'routes/watch-routes.ts',
    'an operator only asks',
    "return hasRight(role, 'auditor') && !accounts.isNew(user) ? 'both' : 'asks';",
    "return 'both';",
  ],
  [
    'routes/watch-routes.ts',
    'an auditor only agrees',
    "if (!hasRight(role, 'operator')) return hasRight(role, 'auditor') ? 'agrees' : 'asks';",
    '',
  ],
  [
    'api/rights.ts',
    'an auditor is no operator',
    "auditor: ['booth', 'viewer', 'office', 'auditor'],",
    "auditor: ['booth', 'viewer', 'office', 'operator', 'auditor'],",
  ],
  [
    'access/own-lanes.ts',
    'a booth asks for no other lane',
    'if (own !== undefined && !lanes.every((lane) => own.includes(lane)))',
    'if (false)',
  ],
  [
    'access/own-lanes.ts',
    'a booth hears of no other lane',
    'own.includes(event.data.laneId) ? event : undefined',
    'event',
  ],
  [
    'routes/watch-routes.ts',
    'a record is of a lane of the booth',
    'if (own !== undefined) requireOwn(own, [found(await page.box().record(id)).laneId]);',
    '',
  ],
  ['access/accounts.ts', 'lanes that cannot be read are not all lanes', '&& hasLanes && isKnown', '&& isKnown'],
  ['page-app.ts', 'a route has its role', 'if (!hasRight(who.role, route.role))', 'if (false)'],
];
