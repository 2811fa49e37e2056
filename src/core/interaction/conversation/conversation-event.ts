// Facts of written conversations between a customer and an agent, besides the messages themselves and the work that each is.

/** What agents have beside calls. */
export type WorkedKind = 'message' | 'task';

/** A file that goes with a message. */
export interface Attachment {
  readonly id: string;
  /** As the sender called it, made harmless. */
  readonly name: string;
  /** By what is in it; absent: not fetched yet, `attachment-stored` will tell. */
  readonly type?: string;
  readonly bytes?: number;
  /** What the channel finds it by, of a customer's. */
  readonly source?: string;
}

/** The approved text that a message was written with. */
export interface UsedTemplate {
  readonly name: string;
  /** As the provider knows it. */
  readonly sentAs: string;
  readonly parameters: readonly string[];
}

export type ConversationEvent =
  /** Fetched from the provider and on our disk. */
  | {
      readonly type: 'attachment-stored';
      readonly data: { attachment: string; name: string; type: string; bytes: number };
    }
  | { readonly type: 'attachment-refused'; readonly data: { attachment: string; name: string; reason: string } }
  /** The agent has seen the customer's messages up to that one. */
  | { readonly type: 'messages-read'; readonly data: { entry: string; agent: string; message: string } }
  /** The agent does not have it any more; it waits again. `to`: for whom it is kept. `agent-left`: nobody passed it on. */
  | {
      readonly type: 'work-passed';
      readonly data: {
        entry: string;
        kind: WorkedKind;
        from: string;
        by: string;
        reason: 'transferred' | 'agent-left';
        queue: string;
        to?: string;
        note?: string;
      };
    };

export type ConversationEventType = ConversationEvent['type'];
