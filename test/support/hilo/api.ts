// The HTTP API as an administrator's client uses it, and the sandbox as a customer does.
import { PASSWORD } from './server.js';

export interface SandboxMessage {
  readonly direction: 'in' | 'out';
  readonly text: string;
}

export interface AgentView {
  readonly id: string;
  readonly state: string;
  readonly backOffUntil?: string;
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
    this.#token ??= this.#signIn();
    return this.#send(method, path, body, await this.#token);
  }

  async #signIn(): Promise<string> {
    const { token } = await this.#send<{ token: string }>('POST', '/api/sign-in', {
      user: 'admin',
      password: PASSWORD,
    });
    return token;
  }

  async #send<T>(method: string, path: string, body?: unknown, token?: string): Promise<T> {
    const response = await fetch(`${this.base}${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }
}
