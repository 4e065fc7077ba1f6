/**
 * Connections to databases for reading, each with a library of its field, loaded when one is configured. Wherever the server has it, the session
 * itself is read-only, and no statement waits or runs for long. It runs in the reading thread.
 */
import { OutwardSocket, openTcp } from '../../outward/outward.ts';
import { serverSocket, verifiedName, Wire } from './encryption.ts';
import type { DatabaseSource, SourceRow } from './source.ts';
import type { Statement } from './statements.ts';

export interface DatabaseConnection {
  read(statement: Statement): Promise<readonly SourceRow[]>;
  close(): void;
}

const CONNECT_MS = 10_000;
const STATEMENT_MS = 10_000;
const LOCK_MS = 1_000;
const PROGRAM = 'lanewarden';
const MYSQL_PORT = 3_306;
const SQL_SERVER_PORT = 1_433;

export async function openSourceDatabase(source: DatabaseSource): Promise<DatabaseConnection> {
  const wire = new Wire();
  const { read, close } = await wire.limited(() => OPEN[source.dialect](source, wire));
  return { read: (statement) => wire.limited(() => read(statement)), close };
}

type Open = (source: DatabaseSource, wire: Wire) => Promise<DatabaseConnection>;
const OPEN: Readonly<Record<DatabaseSource['dialect'], Open>> = {
  mysql: openMysql,
  postgres: openPostgres,
  sqlserver: openSqlServer,
  sqlite: openSqlite,
};

async function openMysql(source: DatabaseSource, wire: Wire): Promise<DatabaseConnection> {
  const { host, port = MYSQL_PORT, database, user, password, tls, ca } = source;
  const { createConnection } = await import('mysql2/promise');
  const connection = await createConnection({
    ...{ database, user, password, connectTimeout: CONNECT_MS, charset: 'utf8mb4' },
    // The library verifies the name that it is given; the socket goes to the address itself.
    ...{ host: verifiedName(host), stream: () => wire.over(openTcp({ purpose: 'database' }, { host, port })) },
    ...(tls && { ssl: { rejectUnauthorized: true, verifyIdentity: true, ...(ca !== undefined && { ca }) } }),
    // All as text, as it stands in the row.
    ...{ dateStrings: true, supportBigNumbers: true, bigNumberStrings: true },
    typeCast: (field) => field.string(),
    // Neither files of this machine nor several statements in one.
    flags: ['-LOCAL_FILES', '-MULTI_STATEMENTS'],
  });
  // A lost connection is told by the next read.
  connection.on('error', () => undefined);
  const run = (text: string, values: readonly string[] = []) =>
    connection.query({ sql: text, values: [...values], timeout: STATEMENT_MS });
  await run('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED, READ ONLY');
  await run(
    `SET SESSION lock_wait_timeout = ${LOCK_MS / 1_000}, SESSION innodb_lock_wait_timeout = ${LOCK_MS / 1_000}`,
  );
  await run("SET SESSION time_zone = '+08:00'");
  return {
    read: async ({ text, values }) => {
      const [rows] = await run(text, values);
      return (rows as Record<string, unknown>[]).map(textRow);
    },
    close: () => connection.destroy(),
  };
}

async function openPostgres(source: DatabaseSource, wire: Wire): Promise<DatabaseConnection> {
  const { host, port, database, user, password, tls, ca } = source;
  const { default: postgres } = await import('pg');
  const client = new postgres.Client({
    ...{ host, database, user, password, connectionTimeoutMillis: CONNECT_MS, query_timeout: STATEMENT_MS },
    ...(port !== undefined && { port }),
    stream: () => wire.over(new OutwardSocket({ purpose: 'database' })),
    ...(tls && { ssl: { rejectUnauthorized: true, ...(ca !== undefined && { ca }) } }),
    application_name: PROGRAM,
    options: [
      'default_transaction_read_only=on',
      `statement_timeout=${STATEMENT_MS}`,
      `lock_timeout=${LOCK_MS}`,
      'DateStyle=ISO',
      'TimeZone=Asia/Shanghai',
    ]
      .map((setting) => `-c ${setting}`)
      .join(' '),
    types: { getTypeParser: () => (text: string) => text },
  });
  client.on('error', () => undefined);
  await client.connect();
  return {
    read: async ({ text, values }) => {
      const { rows } = await client.query<Record<string, unknown>>(text, [...values]);
      return rows.map(textRow);
    },
    close: () => void client.end().catch(() => undefined),
  };
}

async function openSqlServer(source: DatabaseSource, wire: Wire): Promise<DatabaseConnection> {
  const { host, port = SQL_SERVER_PORT, database, user, password, tls, ca } = source;
  const { default: tedious } = await import('tedious');
  const { Connection, Request, TYPES } = tedious;
  const connection = new Connection({
    server: host,
    authentication: { type: 'default', options: { userName: user, password } },
    options: {
      ...{ database, appName: PROGRAM, connectTimeout: CONNECT_MS, requestTimeout: STATEMENT_MS },
      connector: async () => wire.over(await serverSocket(host, port, tls)),
      // Servers of 2008 and 2012 speak no TLS that Node speaks today.
      ...{ encrypt: tls, trustServerCertificate: false, serverName: verifiedName(host) },
      ...(ca !== undefined && { cryptoCredentialsDetails: { ca } }),
      ...{ readOnlyIntent: true, useUTC: true, rowCollectionOnRequestCompletion: true },
    },
  });
  connection.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => connection.connect((error) => (error ? reject(error) : resolve())));
  const run = (text: string, values: readonly string[] = []): Promise<readonly SourceRow[]> =>
    new Promise((resolve, reject) => {
      const request = new Request(
        text,
        (error, _count, rows: { metadata: { colName: string }; value: unknown }[][]) => {
          if (error) reject(error);
          else
            resolve(
              (rows ?? []).map((row) =>
                textRow(Object.fromEntries(row.map(({ metadata, value }) => [metadata.colName, value]))),
              ),
            );
        },
      );
      for (const [index, value] of values.entries()) request.addParameter(`v${index + 1}`, TYPES.NVarChar, value);
      if (values.length === 0) connection.execSqlBatch(request);
      else connection.execSql(request);
    });
  await run('SET TRANSACTION ISOLATION LEVEL READ COMMITTED');
  await run(`SET LOCK_TIMEOUT ${LOCK_MS}`);
  await run('SET DEADLOCK_PRIORITY LOW');
  await run('SET DATEFORMAT ymd');
  return { read: ({ text, values }) => run(text, values), close: () => connection.close() };
}

async function openSqlite({ file }: DatabaseSource): Promise<DatabaseConnection> {
  const { default: Database } = await import('better-sqlite3');
  const database = new Database(file, { readonly: true, fileMustExist: true, timeout: LOCK_MS });
  database.pragma('query_only = ON');
  database.defaultSafeIntegers(true);
  return {
    read: async ({ text, values }) => (database.prepare(text).all(...values) as Record<string, unknown>[]).map(textRow),
    close: () => database.close(),
  };
}

function textRow(row: Readonly<Record<string, unknown>>): SourceRow {
  return Object.fromEntries(
    Object.entries(row).flatMap(([name, value]) =>
      value === null || value === undefined ? [] : [[name, textOf(value)]],
    ),
  );
}

function textOf(value: unknown): string {
  // Of SQL Server: the time as it stands in the row.
  if (value instanceof Date) return value.toISOString().replace('T', ' ').replace('Z', '');
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  return typeof value === 'boolean' ? String(Number(value)) : String(value);
}
