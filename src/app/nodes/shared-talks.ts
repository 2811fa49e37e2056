// The talks of all nodes, for whoever looks on at this one: told by the nodes that hold them, only while somebody looks.
//
//  looker                          every node
//    │── looking (every 2 s) ──────▶│  told of changes for so long
//    │◀─ news: cards, numbered ─────│  whole at first, and again when a number is missing
import type { Discrepancy } from '../../core/interaction/accounts.js';
import type { Clock, Timer } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import type { TalkCard, TalkCards } from '../talk/talk-cards.js';
import { EVERYBODY, type Letters, letterOf } from './letters.js';

export const LOOK_EVERY_MS = 2_000;
/** Who was not heard of for so long looks on no more, or has gone. */
export const SILENT_MS = 7_000;
/** Changes of one talk within this time are told as one. */
const GATHER_MS = 100;
/** In one letter, so that it stays well below what a letter may be. */
export const CARDS_PER_LETTER = 500;
/** Of each node; a number says how many there are. */
export const ITEMS_SHOWN = 20;

/** Calls of a node that only one part of it knows. */
export interface Unaccounted {
  readonly count: number;
  /** The first of them. */
  readonly items: readonly Discrepancy[];
}

interface Looking {
  readonly kind: 'looking';
  readonly from: string;
  /** Everything is wanted: by all nodes, or by the one it is sent to. */
  readonly afresh: boolean;
}

interface News {
  readonly kind: 'news';
  readonly from: string;
  /** Counts up by one for each looker. */
  readonly number: number;
  /** In place of all that was told. */
  readonly whole: boolean;
  readonly cards: readonly TalkCard[];
  readonly gone: readonly string[];
  readonly unaccounted: Unaccounted;
}

export interface NodeDiscrepancy {
  readonly kind: Discrepancy['kind'];
  readonly id: string;
  readonly node: string;
  readonly interaction?: string;
}

interface Looker {
  untilMs: number;
  number: number;
}

interface Node {
  readonly cards: Map<string, TalkCard>;
  number: number;
  unaccounted: Unaccounted;
  heardMs: number;
}

export interface SharedTalksPorts {
  readonly letters: Letters;
  readonly cards: Pick<TalkCards, 'of' | 'leads' | 'all' | 'onChange'>;
  readonly unaccounted: () => Unaccounted;
  readonly node: string;
  readonly clock: Clock;
  readonly log: Log;
}

export class SharedTalks {
  readonly #ports: SharedTalksPorts;
  /** Nodes at which somebody looks on. */
  readonly #lookers = new Map<string, Looker>();
  /** What others have told. */
  readonly #nodes = new Map<string, Node>();
  readonly #listeners = new Set<(interaction: string) => void>();
  readonly #changed = new Set<string>();
  readonly #stops: readonly (() => void)[];
  #telling: Timer | undefined;
  #looking: Timer | undefined;

  constructor(ports: SharedTalksPorts) {
    this.#ports = ports;
    this.#stops = [
      ports.letters.listen(ports.node, (text) => this.#received(text)),
      ports.cards.onChange((interaction) => this.#ownChanged(interaction)),
    ];
  }

  /** The talk, on whichever node; undefined: there is none, or its node has not told yet. */
  of(interaction: string): TalkCard | undefined {
    return this.#ports.cards.of(interaction) ?? this.#told(interaction);
  }

  /** Whom the customer deals with, by name: cheaper than the card. */
  leads(interaction: string): string | undefined {
    return this.#ports.cards.leads(interaction) ?? this.#told(interaction)?.parties[0]?.name;
  }

  #told(interaction: string): TalkCard | undefined {
    for (const { cards } of this.#nodes.values()) {
      const card = cards.get(interaction);
      if (card !== undefined) return card;
    }
    return undefined;
  }

  /** Of all nodes, this one included. */
  unaccounted(): { readonly count: number; readonly items: readonly NodeDiscrepancy[] } {
    const { node, unaccounted } = this.#ports;
    const all = [
      [node, unaccounted()] as const,
      ...[...this.#nodes].map(([name, of]) => [name, of.unaccounted] as const),
    ];
    return {
      count: all.reduce((sum, [, { count }]) => sum + count, 0),
      items: all.flatMap(([name, { items }]) => items.slice(0, ITEMS_SHOWN).map((item) => itemOf(name, item))),
    };
  }

  /** Calls `listener` with the interaction whose card may be another one now; returns how to stop that. */
  look(listener: (interaction: string) => void): () => void {
    this.#listeners.add(listener);
    if (this.#looking === undefined) this.#ask(true);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#looking?.cancel();
      this.#looking = undefined;
      this.#nodes.clear();
    };
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#telling?.cancel();
    this.#looking?.cancel();
    this.#listeners.clear();
  }

  // ── As a looker ───────────────────────────────────────────────────────────────────────────────────────────────────

  #ask(afresh: boolean): void {
    const { node: from, clock } = this.#ports;
    this.#send(EVERYBODY, { kind: 'looking', from, afresh });
    for (const [name, { heardMs, cards }] of this.#nodes) {
      if (clock.monotonicMs() - heardMs <= SILENT_MS) continue;
      this.#nodes.delete(name);
      this.#tell(cards.keys());
    }
    this.#looking = clock.after(LOOK_EVERY_MS, () => this.#ask(false));
  }

