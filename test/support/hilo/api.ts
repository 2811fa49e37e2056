// The HTTP API as an administrator's client uses it, and the sandbox as a customer does.
import { PASSWORD } from './server.js';

/** No answer takes longer; a fault shows as a fault and not as a test that hangs. */
const LIMIT_MS = 10_000;

export interface SandboxMessage {
  readonly direction: 'in' | 'out';
  readonly text: string;
}

export interface Issue {
  readonly file: string;
  readonly line: number;
  readonly message: string;
  readonly advice: string;
}

interface Body {
  readonly type: string;
  readonly text: string;
}

export interface AgentView {
  readonly id: string;
  readonly state: string;
  readonly backOffUntil?: string;
  readonly devices: readonly { readonly name: string; readonly registered: boolean }[];
}

export class Api {
  #token: Promise<string> | undefined;

  constructor(private readonly base: string) {}

  get<T>(path: string): Promise<T> {
    return this.#ask('GET', path);
  }

  post<T>(path: string, body: unknown): Promise<T> {
    return this.#ask('POST', path, body);
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.#ask('PUT', path, body);
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.#ask('PATCH', path, body);
  }

  delete(path: string): Promise<void> {
    return this.#ask('DELETE', path);
  }

  /** The text of a flow in force, or of `centre`. */
  async flow(name: string): Promise<string> {
    return (await this.#response('GET', `/api/flows/${name}`)).text();
  }

  /** What is wrong with a text, were it published. */
  async check(name: string, text: string): Promise<readonly Issue[]> {
    const response = await this.#response('POST', `/api/flows/check?name=${name}`, { type: 'text/yaml', text });
    return ((await response.json()) as { issues: Issue[] }).issues;
  }

  /** Whatever the tests beside the sample flow say: they are of the sample centre, not of the one for tests. */
  async publish(name: string, text: string): Promise<void> {
    await this.#response('PUT', `/api/flows/${name}?force=true&note=for%20a%20test`, { type: 'text/yaml', text });
  }

  /** Calls and call-backs under way, and calls that nobody can account for. */
  async callsLeft(): Promise<number> {
    const { centre } = await this.get<{ centre: { calls: number; callbacks: number } }>('/debug');
    const metrics = await (await this.#response('GET', '/metrics')).text();
    const open = [...metrics.matchAll(/^hilo_calls(?:_unaccounted)?(?:\{.*\})? (\d+)$/gm)].map(([, count]) =>
      Number(count),
    );
    if (open.length < 2) throw new Error('the metrics do not say how many calls there are');
    return open.reduce((sum, count) => sum + count, centre.calls + centre.callbacks);
  }

  async agent(name: string): Promise<AgentView> {
    const { agents } = await this.get<{ agents: AgentView[] }>('/api/agents');
    const found = agents.find(({ id }) => id === name);
    if (found === undefined) throw new Error(`no agent ${name}`);
    return found;
  }

  /** What was written to a customer in the sandbox, oldest first. */
  async messagesTo(address: string): Promise<readonly string[]> {
    const path = `/api/sandbox/messages?address=${encodeURIComponent(address)}`;
    const { messages } = await this.get<{ messages: SandboxMessage[] }>(path);
    return messages.filter(({ direction }) => direction === 'out').map(({ text }) => text);
  }

  /** A customer writes. */
  async write(from: string, text: string): Promise<void> {
    await this.post('/api/sandbox/messages', { from, text });
  }

  async #ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const json = body === undefined ? undefined : { type: 'application/json', text: JSON.stringify(body) };
    const text = await (await this.#response(method, path, json)).text();
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  async #response(method: string, path: string, body?: Body): Promise<Response> {
    this.#token ??= this.#signIn();
    return this.#send(method, path, body, await this.#token);
  }

  async #signIn(): Promise<string> {
    const text = JSON.stringify({ user: 'admin', password: PASSWORD });
    const response = await this.#send('POST', '/api/sign-in', { type: 'application/json', text });
    return ((await response.json()) as { token: string }).token;
  }

  async #send(method: string, path: string, body?: Body, token?: string): Promise<Response> {
    const response = await fetch(`${this.base}${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': body.type }),
      },
      ...(body === undefined ? {} : { body: body.text }),
      signal: AbortSignal.timeout(LIMIT_MS),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response;
  }
}
