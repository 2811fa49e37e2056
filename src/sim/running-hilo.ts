// A running Hilo as seen from outside: its HTTP API, and where its phones go.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentState } from '../core/acd/agent.js';
import type { PresenceChange } from '../core/acd/agent-times.js';
import type { InteractionEvent, RecordedEvent } from '../core/interaction/event.js';

const REQUEST_LIMIT_MS = 5_000;
const LOOK_EVERY_MS = 200;
/** A server under load refuses to read (503) for a moment; what only reads is asked again so often. */
const READ_TRIES = 4;
const READ_AGAIN_MS = 500;

export interface Story {
  readonly reference: string;
  readonly state: string;
  readonly events: readonly { readonly type: string; readonly data: Readonly<Record<string, unknown>> }[];
  readonly timeline: readonly { readonly at: string; readonly text: string; readonly type: string }[];
}

export interface RunningHiloOptions {
  /** `http://127.0.0.1:8080` */
  readonly http: string;
  /** HILO_DATA of the server: its credentials are read there. */
  readonly dataFolder: string;
  readonly language: string;
}

export class RunningHilo {
  #token = '';

  private constructor(
    private readonly options: RunningHiloOptions,
    private readonly passwords: { devices: Record<string, string>; users: Record<string, string> },
  ) {}

  /** Rejects with a sentence that says what to do when Hilo does not run there. */
  static async open(options: RunningHiloOptions): Promise<RunningHilo> {
    const file = join(options.dataFolder, 'credentials.json');
    const text = await readFile(file, 'utf8').catch(() => {
      throw new Error(`${file} cannot be read: start Hilo with npm start, or name its data folder with --data`);
    });
    const hilo = new RunningHilo(options, JSON.parse(text));
    await hilo.#signIn();
    return hilo;
  }

  devicePassword(device: string): string {
    return this.passwords.devices[device] ?? '';
  }

  /** The newest interaction of that customer, with its story; undefined while there is none. */
  async storyOf(number: string): Promise<Story | undefined> {
    const list = await this.#ask('GET', `/api/interactions?limit=1&contact=${encodeURIComponent(number)}`);
    const id = (list as { interactions: { id: string }[] }).interactions[0]?.id;
    return id === undefined ? undefined : ((await this.#ask('GET', `/api/interactions/${id}`)) as Story);
  }

  /** Waits until the story of that customer has an event of this type. */
  async until(number: string, type: string, limitMs: number): Promise<Story> {
    const endMs = performance.now() + limitMs;
    for (;;) {
      const story = await this.storyOf(number);
      if (story?.timeline.some((line) => line.type === type)) return story;
      if (performance.now() > endMs) throw new Error(`nothing like ${type} happened to ${number} in ${limitMs} ms`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  /** Messages that customer got, newest last. */
  async messagesTo(number: string): Promise<readonly string[]> {
    const answer = await this.#ask('GET', `/api/sandbox/messages?address=${encodeURIComponent(number)}`);
    const { messages } = answer as { messages: { direction: string; text: string }[] };
    return messages.filter(({ direction }) => direction === 'out').map(({ text }) => text);
  }

  async write(from: string, text: string): Promise<void> {
    await this.#ask('POST', '/api/sandbox/messages', { from, text });
  }

  /** The events of an interaction, by id or reference; empty when there is none. */
  async eventsOf(interaction: string): Promise<readonly RecordedEvent[]> {
    const answer = await this.#ask('GET', `/api/interactions/${encodeURIComponent(interaction)}`, undefined, [404]);
    if (answer === undefined) return [];
    const { id, events } = answer as {
      id: string;
      events: { version: number; type: string; at: string; data: object }[];
    };
    return events.map(({ version, type, at, data }) => ({
      interaction: id,
      version,
      atMs: Date.parse(at),
      event: { type, data } as InteractionEvent,
    }));
  }

  /** Ids of the interactions opened in [fromMs, toMs), newest first, page by page. */
  async *interactionsOpened(fromMs: number, toMs: number): AsyncIterable<readonly string[]> {
    const [from, to] = [fromMs, toMs].map((ms) => encodeURIComponent(new Date(ms).toISOString()));
    for (let after = ''; ; ) {
      const page = (await this.#ask('GET', `/api/interactions?limit=200&from=${from}&to=${to}${after}`)) as {
        interactions: { id: string }[];
        next?: string;
      };
      yield page.interactions.map(({ id }) => id);
      if (page.next === undefined) return;
      after = `&after=${encodeURIComponent(page.next)}`;
    }
  }

  /** How an agent came and went; empty for one whom the centre does not have any more. */
  async presenceOf(agent: string, fromMs: number, toMs: number): Promise<readonly PresenceChange[]> {
    const [from, to] = [fromMs, toMs].map((ms) => encodeURIComponent(new Date(ms).toISOString()));
    const path = `/api/agents/${encodeURIComponent(agent)}/presence?from=${from}&to=${to}`;
    const answer = await this.#ask('GET', path, undefined, [404]);
    if (answer === undefined) return [];
    const { changes } = answer as { changes: { at: string; state: AgentState; reason?: string }[] };
    return changes.map(({ at, ...change }, version) => ({ agent, version, atMs: Date.parse(at), ...change }));
  }

  /** The text of a flow, or of the centre, under that hash; undefined when it is not known. */
  async revision(name: string, revision: string): Promise<string | undefined> {
    const path = `/api/flows/${encodeURIComponent(name)}/revisions/${encodeURIComponent(revision)}`;
    const answer = await this.#ask('GET', path, undefined, [404]);
    return typeof answer === 'string' ? answer : undefined;
  }

  async #signIn(): Promise<void> {
    const password = this.passwords.users['admin'] ?? '';
    const session = await this.#ask('POST', '/api/sign-in', { user: 'admin', password });
    this.#token = (session as { token: string }).token;
  }

  /** JSON parsed, anything else as text. `absent`: statuses that mean there is nothing, told as undefined. */
  async #ask(method: string, path: string, body?: object, absent: readonly number[] = []): Promise<unknown> {
    const response = await this.#reach(method, path, body);
    const text = await response.text();
    if (absent.includes(response.status)) return undefined;
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 200)}`);
    if (text === '') return undefined;
    return response.headers.get('content-type')?.includes('json') === true ? JSON.parse(text) : text;
  }

  async #reach(method: string, path: string, body: object | undefined): Promise<Response> {
    for (let triesLeft = method === 'GET' ? READ_TRIES : 1; ; ) {
      triesLeft -= 1;
      const outcome = await this.#once(method, path, body);
      if (outcome instanceof Response && (outcome.status !== 503 || triesLeft === 0)) return outcome;
      if (outcome instanceof Error && (outcome.name !== 'TimeoutError' || triesLeft === 0)) {
        throw new Error(`Hilo does not answer at ${this.options.http}: is it running? (npm start)`, { cause: outcome });
      }
      await new Promise((resolve) => setTimeout(resolve, READ_AGAIN_MS));
    }
  }

  async #once(method: string, path: string, body: object | undefined): Promise<Response | Error> {
    try {
      return await fetch(`${this.options.http}${path}`, {
        method,
        signal: AbortSignal.timeout(REQUEST_LIMIT_MS),
        headers: {
          'accept-language': this.options.language,
          ...(this.#token === '' ? {} : { authorization: `Bearer ${this.#token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }
}
