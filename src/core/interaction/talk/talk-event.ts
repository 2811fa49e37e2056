// What people do while they talk: hold, ask a colleague, pass the customer on, several together; and what they note about it.

/** Somebody on our side of the line: an agent, or an outside number. */
export interface TalkParty {
  readonly kind: 'agent' | 'number';
  readonly name: string;
}

/**
 * `blind`: sent on without asking; `attended`: after a consultation; `taken-over`: a supervisor took the customer; `lost`: the
 * agent's connection was lost, and the customer goes back to the queue.
 */
export type TransferWay = 'blind' | 'attended' | 'taken-over' | 'lost';

/** `by`: the user who did it. `segment`: of the customer's call. */
export type TalkEvent =
  | { readonly type: 'hold-changed'; readonly data: { segment: string; by: string; held: boolean } }
  | { readonly type: 'mute-changed'; readonly data: { segment: string; by: string; muted: boolean } }
  /** `recording`: as in `recording-started`. Until it is resumed there is silence in it. */
  | { readonly type: 'recording-paused'; readonly data: { segment: string; recording: string; by: string } }
  | { readonly type: 'recording-resumed'; readonly data: { segment: string; recording: string; by: string } }
  | {
      readonly type: 'consultation-started';
      readonly data: { segment: string; consultation: string; by: string; with: TalkParty; note?: string };
    }
  | {
      readonly type: 'consultation-ended';
      readonly data: {
        segment: string;
        consultation: string;
        result: 'completed' | 'cancelled' | 'joined' | 'not-reached' | 'hung-up';
        reason?: string;
      };
    }
  | {
      readonly type: 'transferred';
      readonly data: { segment: string; by: string; way: TransferWay; from: string; to: string; note?: string };
    }
  /** Nobody was there to whom the customer was sent: back to a queue, or told so. */
  | { readonly type: 'transfer-failed'; readonly data: { segment: string; to: string; reason: string; next: string } }
  /** A supervisor ended the conversation of everybody in it; `agent`: whom the customer dealt with. */
  | { readonly type: 'talk-cut-off'; readonly data: { segment: string; by: string; agent: string } }
  | { readonly type: 'party-joined'; readonly data: { segment: string; by: string; party: TalkParty } }
  | { readonly type: 'party-left'; readonly data: { segment: string; party: TalkParty; reason: string } }
  | {
      readonly type: 'disposition-set';
      readonly data: { entry: string; agent: string; by: string; code: string; queue?: string; note?: string };
    }
  /** The wrap-up was over and the code that the queue wants was not there. */
  | { readonly type: 'disposition-missing'; readonly data: { entry: string; agent: string; queue: string } }
  | { readonly type: 'note-added'; readonly data: { by: string; text: string } }
  /** A supervisor put somebody who waits more or less to the front. */
  | { readonly type: 'priority-changed'; readonly data: { entry: string; queue: string; priority: number; by: string } }
  /** A supervisor sent a caller who waits to another queue; leaving the one and joining the other are told besides. */
  | { readonly type: 'queue-changed'; readonly data: { entry: string; queue: string; to: string; by: string } };

export type TalkEventType = TalkEvent['type'];
