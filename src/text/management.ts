/** Texts about management systems that are known by a profile: faults of their configuration, and log lines. Both languages; Chinese first. */
import type { FaultText } from './config.ts';
import * as table from './management.made.ts';
import type { Text } from './text.ts';

export { pullLog } from './management.made.ts';

export const systemFaultText = {
  ...table.systemFaultText,
  needs: {
    from: (): FaultText => ({
      message: {
        zh: '这个系统不签名也不带密钥，谁都能冒充它',
        en: 'this system neither signs nor sends a secret: anyone could pretend to be it',
      },
      hint: { zh: '写上它的地址：from: [192.168.1.20]', en: 'write its address: from: [192.168.1.20]' },
    }),
    url: (): FaultText => ({
      message: { zh: '没有写去哪里查', en: 'where to ask is missing' },
      hint: { zh: '加上 url: http://192.168.1.20:8080', en: 'add url: http://192.168.1.20:8080' },
    }),
    file: (): FaultText => ({
      message: { zh: '没有写读哪个文件', en: 'the file to read is missing' },
      hint: { zh: '加上 file: /mnt/booth/pay.csv', en: 'add file: /mnt/booth/pay.csv' },
    }),
    database: (): FaultText => ({
      message: { zh: '没有写读哪个数据库', en: 'the database to read is missing' },
      hint: {
        zh: '加上 database: { kind: mysql, host: …, name: …, user: …, password: { secret: … } }；SQLite 写 file',
        en: 'add database: { kind: mysql, host: …, name: …, user: …, password: { secret: … } }, or file for SQLite',
      },
    }),
  },
};

export const systemText = {
  ...table.systemText,
  ...table.systemText,
  noneToRehearse: (name: string, names: readonly string[]): Text => ({
    zh: `配置里没有去读的收费系统“${name}”；有：${names.join('、') || '无'}`,
    en: `the configuration reads no management system "${name}"; it reads ${names.join(', ') || 'none'}`,
  }),
  unsorted: (column: string, text: string, time: string | undefined): Text =>
    time === undefined
      ? { zh: `${column} 里的“${text}”不是整数，排不出先后`, en: `${column} is no whole number to sort by: ${text}` }
      : {
          zh: `${column} 里的“${text}”不是时间（模板写 ${time}），或者是数据库排不出先后的文字`,
          en: `${column} is no time (${time}), or a text that the database does not sort by time: ${text}`,
        },
};

/** What the words of a server or a driver mean, and what to do; the first that fits. */
const READ_FAULTS: readonly (readonly [RegExp, what: Text, todo: Text])[] = [
  [
    /certificate|encrypt/i,
    { zh: '加密的连接没有建立', en: 'there is no encrypted connection' },
    { zh: '照下面的原话核对 database.tls 和 ca', en: 'check database.tls and ca, as the words below say' },
  ],
  [
    /command denied|permission denied|permission was denied/i,
    { zh: '这个用户没有读它的权限', en: 'this user may not read it' },
    { zh: '让管理员给它读的权限：GRANT SELECT ON 视图 TO 用户', en: 'have it granted: GRANT SELECT ON view TO user' },
  ],
  [
    /unknown database|database .* does not exist|cannot open database/i,
    { zh: '服务器上没有这个数据库', en: 'the server has no database of this name' },
    { zh: '核对 database.name', en: 'check database.name' },
  ],
  [
    /access denied|authentication failed|login failed|no pg_hba|is not allowed to connect/i,
    {
      zh: '用户、密码或数据库名不对，或这个用户不能从本机的地址登录',
      en: 'user, password or the name of the database is wrong, or this user may not log in from here',
    },
    {
      zh: '核对 database.user、密码和 database.name；MySQL 的用户要准许本机的地址',
      en: 'check database.user, the password and database.name; a user of MySQL must be allowed from the address of this box',
    },
  ],
  [
    /unknown column|no such column|column .* does not exist|invalid column/i,
    { zh: '表里没有模板写的一列', en: 'the table lacks a column that the profile names' },
    {
      zh: '把视图的列名改成模板要的，或改模板',
      en: 'name the columns of the view as the profile has them, or change the profile',
    },
  ],
  [
    /doesn't exist|no such table|relation .* does not exist|invalid object name/i,
    { zh: '没有模板写的那个表或视图', en: 'the table or view of the profile is not there' },
    {
      zh: '在数据库里建这个视图，或改模板的 sql.table',
      en: 'create the view in the database, or change sql.table of the profile',
    },
  ],
  [
    /ENOENT|unable to open database|directory does not exist/i,
    { zh: '没有这个文件，或本机打不开', en: 'the file is not there, or cannot be opened' },
    { zh: '核对 file；共享目录要先挂载', en: 'check file; a share has to be mounted first' },
  ],
  [
    /EACCES|EPERM/,
    { zh: '本机没有读这个文件的权限', en: 'this box may not read the file' },
    { zh: '让用户 lanewarden 能读它', en: 'let the user lanewarden read it' },
  ],
  [
    /ECONNREFUSED/,
    { zh: '那个地址的这个端口没有程序在听', en: 'nothing listens at this port of that address' },
    {
      zh: '核对地址和端口；数据库要运行着，并允许从网络连接',
      en: 'check address and port; the database must run and allow connections from the network',
    },
  ],
  [
    /ENOTFOUND|EAI_AGAIN/,
    { zh: '查不到这个名字的地址', en: 'this host name has no address' },
    { zh: '核对名字，或直接写 IP 地址', en: 'check the name, or write the IP address' },
  ],
  [
    /ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|timed? ?out|no answer/i,
    { zh: '那个地址没有应答', en: 'that address does not answer' },
    { zh: '核对地址、网线和防火墙', en: 'check the address, the cable and the firewall' },
  ],
  [
    /^HTTP 40[13]/,
    { zh: '对方不认密钥或令牌', en: 'it does not take the secret or token' },
    { zh: '核对 secrets', en: 'check secrets' },
  ],
  [
    /^HTTP \d/,
    { zh: '对方答了错误', en: 'it answered with an error' },
    { zh: '核对 url 和模板里的 rest.path', en: 'check url, and rest.path of the profile' },
  ],
  [
    / is no /,
    {
      zh: '判断新旧的那一列不是模板写的形式',
      en: 'the column that tells old from new is not in the form of the profile',
    },
    {
      zh: '时间存成文字的，在视图里换成时间（MySQL：STR_TO_DATE，SQL Server：CONVERT(datetime, …)，PostgreSQL：to_timestamp，SQLite：2026-01-02 03:04:05 这样的文字）；或改模板的 cursor：换一列，或改 time',
      en: 'where times are stored as text, make the view give times (MySQL: STR_TO_DATE, SQL Server: CONVERT(datetime, …), PostgreSQL: to_timestamp, SQLite: text such as 2026-01-02 03:04:05); or change cursor of the profile: another column, or its time',
    },
  ],
];

export function readFaultText(detail: Text): { readonly what: Text; readonly todo: Text } {
  const [, what, todo] = READ_FAULTS.find(([form]) => form.test(detail.en)) ?? [
    undefined,
    { zh: '读不到', en: 'it cannot be read' },
    { zh: '把下面的原话给系统的厂家看', en: 'show the words below to the vendor of the system' },
  ];
  return { what, todo };
}