  #heard({ from, number, whole, cards, gone, unaccounted }: News): void {
    if (this.#looking === undefined) return;
    const { node, clock } = this.#ports;
    const known = this.#nodes.get(from);
    if (known === undefined ? !whole : number !== known.number + 1 && !whole) {
      // Something was lost on the way: what is known stays until the whole comes.
      this.#send(from, { kind: 'looking', from: node, afresh: true });
      if (known !== undefined) known.heardMs = clock.monotonicMs();
      return;
    }
    const before = whole ? [...(known?.cards.keys() ?? [])] : [];
    const next = whole || known === undefined ? new Map<string, TalkCard>() : known.cards;
    for (const id of gone) next.delete(id);
    for (const card of cards) next.set(card.interaction, card);
    this.#nodes.set(from, { cards: next, number, unaccounted, heardMs: clock.monotonicMs() });
    this.#tell([...before, ...gone, ...cards.map(({ interaction }) => interaction)]);
  }

  #tell(interactions: Iterable<string>): void {
    for (const interaction of interactions) for (const listener of this.#listeners) listener(interaction);
  }

  // ── As a node that is looked at ───────────────────────────────────────────────────────────────────────────────────

  #received(text: string): void {
    const letter = letterOf(text, 'looking', 'news') as Looking | News | undefined;
    if (letter === undefined || letter.from === this.#ports.node) return;
    if (letter.kind === 'news') this.#heard(letter);
    else this.#lookedAt(letter);
  }

  #lookedAt({ from, afresh }: Looking): void {
    const { clock, cards } = this.#ports;
    const known = this.#lookers.get(from);
    const looker = known ?? { untilMs: 0, number: 0 };
    looker.untilMs = clock.monotonicMs() + SILENT_MS;
    this.#lookers.set(from, looker);
    if (known !== undefined && !afresh) {
      this.#newsTo(from, looker, false, [], []);
      return;
    }
    const all = cards.all();
    this.#newsTo(from, looker, true, all.slice(0, CARDS_PER_LETTER), []);
    for (let at = CARDS_PER_LETTER; at < all.length; at += CARDS_PER_LETTER) {
      this.#newsTo(from, looker, false, all.slice(at, at + CARDS_PER_LETTER), []);
    }
  }

  #ownChanged(interaction: string): void {
    this.#tell([interaction]);
    if (this.#lookers.size === 0) return;
    this.#changed.add(interaction);
    this.#telling ??= this.#ports.clock.after(GATHER_MS, () => this.#tellLookers());
  }

  #tellLookers(): void {
    const { clock, cards } = this.#ports;
    this.#telling = undefined;
    const changed = [...this.#changed].map((id) => ({ id, card: cards.of(id) }));
    this.#changed.clear();
    const present = changed.flatMap(({ card }) => (card === undefined ? [] : [card]));
    const gone = changed.flatMap(({ id, card }) => (card === undefined ? [id] : []));
    for (const [node, looker] of this.#lookers) {
      if (clock.monotonicMs() > looker.untilMs) this.#lookers.delete(node);
      else this.#newsTo(node, looker, false, present, gone);
    }
  }

  #newsTo(node: string, looker: Looker, whole: boolean, cards: readonly TalkCard[], gone: readonly string[]): void {
    looker.number += 1;
    const { node: from, unaccounted } = this.#ports;
    const { number } = looker;
    this.#send(node, { kind: 'news', from, number, whole, cards, gone, unaccounted: unaccounted() });
  }

  #send(node: string, letter: Looking | News): void {
    // What is lost is noticed by its number, or asked for again with the next look.
    this.#ports.letters.send(node, JSON.stringify(letter)).catch((error: unknown) => {
      this.#ports.log.debug({ error: String(error), node }, 'a letter about talks is lost');
    });
  }
}

function itemOf(node: string, item: Discrepancy): NodeDiscrepancy {
  const { kind, id } = item;
  return { kind, id, node, ...('interaction' in item ? { interaction: item.interaction } : {}) };
}
