// Owns who hears which event. An event nobody subscribed to is never built.
import type { SwitchEvent } from './event.js';

export interface Subscriber {
  /** Whether the subscription covers this event, before it is built. */
  subscribes(name: string, subclass: string | undefined): boolean;
  /** Called once per event that {@link subscribes} covers; the subscriber applies its filters itself. */
  hear(event: SwitchEvent): void;
}

export interface Announcement {
  readonly name: string;
  readonly subclass?: string;
  readonly channelId?: string;
}

/**
 * Subscribers whose filters name only channels are kept per channel: with a thousand calls, each with a socket of its
 * own, an event is offered to one of them and not to a thousand.
 */
export class EventBus {
  readonly #everywhere = new Set<Subscriber>();
  readonly #perChannel = new Map<string, Set<Subscriber>>();
  readonly #places = new Map<Subscriber, readonly string[] | 'everywhere'>();

  /** Puts or moves a subscriber: to all events, or to those of the named channels. */
  place(subscriber: Subscriber, where: readonly string[] | 'everywhere'): void {
    this.remove(subscriber);
    this.#places.set(subscriber, where);
    if (where === 'everywhere') {
      this.#everywhere.add(subscriber);
      return;
    }
    for (const id of where) {
      const there = this.#perChannel.get(id);
      if (there) there.add(subscriber);
      else this.#perChannel.set(id, new Set([subscriber]));
    }
  }

  remove(subscriber: Subscriber): void {
    const where = this.#places.get(subscriber);
    this.#places.delete(subscriber);
    this.#everywhere.delete(subscriber);
    if (where === undefined || where === 'everywhere') return;
    for (const id of where) {
      const there = this.#perChannel.get(id);
      there?.delete(subscriber);
      if (there?.size === 0) this.#perChannel.delete(id);
    }
  }

  publish(what: Announcement, build: () => SwitchEvent): void {
    let event: SwitchEvent | undefined;
    const offer = (subscriber: Subscriber): void => {
      if (!subscriber.subscribes(what.name, what.subclass)) return;
      event ??= build();
      subscriber.hear(event);
    };
    for (const subscriber of this.#everywhere) offer(subscriber);
    for (const subscriber of this.#perChannel.get(what.channelId ?? '') ?? []) offer(subscriber);
  }
}
