#!/usr/bin/env node
// `npm run replay`: stored interactions run again through flow engine, router, policies and record; the first difference is shown.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { RecordedEvent } from './core/interaction/event.js';
import type { Findings } from './core/replay/findings.js';
import type { KnownResult } from './core/replay/record.js';
import { replay, textsWanted } from './core/replay/replay.js';
import type { TextOf } from './core/replay/texts.js';
import { openRecord } from './record-reader.js';
import { revisionOf } from './store/flow-files.js';

const USAGE = `npm run replay -- <interaction> …        by id or reference such as H-7K3Q-X2PD
npm run replay -- --file test/records   a .jsonl file, or all of a folder

Runs stored interactions again through flow engine, router, policies and the folds of the record. Every decision has to
fall as it did: else the first difference is told, with the number of its event and where to look, and the exit code is 1.
What a record does not let us make again is told as well, and is no difference.

  --file PATH              instead of the record: one JSON event a line; texts of flows and centre are looked for in
                           revisions/<name>@<revision>.yaml beside it, then in --flows
  --flows ivr-flows        texts that are still in force are taken from here
  --day 2026-01-05         all interactions opened on that day (UTC)
  --http http://127.0.0.1:8080 --data data   the Hilo that runs here; with DATABASE_URL: PostgreSQL
  --save FILE              the interaction as a .jsonl file, with its texts in revisions/ beside it
  --verbose                also what was left out, and why
  --help`;

const DAY_MS = 86_400_000;

interface Record {
  readonly name: string;
  readonly events: readonly RecordedEvent[];
  readonly known: KnownResult;
  readonly textOf: TextOf;
}

class BadInput extends Error {
  override readonly name = 'BadInput';
}

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(args);
  if (values.help || (positionals.length === 0 && values.file === undefined && values.day === undefined)) {
    print(USAGE);
    return values.help ? 0 : 2;
  }
  let different = 0;
  let count = 0;
  const records = values.file === undefined ? stored(positionals, values) : filed(values.file, values.flows);
  for await (const record of records) {
    count += 1;
    if (values.save !== undefined) save(count === 1 ? values.save : numbered(values.save, count), record);
    const { findings, state } = replay(record.events, record.textOf, record.known);
    if (findings.first() !== undefined) different += 1;
    print(told(record, findings, state.state, values.verbose));
  }
  if (count === 0) throw new BadInput('there is nothing to be replayed');
  if (count > 1) print(`${count} interactions, ${different} different`);
  return different === 0 ? 0 : 1;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        file: { type: 'string' },
        flows: { type: 'string', default: 'ivr-flows' },
        day: { type: 'string' },
        http: { type: 'string', default: 'http://127.0.0.1:8080' },
        data: { type: 'string', default: 'data' },
        save: { type: 'string' },
        verbose: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new BadInput(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** From PostgreSQL, or by the API of the server that runs here. */
async function* stored(
  ids: readonly string[],
  { http, data, day, flows }: ReturnType<typeof parse>['values'],
): AsyncIterable<Record> {
  const reader = await openRecord({ databaseUrl: process.env['DATABASE_URL'], http, dataFolder: data });
  const inForce = textsIn(flows);
  const record = async (name: string, events: readonly RecordedEvent[]): Promise<Record> => {
    const texts = new Map<string, string>();
    for (const [text, revision] of textsWanted(events)) {
      const found = inForce(text, revision) ?? (await reader.revision(text, revision));
      if (found !== undefined) texts.set(`${text} ${revision}`, found);
    }
    return { name, events, known: {}, textOf: (text, revision) => texts.get(`${text} ${revision}`) };
  };
  try {
    for (const id of ids) {
      const events = await reader.read(id);
      if (events.length === 0) throw new BadInput(`there is no interaction ${id}`);
      yield await record(id, events);
    }
    if (day === undefined) return;
    const fromMs = Date.parse(`${day}T00:00:00Z`);
    if (Number.isNaN(fromMs)) throw new BadInput(`--day: '${day}' is no day, write for example 2026-01-05`);
    for await (const events of reader.opened(fromMs, fromMs + DAY_MS)) {
      yield await record(events[0]?.interaction ?? '', events);
    }
  } finally {
    await reader.close();
  }
}

async function* filed(path: string, flows: string): AsyncIterable<Record> {
  if (!existsSync(path)) throw new BadInput(`${path} is not there`);
  const files = path.endsWith('.jsonl')
    ? [path]
    : readdirSync(path)
        .filter((file) => file.endsWith('.jsonl'))
        .sort()
        .map((file) => join(path, file));
  for (const file of files) yield fileRecord(file, flows);
}

function fileRecord(file: string, flows: string): Record {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  const events = lines.map((line, index) => parsed<RecordedEvent>(`${file}:${index + 1}`, line));
  const expected = file.replace(/\.jsonl$/, '.expected.json');
  const known = existsSync(expected) ? parsed<KnownResult>(expected, readFileSync(expected, 'utf8')) : {};
  const beside = (name: string, revision: string): string | undefined => {
    const text = join(dirname(file), 'revisions', `${name}@${revision}.yaml`);
    return existsSync(text) ? readFileSync(text, 'utf8') : undefined;
  };
  const inForce = textsIn(flows);
  return {
    name: basename(file, '.jsonl'),
    events,
    known,
    textOf: (name, revision) => beside(name, revision) ?? inForce(name, revision),
  };
}

/** Texts of a folder, under the hash they have now. */
function textsIn(folder: string): TextOf {
  return (name, revision) => {
    const file = join(folder, `${name}.yaml`);
    if (!/^[\w-]+$/.test(name) || !existsSync(file)) return undefined;
    const text = readFileSync(file, 'utf8');
    return revisionOf(text) === revision ? text : undefined;
  };
}

function parsed<T>(where: string, text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch (error) {
    throw new BadInput(`${where}: this is no JSON`, { cause: error });
  }
}

function numbered(file: string, count: number): string {
  return `${file.replace(/\.jsonl$/, '')}-${count}.jsonl`;
}

/** Events and texts as `--file` reads them. */
function save(file: string, { events, textOf }: Record): void {
  const folder = join(dirname(file), 'revisions');
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  for (const [name, revision] of textsWanted(events)) {
    const text = textOf(name, revision);
    if (text !== undefined) writeFileSync(join(folder, `${name}@${revision}.yaml`), text);
  }
}

function told({ name, events }: Record, findings: Findings, state: string, verbose: boolean): string {
  const same = Object.entries(findings.same).filter(([, count]) => count > 0);
  const counts = same.map(([part, count]) => `${part} ${count}`).join(', ');
  const left = findings.unchecked;
  const leaves = verbose ? left.map(({ version, part, why }) => `  event ${version} (${part}) left out: ${why}`) : [];
  const short = left.length > 0 && !verbose ? `; ${left.length} left out (--verbose says why)` : '';
  const first = findings.first();
  if (first === undefined)
    return [`${name}: ${events.length} events, the same: ${counts}${short}; ${state}`, ...leaves].join('\n');
  const { version, part, recorded, now, place } = first;
  const event = events.find((one) => one.version === version)?.event.type ?? 'end';
  return [
    `${name}: different from event ${version} of ${events.length} on (${event}, ${part})`,
    `  recorded  ${recorded}`,
    `  now       ${now}`,
    `  see       ${place}`,
    `  the same until then and after: ${counts}${short}`,
    ...leaves,
  ].join('\n');
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  if (error instanceof BadInput) process.stderr.write('npm run replay -- --help tells all options\n');
  process.exitCode = 2;
}
