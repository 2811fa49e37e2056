// What people do about what is owed to customers: calls by hand, voice messages heard and dealt with, matters that somebody takes.

/** `by`: the user who did it; `agent`: whose it is. */
export type OwedEvent =
  /** The agent wants to talk with the customer: the agent's own telephone rings first. `entry` names the call for the live state. */
  | { readonly type: 'call-placed'; readonly data: { agent: string; number: string; entry: string } }
  /** It did not come to dialling the customer. */
  | { readonly type: 'call-not-placed'; readonly data: { agent: string; number: string; reason: string } }
  /** For the first time. `recording`: as in `voicemail-left`. */
  | { readonly type: 'voicemail-heard'; readonly data: { recording: string; by: string } }
  /** Dealt with: nobody has to do anything about it any more. */
  | { readonly type: 'voicemail-done'; readonly data: { recording: string; by: string; note?: string } }
  | { readonly type: 'voicemail-reopened'; readonly data: { recording: string; by: string } }
  /** Somebody looks after the matter, so that nobody else does. */
  | { readonly type: 'matter-taken'; readonly data: { agent: string; by: string } }
  | { readonly type: 'matter-released'; readonly data: { agent: string; by: string } }
  /** A lost customer is owed nothing any more. `recovered`: got back in a way that Hilo has not seen. */
  | { readonly type: 'lost-settled'; readonly data: { by: string; as: 'recovered' | 'dismissed'; note?: string } };
