/**
 * The public shape of a release, by programs that are not ours: validators of OpenAPI and AsyncAPI, and clients in five languages, generated from
 * `lanewarden schema --release json-schema`, which read what a running box sent over MQTT, by webhook and at its page.
 */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { FetchingJSONSchemaStore, InputData, JSONSchemaInput, type LanguageName, quicktype } from 'quicktype-core';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { confirmConfigured } from '../../confirmed-peers.ts';
import { PASSWORD, startBroker, USER } from '../../intake/broker.ts';
import { LONGEST_WAIT_MS } from '../../longest-wait.ts';
import { faultsOf, type Schema, type Schemas } from '../../page/client/json-schema.ts';
import { pageBox } from '../../page/page-box.ts';
import { SECRET } from './receivers.ts';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../../..');
/** Messages of one release, as they came. */
const FILES = ['mqtt.json', 'webhook.json', 'page.json'] as const;

let folder: string;
let ends: (() => unknown)[] = [];
const published: { readonly topic: string; readonly payload: Buffer }[] = [];
const first = (what: string): Buffer | undefined => published.find(({ topic }) => topic.endsWith(`/${what}`))?.payload;
/** What each client is to print. */
let expected: string;

interface Got {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

async function printed(form: string): Promise<string> {
  const words = ['dist/src/main.js', 'schema', '--release', form, '--lang', 'en'];
  return (await run(process.execPath, words, { cwd: ROOT, maxBuffer: 2_000_000 })).stdout;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lanewarden-contract-'));
  for (const form of ['json-schema', 'openapi', 'asyncapi']) writeFileSync(join(folder, form), await printed(form));
  const posts: Got[] = [];
  const far = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      posts.push({ headers: request.headers as Record<string, string>, body: Buffer.concat(parts) });
      response.end();
    });
  }).listen(0, '127.0.0.1');
  await once(far, 'listening');
  const broker = await startBroker();
  const { client } = await broker.publisher();
  client.on('message', (topic, payload) => published.push({ topic, payload }));
  await client.subscribeAsync('lanewarden/#', { qos: 1 });
  const url = `http://127.0.0.1:${(far.address() as AddressInfo).port}/`;
  const box = await pageBox({
    speed: 3,
    prepare: async (file) => {
      appendFileSync(
        join(dirname(file), 'secrets.yaml'),
        `office.signing: "${SECRET}"\npublish.broker: "${PASSWORD}"\n`,
      );
      const mqtt = `mqtt: { enabled: true, url: "mqtt://127.0.0.1:${broker.port}", user: ${USER}, password: { secret: publish.broker } }`;
      const office = `{ name: office, kind: webhook, url: "${url}", secret: { secret: office.signing }, picture: second-request, takes: { facts: [release] } }`;
      appendFileSync(file, `publish:\n  ${mqtt}\ndestinations:\n  - ${office}\n`);
      await confirmConfigured(file);
    },
  });
  ends = [() => box.close(), () => broker.close(), () => far.close()];
  const token = (
    await box.ask('POST', '/api/v1/tokens', {
      cookie: await box.as('installer'),
      body: { name: 'client', scopes: ['read'] },
    })
  ).json.token;
  box.park.controls.send('manual');
  const library = new Webhook(SECRET);
  const picture = (): Got | undefined => posts.find(({ headers }) => headers['content-type'] === 'image/jpeg');
  await vi.waitFor(
    () => expect([first('release'), first('heartbeat'), first('state'), picture()].includes(undefined)).toBe(false),
    LONGEST_WAIT_MS,
  );
  const [event] = posts as [Got];
  library.verify(event.body, event.headers);
  library.verify(picture()?.headers['lanewarden-digest'] ?? '', picture()?.headers ?? {});
  const page = await box.ask('GET', '/api/v2/releases?limit=1', { headers: { authorization: `Bearer ${token}` } });
  const sent = { 'mqtt.json': first('release'), 'webhook.json': event.body, 'page.json': Buffer.from(page.text) };
  for (const name of FILES) writeFileSync(join(folder, name), sent[name] as Buffer);
  const { id, record } = JSON.parse(String(first('release'))) as { readonly id: string; readonly record: number };
  expected = `${id} ${record} sure\n`.repeat(FILES.length);
  const one = await box.ask('GET', `/api/v2/releases/${record}`, { headers: { authorization: `Bearer ${token}` } });
  expect(one.json).toMatchObject({ id, record });
});

afterAll(async () => {
  for (const end of ends) await end();
  rmSync(folder, { recursive: true, force: true });
});

/** The generated code, and what a programmer writes around it. */
async function generated(lang: LanguageName, rendererOptions: Readonly<Record<string, string | boolean>>) {
  const input = new JSONSchemaInput(new FetchingJSONSchemaStore());
  const schema = readFileSync(join(folder, 'json-schema'), 'utf8');
  await input.addSource({ name: 'Lanewarden', uris: ['#/$defs/'], schema });
  const inputData = new InputData();
  inputData.addInput(input);
  return (await quicktype({ inputData, lang, rendererOptions })).lines.join('\n');
}

