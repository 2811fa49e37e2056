// What happens in a talk, as facts of the customer's matter.
import type { TalkEvent, TransferWay } from '../../core/interaction/talk/talk-event.js';
import type { Call } from '../call/call.js';
import type { Colleague } from './colleagues.js';
import type { Handover, TalkSide } from './side.js';

export type ConsultationResult = Extract<TalkEvent, { type: 'consultation-ended' }>['data']['result'];

export class TalkFacts {
  constructor(private readonly call: Pick<Call, 'thread' | 'segment'>) {}

  held(by: string, held: boolean): void {
    this.#note({ type: 'hold-changed', data: { segment: this.call.segment, by, held } });
  }

  muted(by: string, muted: boolean): void {
    this.#note({ type: 'mute-changed', data: { segment: this.call.segment, by, muted } });
  }

  consults(consultation: string, who: Colleague, { by, note }: Handover): void {
    const party = who.kind === 'agent' ? { kind: who.kind, name: who.agent } : { kind: who.kind, name: who.number };
    const data = { segment: this.call.segment, consultation, by, with: party };
    this.#note({ type: 'consultation-started', data: note === undefined ? data : { ...data, note } });
  }

  consulted(consultation: string, result: ConsultationResult, reason?: string): void {
    const data = { segment: this.call.segment, consultation, result };
    this.#note({ type: 'consultation-ended', data: reason === undefined ? data : { ...data, reason } });
  }

  transferred(way: TransferWay, from: TalkSide, to: string, { by, note }: Handover): void {
    const data = { segment: this.call.segment, by, way, from: from.party.name, to };
    this.#note({ type: 'transferred', data: note === undefined ? data : { ...data, note } });
  }

  joined(by: string, { party }: TalkSide): void {
    this.#note({ type: 'party-joined', data: { segment: this.call.segment, by, party } });
  }

  left({ party }: TalkSide, reason: string): void {
    this.#note({ type: 'party-left', data: { segment: this.call.segment, party, reason } });
  }

  /** The customer deals with that one from now on. */
  connected({ entry, device, party }: TalkSide): void {
    const { segment, thread } = this.call;
    thread.note({ type: 'connected', data: { segment, entry, agent: party.name, device, waitedMs: 0 } });
  }

  #note(fact: TalkEvent): void {
    this.call.thread.note(fact);
  }
}
