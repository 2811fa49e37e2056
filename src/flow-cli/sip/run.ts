// Plays the tests of flows against a running server over SIP and compares: what is heard, and the steps that are recorded.
import { randomInt } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Place } from '../../core/document/yaml-text.js';
import type { FlowCase } from '../../core/flow-test/case.js';
import type { Played } from '../../core/flow-test/play.js';
import type { SuiteFile } from '../../core/flow-test/suite.js';
import { resample } from '../../core/sound/resampling.js';
import { NARROW_RATE } from '../../core/sound/sound.js';
import { readWav } from '../../core/sound/wav-reading.js';
import { systemClock } from '../../lib/clock.js';
import { systemIds } from '../../lib/ids.js';
import { silentLog } from '../../lib/log.js';
import { RunningHilo, type Story } from '../../sim/running-hilo.js';
import { PromptCache } from '../../voice/prompts/prompt-cache.js';
import { espeak } from '../../voice/prompts/speech.js';
import type { Loaded } from '../load.js';
import { AgentPhones } from './agent-phones.js';
import { NotAsExpected, playCall, type Sounds } from './caller.js';
import { type Piece, piecesOf } from './ear.js';
import { playableCase } from './playable.js';

export interface SipOptions {
  /** `sip:1000@127.0.0.1:5060`. */
  readonly target: string;
  readonly http: string;
  /** HILO_DATA of the server: its credentials and recorded prompts. */
  readonly dataFolder: string;
  /** Devices that this command may be, so that callers are served. */
  readonly agents: readonly string[];
}

export type SipOutcome =
  | { readonly kind: 'same' }
  | {
      readonly kind: 'different';
      readonly expected: string;
      readonly instead: readonly string[];
      readonly place?: Place;
    }
  | { readonly kind: 'not-playable'; readonly reason: string };

export interface SipResult {
  readonly file: string;
  readonly name: string;
  /** Of what differs; else of the case. */
  readonly place: Place;
  readonly outcome: SipOutcome;
}

/** Calls at a time: each plays its prompts in real time. */
const PARALLEL = 8;
const RECORD_LIMIT_MS = 20_000;
const QUEUED_LIMIT_MS = 20_000;
const LOOK_EVERY_MS = 100;

/** In the order of the files. Rejects when the server cannot be asked for its record. */
export async function playOverSip(
  loaded: Loaded,
  files: readonly SuiteFile[],
  options: SipOptions,
  tell: (result: SipResult) => void,
): Promise<readonly SipResult[]> {
  const { http, dataFolder } = options;
  // Without a voice every prompt would be the same tone: better said before anybody is called.
  await espeak(systemClock)('one', 'en');
  const hilo = await RunningHilo.open({ http, dataFolder, language: 'en' });
  const spokenFolder = await mkdtemp(join(tmpdir(), 'hilo-prompts-'));
  const server = targetOf(options.target);
  const agents = await AgentPhones.open(options.agents, server, (device) => hilo.devicePassword(device));
  const open = files.flatMap(({ file, cases }) => cases.map((one) => ({ file, one })));
  try {
    const run = new SipRun(
      loaded,
      hilo,
      soundsFrom(join(dataFolder, 'prompts'), spokenFolder),
      server,
      agents.count > 0,
    );
    const results: SipResult[] = [];
    const worker = async (): Promise<void> => {
      for (let next = open.shift(); next !== undefined; next = open.shift()) {
        const { name, place: ofCase } = next.one;
        const outcome = await run.play(next.one);
        const place = outcome.kind === 'different' ? (outcome.place ?? ofCase) : ofCase;
        const result = { file: next.file, name, place, outcome };
        results.push(result);
        tell(result);
      }
    };
    await Promise.all(Array.from({ length: PARALLEL }, worker));
    return results;
  } catch (error) {
    // The server cannot be asked any more: nobody else is called.
    open.length = 0;
    throw error;
  } finally {
    await agents.close();
    await rm(spokenFolder, { recursive: true, force: true });
  }
}

interface Target {
  readonly host: string;
  readonly port: number;
  /** '' when each case dials its own number. */
  readonly number: string;
}

class SipRun {
  constructor(
    private readonly loaded: Loaded,
    private readonly hilo: RunningHilo,
    private readonly sounds: Sounds,
    private readonly server: Target,
    private readonly agents: boolean,
  ) {}