const JACKSON = ['core', 'annotations', 'databind'].map((part) => `/usr/share/java/jackson-${part}.jar`).join(':');

interface Client {
  readonly options: Readonly<Record<string, string | boolean>>;
  /** By name, of the generated text. */
  readonly files: (text: string) => Readonly<Record<string, string>>;
  readonly make: readonly (readonly string[])[];
  readonly run: readonly string[];
}

const CLIENTS: Readonly<Partial<Record<LanguageName, Client>>> = {
  java: {
    options: { package: 'release' },
    files: (text) => ({
      ...Object.fromEntries(
        [...text.matchAll(/^\/\/ (\w+\.java)\n([\s\S]*?)(?=^\/\/ \w+\.java\n|$(?![\s\S]))/gm)].map(
          ([, name, part = '']) => [
            `release/${name}`,
            // Debian's Jackson declares that writing may throw an IOException.
            part.replaceAll('throws JsonProcessingException', 'throws IOException'),
          ],
        ),
      ),
      'Main.java': `import java.nio.file.*;
import release.*;
public class Main {
  static String read(String file) throws Exception { return Files.readString(Path.of(file)); }
  public static void main(String[] files) throws Exception {
    Release[] all = { Converter.ReleaseFromJsonString(read(files[0])), Converter.ReleaseEventFromJsonString(read(files[1])).getData(),
      Converter.ReleasePageFromJsonString(read(files[2])).getItems().get(0) };
    for (Release each : all) System.out.println(each.getID() + " " + each.getRecord() + " " + each.getConfidence().toValue());
  }
}`,
    }),
    make: [['javac', '-encoding', 'UTF-8', '-cp', `${JACKSON}:.`, 'Main.java']],
    run: ['java', '-cp', `${JACKSON}:.`, 'Main'],
  },
  // For the JSON of the framework itself: it takes members whatever their case.
  csharp: {
    options: { 'just-types': true, 'array-type': 'list', 'csharp-version': '6', namespace: 'Lanewarden' },
    files: (text) => ({
      'Release.cs': `using System; using System.Collections.Generic;\n${text}`,
      'Main.cs': `using System; using System.IO; using System.Web.Script.Serialization; using Lanewarden;
class Program {
  static T Read<T>(string file) { return new JavaScriptSerializer().Deserialize<T>(File.ReadAllText(file)); }
  static void Main(string[] files) {
    foreach (var each in new[] { Read<Release>(files[0]), Read<ReleaseEvent>(files[1]).Data, Read<ReleasePage>(files[2]).Items[0] })
      Console.Write(each.Id + " " + each.Record + " " + each.Confidence.ToString().ToLower() + "\\n");
  }
}`,
    }),
    make: [['mcs', '-r:System.Web.Extensions', '-out:client.exe', 'Main.cs', 'Release.cs']],
    run: ['mono', 'client.exe'],
  },
  go: {
    options: { package: 'main' },
    files: (text) => ({
      'release.go': text,
      'go.mod': 'module client\n\ngo 1.19\n',
      'main.go': `package main
import ("fmt"; "os")
func read[T any](file string, parse func([]byte) (T, error)) T {
  text, err := os.ReadFile(file)
  if err != nil { panic(err) }
  value, err := parse(text)
  if err != nil { panic(err) }
  return value
}
func main() {
  files := os.Args[1:]
  all := []Release{read(files[0], UnmarshalRelease), read(files[1], UnmarshalReleaseEvent).Data, read(files[2], UnmarshalReleasePage).Items[0]}
  for _, each := range all { fmt.Println(each.ID, *each.Record, each.Confidence) }
}`,
    }),
    make: [['go', 'build', '-o', 'client', '.']],
    run: ['./client'],
  },
  python: {
    options: { 'python-version': '3.7' },
    files: (text) => ({
      'release.py': text,
      'main.py': `import json, sys
from release import release_event_from_dict, release_from_dict, release_page_from_dict
mqtt, webhook, page = (json.load(open(file, encoding="utf-8")) for file in sys.argv[1:])
for each in (release_from_dict(mqtt), release_event_from_dict(webhook).data, release_page_from_dict(page).items[0]):
    print(each.id, each.record, each.confidence.value)
`,
    }),
    make: [['/usr/bin/python3', '-m', 'py_compile', 'release.py', 'main.py']],
    run: ['/usr/bin/python3', 'main.py'],
  },
  typescript: {
    options: {},
    files: (text) => ({
      'release.ts': text,
      'package.json': '{ "type": "module" }',
      'main.ts': `import { readFileSync } from 'node:fs';
import { Convert } from './release.js';
const [mqtt = '', webhook = '', page = ''] = process.argv.slice(2).map((file) => readFileSync(file, 'utf8'));
for (const each of [Convert.toRelease(mqtt), Convert.toReleaseEvent(webhook).data, Convert.toReleasePage(page).items[0]])
  console.log(each?.id, each?.record, each?.confidence);
`,
    }),
    make: [
      [
        ...[process.execPath, join(ROOT, 'node_modules/typescript/bin/tsc'), '--strict', '--module', 'nodenext'],
        ...['--types', 'node', '--typeRoots', join(ROOT, 'node_modules/@types'), 'main.ts'],
      ],
    ],
    run: [process.execPath, 'main.js'],
  },
};

