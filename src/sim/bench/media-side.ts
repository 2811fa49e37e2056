#!/usr/bin/env node
// The media engine under test, in a process of its own: opens legs and lets them play, listen or talk, as its parent says.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '../../lib/log.js';
import { wavHeader } from '../../switch/media/audio/wav-writer.js';
import type { AudioSource } from '../../switch/media/audio-source.js';
import { type EngineChoice, type MediaEngine, openMediaEngine } from '../../switch/media/engine.js';
import type { MediaLeg } from '../../switch/media/media-leg.js';

/** `ivr`: prompts one after the other; `hold`: music; `bridge`: two and two; `idle`: answered, nothing more. */
export type Story = 'ivr' | 'hold' | 'bridge' | 'idle';

export interface OpenRequest {
  readonly engine: EngineChoice;
  readonly workers: number;
  readonly legs: number;
  readonly story: Story;
  readonly nearAddress: string;
  readonly farAddress: string;
}

/** To the engine's process, and what it answers. */
export type Request = { readonly prepare: OpenRequest } | 'open' | { readonly connect: readonly number[] } | 'counts';
export type Answer =
  | { readonly ready: true }
  | { readonly prepared: true }
  | { readonly ports: readonly number[] }
  | { readonly connected: true }
  | { readonly digits: number };

const PORTS = { first: 20_000, last: 65_000 };
const PROMPT_SECONDS = 3;

class MediaSide {
  readonly #folder = mkdtempSync(join(tmpdir(), 'hilo-bench-'));
  readonly #prompt: AudioSource = { kind: 'file', path: join(this.#folder, 'prompt.wav') };
  #request: OpenRequest | undefined;
  #engine: MediaEngine | undefined;
  #legs: readonly MediaLeg[] = [];
  #digits = 0;

  constructor() {
    const samples = Int16Array.from({ length: PROMPT_SECONDS * 8_000 }, (_, at) => 8_000 * Math.sin(at / 3));
    writeFileSync(
      join(this.#folder, 'prompt.wav'),
      Buffer.concat([wavHeader(1, samples.byteLength), Buffer.from(samples.buffer)]),
    );
  }

  async handle(request: Request): Promise<Answer> {
    if (request === 'counts') return { digits: this.#digits };
    if (request === 'open') return { ports: await this.#open() };
    if ('prepare' in request) return this.#prepare(request.prepare);
    for (const [index, leg] of this.#legs.entries()) this.#start(leg, index, request.connect[index] ?? 0);
    return { connected: true };
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Everything that is there once and not for each leg: threads, code, music, the prompt. */
  async #prepare(request: OpenRequest): Promise<Answer> {
    this.#request = request;
    const { engine, workers, nearAddress: address } = request;
    const options = { address, ports: PORTS, workers, musicFolder: this.#folder, log: silentLog };
    this.#engine = await openMediaEngine({ ...options, engine });
    const first = await this.#engine.openLeg();
    await first.play(this.#prompt, { limitMs: 100 }).done;
    await first.play({ kind: 'music', name: 'moh' }, { limitMs: 100 }).done;
    await first.close();
    return { prepared: true };
  }

  async #open(): Promise<number[]> {
    const engine = this.#engine;
    if (engine === undefined) throw new Error('the engine is not prepared');
    this.#legs = await Promise.all(Array.from({ length: this.#request?.legs ?? 0 }, () => engine.openLeg()));
    for (const leg of this.#legs) leg.onDigit(() => void this.#digits++);
    return this.#legs.map(({ port }) => port);
  }

  #start(leg: MediaLeg, index: number, port: number): void {
    const { story = 'idle', farAddress: address = '' } = this.#request ?? {};
    leg.connect({ address, port, payloadType: 0, telephoneEvent: 101, send: true, receive: true, latch: true });
    const before = this.#legs[index - 1];
    if (story === 'hold') leg.play({ kind: 'music', name: 'moh' });
    if (story === 'ivr') leg.play({ kind: 'list', items: [this.#prompt], loops: -1 });
    if (story === 'bridge' && index % 2 === 1 && before !== undefined) leg.bridge(before);
  }
}

if (process.send !== undefined) {
  const side = new MediaSide();
  process.on('message', (request: Request) => {
    void side.handle(request).then((answer) => process.send?.(answer));
  });
  process.on('disconnect', () => process.exit());
  process.on('exit', () => side.close());
  const ready: Answer = { ready: true };
  process.send(ready);
}
