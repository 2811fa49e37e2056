#!/usr/bin/env node
// `npm run sim`: days of a contact centre on a virtual clock, with the real core, beside what queueing theory says of them.
import { existsSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { DateTime } from 'luxon';
import type { PresenceChange } from './core/acd/agent-times.js';
import type { RecordedEvent } from './core/interaction/event.js';
import { systemClock } from './lib/clock.js';
import { openRecord } from './record-reader.js';
import { overwritten } from './sim/bench/progress.js';
import { compileFolder } from './sim/day/input/folder.js';
import { readOptions, type SimOptions, USAGE } from './sim/day/input/options.js';
import { midnightOf, planOf, readFolder } from './sim/day/input/plan-from-options.js';
import { BadInput } from './sim/day/input/quantities.js';
import { agentsOf, type RecordedDay, recordedDay } from './sim/day/input/recorded-day.js';
import { changesOf } from './sim/day/input/what-if.js';
import { changeJson, reportJson } from './sim/day/report/json.js';
import { pictureOf } from './sim/day/report/picture.js';
import { queuesIn, runsOf } from './sim/day/report/runs.js';
import { reportText } from './sim/day/report/text.js';
import { whatIfText } from './sim/day/report/what-if-text.js';
import { DAY_MS, type Plan } from './sim/day/world/plan.js';

async function main(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  if (options === undefined) {
    print(USAGE);
    return;
  }
  const plan = planOf(options, await recordedDayOf(options));
  const changes = options.whatIf === undefined ? undefined : changesOf(plan, options.whatIf);
  const changed = (changes?.at(-1) ?? changes?.[0])?.plan;
  const { seed, runs, svg, json: jsonFile } = options;
  for (const file of [svg, jsonFile]) {
    if (file !== undefined && !existsSync(dirname(file))) throw new BadInput(`${file}: there is no such folder`);
  }
  const before = runsOf(plan, { seed, runs, progress: (run) => overwritten(`run ${run} of ${runs}`) });
  const after =
    changed && runsOf(changed, { seed, runs, progress: (run) => overwritten(`changed: run ${run} of ${runs}`) });
  overwritten('');
  const title = titleOf(plan, options, before[0]?.inboundCalls ?? 0);
  const json = (): string => {
    const queues = queuesIn(plan, before);
    const change = changed &&
      after && {
        whatIf: options.whatIf,
        after: reportJson(changed, after),
        difference: changeJson(before, after, queues),
      };
    return `${JSON.stringify({ title, ...reportJson(plan, before), ...change }, null, 2)}\n`;
  };
  if (jsonFile !== undefined && jsonFile !== '-') writeFileSync(jsonFile, json());
  if (svg !== undefined) {
    writeFileSync(svg, pictureOf(title, { plan, runs: before, ...(after && { changed: after }) }));
  }
  if (jsonFile === '-') process.stdout.write(json());
  else if (changes === undefined || after === undefined) {
    print(`${title}\n\n${reportText(plan, before, { seed, explain: options.explain })}`);
  } else print(`${title}\n${whatIfText({ plan, runs: before }, changes, after, { seed, explain: options.explain })}`);
}

/** The calls and agents of `--from-record`: from PostgreSQL, or by the API of the server that runs here. */
async function recordedDayOf({ fromRecord, flows, http, data }: SimOptions): Promise<RecordedDay | undefined> {
  if (fromRecord === undefined) return undefined;
  const { centre } = compileFolder(readFolder(flows));
  const midnightMs = midnightOf('--from-record', fromRecord, centre.timeZone);
  if (midnightMs > systemClock.nowMs()) throw new BadInput(`--from-record: ${fromRecord} is still to come`);
  const record = await openRecord({ databaseUrl: process.env['DATABASE_URL'], http, dataFolder: data });
  try {
    const threads: (readonly RecordedEvent[])[] = [];
    for await (const events of record.opened(midnightMs - DAY_MS, midnightMs + DAY_MS)) {
      threads.push(events);
      if (threads.length % 100 === 0) overwritten(`${threads.length} interactions read`);
    }
    const untilMs = Math.min(midnightMs + DAY_MS, systemClock.nowMs());
    const presences = new Map<string, readonly PresenceChange[]>();
    for (const agent of agentsOf(threads, centre)) {
      presences.set(agent, await record.presence(agent, midnightMs, untilMs));
    }
    return recordedDay(threads, { centre, midnightMs, untilMs, presences });
  } finally {
    await record.close();
  }
}

function titleOf({ days, startMs, agents, centre }: Plan, { seed, runs }: SimOptions, calls: number): string {
  const day = DateTime.fromMillis(startMs, { zone: centre.timeZone }).toFormat('yyyy-MM-dd');
  const length = days === 1 ? '1 day' : `${days} days`;
  const times = runs === 1 ? '1 run' : `${runs} runs`;
  return `${centre.name}: ${length} from ${day}, ${agents.length} agents, ${calls} calls in the first of ${times}, seed ${seed}`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  overwritten('');
  // What the world refused says so itself; anything else is a fault of ours.
  const isOurs = error instanceof Error && error.name !== 'Error' && error.name !== 'BadInput';
  process.stderr.write(`${isOurs ? error.stack : error instanceof Error ? error.message : error}\n`);
  if (error instanceof BadInput) process.stderr.write('npm run sim -- --help tells all options\n');
  process.exitCode = error instanceof BadInput ? 2 : 1;
}