describe('a generated client', () => {
  it.concurrent.each(Object.entries(CLIENTS))(
    'in %s compiles, and reads what the box says by each way',
    async (lang, client) => {
      const cwd = join(folder, lang);
      const text = await generated(lang as LanguageName, client.options);
      for (const [name, content] of Object.entries(client.files(text))) {
        mkdirSync(dirname(join(cwd, name)), { recursive: true });
        writeFileSync(join(cwd, name), content);
      }
      const environment = {
        ...process.env,
        GOCACHE: join(folder, 'go-cache'),
        GOTOOLCHAIN: 'local',
        GOFLAGS: '-mod=mod',
      };
      for (const [compiler = '', ...words] of client.make) await run(compiler, words, { cwd, env: environment });
      const [program = '', ...words] = client.run;
      const { stdout } = await run(program, [...words, ...FILES.map((name) => join(folder, name))], { cwd });
      expect(stdout).toBe(expected);
    },
    110_000,
  );
});

const VALIDATE = `import json, sys
from jsonschema import Draft7Validator, Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
own, openapi, asyncapi, rules = (json.load(open(file, encoding="utf-8")) for file in sys.argv[1:])
Draft202012Validator.check_schema(own)
faults = [*OpenAPIV31SpecValidator(openapi).iter_errors(), *Draft7Validator(rules).iter_errors(asyncapi)]
print(*[fault.message for fault in faults], sep="\\n")
`;

/** Faults that validators of others find. */
async function foundByOthers(openapi: string, asyncapi: string): Promise<string> {
  const rules = join(ROOT, 'node_modules/@asyncapi/specs/schemas/3.0.0-without-$id.json');
  const files = [join(folder, 'json-schema'), openapi, asyncapi, rules];
  return (await run('/usr/bin/python3', ['-c', VALIDATE, ...files])).stdout.trim();
}

it('the descriptions are what OpenAPI 3.1 and AsyncAPI 3.0 allow, and a wrong one is not', async () => {
  const [openapi, asyncapi] = [join(folder, 'openapi'), join(folder, 'asyncapi')];
  expect(await foundByOthers(openapi, asyncapi)).toBe('');
  for (const [file, found, wrong] of [
    [openapi, '"paths"', '"path"'],
    [asyncapi, '"action": "send"', '"action": "tell"'],
  ] as const) {
    const changed = `${file}-wrong`;
    writeFileSync(changed, readFileSync(file, 'utf8').replace(found, wrong));
    const faults = file === openapi ? foundByOthers(changed, asyncapi) : foundByOthers(openapi, changed);
    expect(await faults).not.toBe('');
  }
});

/** Where it lists members, no other; what a kind of report adds is not listed. */
function closed(name: string, schema: Schema): Schema {
  const text = JSON.stringify(schema);
  return JSON.parse(
    name === 'Report' ? text : text.replaceAll('"properties":', '"additionalProperties":false,"properties":'),
  );
}

it('each message over MQTT is what its channel describes, and says nothing besides', () => {
  const { channels, components } = JSON.parse(readFileSync(join(folder, 'asyncapi'), 'utf8')) as {
    readonly channels: Readonly<Record<string, { readonly address: string; readonly messages: object }>>;
    readonly components: { readonly schemas: Schemas };
  };
  const schemas = Object.fromEntries(
    Object.entries(components.schemas).map(([name, schema]) => [name, closed(name, schema)]),
  );
  const seen = new Set<string>();
  for (const { topic, payload } of published) {
    const channel = Object.values(channels).find(({ address }) =>
      new RegExp(`^${address.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(topic),
    );
    const [name = 'none'] = Object.keys(channel?.messages ?? {});
    seen.add(name);
    const faults = faultsOf(JSON.parse(String(payload)), { $ref: `#/components/schemas/${name}` }, schemas);
    expect(faults, `${topic} ${payload}`).toEqual([]);
  }
  const more = { ...JSON.parse(String(first('release'))), undeclared: 1 };
  expect(faultsOf(more, { $ref: '#/components/schemas/Release' }, schemas)).toEqual([': undeclared is not declared']);
  expect([...seen]).toEqual(expect.arrayContaining(['Status', 'Heartbeat', 'State', 'Release']));
});
