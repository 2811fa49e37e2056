// What customers and operators see of the API's scene: the sandbox, a provider's webhook, and the log.
import type { Sandbox, SandboxFile, SandboxMessage, Webhook } from '../../../src/app/message/messenger.js';
import type { Log } from '../../../src/lib/log.js';

export class MemorySandbox implements Sandbox {
  readonly kept: SandboxMessage[] = [];
  messages(address?: string): readonly SandboxMessage[] {
    return this.kept.filter((message) => address === undefined || message.address === address);
  }
  async write(address: string, text: string): Promise<void> {
    this.kept.push({ id: `m${this.kept.length + 1}`, direction: 'in', address, text, atMs: 0 });
  }
  async keep(name: string): Promise<SandboxFile> {
    return { id: 'f1', name, type: 'text/plain', bytes: 1 };
  }
  async file(): Promise<undefined> {
    return undefined;
  }
}

/** Believes whoever sends `x-signature: right`; keeps the bytes it was given. */
export class FakeWebhook implements Webhook {
  readonly path = '/webhooks/fake';
  readonly bodies: Buffer[] = [];
  challenge(query: Readonly<Record<string, string>>): string | undefined {
    return query['token'] === 'agreed' ? query['challenge'] : undefined;
  }
  async receive(body: Buffer, headers: Readonly<Record<string, string | undefined>>) {
    if (headers['x-signature'] !== 'right') return 'wrong-signature' as const;
    if (body.length === 0) return 'malformed' as const;
    this.bodies.push(body);
    return 'accepted' as const;
  }
}

/** Log lines as they were written, by level. */
export class KeptLog implements Log {
  readonly lines: { readonly level: string; readonly fields: object; readonly message: string | undefined }[] = [];
  debug = this.#keep('debug');
  info = this.#keep('info');
  warn = this.#keep('warn');
  error = this.#keep('error');
  child(): Log {
    return this;
  }
  #keep(level: string) {
    return (fields: object, message?: string): void => void this.lines.push({ level, fields, message });
  }
}