  async play(testCase: FlowCase): Promise<SipOutcome> {
    const from = `+346${String(randomInt(10 ** 8)).padStart(8, '0')}`;
    const number = this.server.number === '' ? testCase.number : this.server.number;
    const circumstances = { number, from, nowMs: systemClock.nowMs(), agents: this.agents };
    const playable = playableCase(this.loaded, testCase, circumstances);
    if (playable.kind === 'not-playable') return playable;
    const { beats, end } = playable.expected;
    try {
      const { server, sounds } = this;
      await playCall(beats, end, { server, from, number, sounds, queued: (queue) => this.#queued(from, queue) });
      return await this.#compare(from, playable.expected);
    } catch (error) {
      if (!(error instanceof NotAsExpected)) throw error;
      const { expected, instead, place } = error;
      const told = { expected, instead: [instead, ...(await this.#stepsOf(from))] };
      return { kind: 'different', ...told, ...(place === undefined ? {} : { place }) };
    }
  }

  /** A call may wait in several queues, one after the other. */
  async #queued(from: string, queue: string): Promise<void> {
    const endMs = performance.now() + QUEUED_LIMIT_MS;
    for (;;) {
      const story = await this.hilo.storyOf(from);
      if (story?.events.some(({ type, data }) => type === 'queued' && data['queue'] === queue)) return;
      if (performance.now() > endMs) throw new Error(`nobody waits in ${queue}`);
      await pause(LOOK_EVERY_MS);
    }
  }

  /** Steps, outcomes, languages and the end as they were recorded, against those of the core. */
  async #compare(from: string, expected: Played): Promise<SipOutcome> {
    const story = await this.hilo.until(from, 'call-ended', RECORD_LIMIT_MS);
    const [wanted, recorded] = [linesOf(expected), recordedLines(story)];
    const ended = endOf(story);
    const sameEnd = expected.end.result === 'open' || expected.end.result === ended;
    if (wanted.join('\n') === recorded.join('\n') && sameEnd) return { kind: 'same' };
    const at = wanted.findIndex((line, index) => line !== recorded[index]);
    if (at < 0 && recorded.length === wanted.length) {
      return { kind: 'different', expected: `the end: ${expected.end.result}`, instead: [`the end: ${ended}`] };
    }
    return { kind: 'different', expected: wanted[at] ?? 'nothing more', instead: recorded.slice(Math.max(0, at)) };
  }

  async #stepsOf(from: string): Promise<readonly string[]> {
    const story = await this.hilo.storyOf(from);
    return story === undefined ? [] : ['steps on the server:', ...recordedLines(story)];
  }
}

function linesOf({ trace }: Played): string[] {
  return trace.flatMap((line) => {
    if (line.kind === 'flow-entered') return [`flow ${line.flow} (${line.language})`];
    if (line.kind === 'language-set') return [`language ${line.language}`];
    return line.kind === 'step' ? [`${line.flow}/${line.step}: ${outcomeOf(line.outcome)}`] : [];
  });
}

function recordedLines({ events }: Story): string[] {
  return events.flatMap(({ type, data }) => {
    if (type === 'flow-entered') return [`flow ${String(data['flow'])} (${String(data['language'])})`];
    if (type === 'language-set') return [`language ${String(data['language'])}`];
    return type === 'flow-step' ? [`${String(data['step'])}: ${outcomeOf(String(data['outcome']))}`] : [];
  });
}

/** Without the reason of what failed, which a test makes up. */
function outcomeOf(outcome: string): string {
  return /^(not-served|failed|refused|declined):/.test(outcome) ? (outcome.split(':')[0] ?? outcome) : outcome;
}

/** Who hung up early enough is a short abandonment in the record; a test does not know how long it takes. */
function endOf({ events }: Story): string {
  const result = String(events.findLast(({ type }) => type === 'call-ended')?.data['result'] ?? '');
  return result === 'short-abandoned' ? 'abandoned' : result;
}

/** Recordings win over speech, as on the server. */
function soundsFrom(recordedFolder: string, spokenFolder: string): Sounds {
  const prompts = new PromptCache({
    ...{ recordedFolder, spokenFolder, ids: systemIds, log: silentLog },
    synthesise: espeak(systemClock),
  });
  const known = new Map<string, Promise<readonly Piece[]>>();
  const piecesIn = async (path: string): Promise<readonly Piece[]> =>
    piecesOf(resample(readWav(await readFile(path)), NARROW_RATE).samples);
  return async (prompt) => {
    const recorded = prompt.kind === 'recorded' ? prompts.recorded(prompt.name, prompt.language) : undefined;
    const text = prompt.kind === 'text' ? prompt.text : prompt.fallbackText;
    if (recorded === undefined && (text ?? '').trim() === '') return [];
    const path = recorded ?? (await prompts.spoken(text ?? '', prompt.language));
    const pieces = known.get(path) ?? piecesIn(path);
    known.set(path, pieces);
    return pieces;
  };
}

function targetOf(uri: string): Target {
  const match = /^sip:(?:([^@]+)@)?([A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(?::(\d{1,5}))?$/.exec(uri);
  if (match === null) throw new Error(`--sip ${uri}: write it as sip:1000@127.0.0.1:5060`);
  return { number: match[1] ?? '', host: match[2] ?? '', port: Number(match[3] ?? 5060) };
}
