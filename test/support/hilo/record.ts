// The record as a user of the API sees it: matters of a customer, and waiting until something stands in them.
import type { InteractionEvent } from '../../../src/core/interaction/event.js';
import { eventually } from '../servers.js';
import type { Api } from './api.js';

type Type = InteractionEvent['type'];
type Data<T extends Type> = Extract<InteractionEvent, { type: T }>['data'];

export interface Fact<T extends Type = Type> {
  readonly version: number;
  readonly type: T;
  readonly at: string;
  readonly data: Data<T>;
}

export class Matter {
  constructor(
    readonly id: string,
    readonly reference: string,
    readonly state: string,
    readonly outcomes: readonly { readonly outcome: string; readonly reason: string }[],
    readonly events: readonly Fact[],
  ) {}

  get types(): readonly Type[] {
    return this.events.map(({ type }) => type);
  }

  has(type: Type): boolean {
    return this.types.includes(type);
  }

  all<T extends Type>(type: T): Data<T>[] {
    const found: readonly Fact[] = this.events.filter((fact) => fact.type === type);
    return found.map(({ data }) => data as Data<T>);
  }

  /** The last fact of that type; throws when there is none. */
  last<T extends Type>(type: T): Data<T> {
    const found = this.all(type).at(-1);
    if (found === undefined) throw new Error(`no ${type} in the record: ${this.types.join(', ')}`);
    return found;
  }

  /** When the last fact of that type was told, Unix ms. */
  at(type: Type): number {
    return Date.parse(this.events.findLast((fact) => fact.type === type)?.at ?? '');
  }

  /** Agents the customer talked to, in order. */
  get talkedTo(): readonly string[] {
    return this.all('connected').map(({ agent }) => agent);
  }
}

export class Matters {
  constructor(private readonly api: Api) {}

  /** All matters of a customer, oldest first. */
  async of(number: string): Promise<readonly Matter[]> {
    const path = `/api/interactions?contact=${encodeURIComponent(number)}`;
    const { interactions } = await this.api.get<{ interactions: { id: string }[] }>(path);
    const whole = await Promise.all(
      interactions.map(({ id }) =>
        this.api.get<Pick<Matter, 'id' | 'reference' | 'state' | 'outcomes' | 'events'>>(`/api/interactions/${id}`),
      ),
    );
    return whole
      .map(({ id, reference, state, outcomes, events }) => new Matter(id, reference, state, outcomes, events))
      .reverse();
  }

  /** The one matter of a customer, once `condition` holds for it. Fails when there are two, or on time-out with what stands there. */
  async until(number: string, condition: (matter: Matter) => boolean, limitMs = 10_000): Promise<Matter> {
    let found: Matter | undefined;
    try {
      await eventually(
        'the record',
        async () => {
          const [only, second] = await this.of(number);
          found = only;
          if (second !== undefined) throw new Error(`two matters of ${number}`);
          return only !== undefined && condition(only);
        },
        limitMs,
      );
    } catch (error) {
      throw new Error(`${String(error)}; it holds: ${found?.types.join(', ') ?? 'nothing'}`, { cause: error });
    }
    if (found === undefined) throw new Error('unreachable');
    return found;
  }

  /** As it stands when the customer's calls are over. */
  untilOver(number: string): Promise<Matter> {
    return this.until(number, isOver);
  }
}

/** Every call of it has ended, and what follows from the last end is decided. */
function isOver(matter: Matter): boolean {
  const calls = matter.all('call-arrived').length + matter.all('call-dialled').length;
  if (matter.all('call-ended').length < calls) return false;
  const decided: readonly Type[] = ['interaction-closed', 'message-queued', 'message-declined', 'voicemail-left'];
  return decided.some((type) => matter.has(type));
}
