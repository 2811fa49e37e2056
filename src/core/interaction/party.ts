// Whom the customer dealt with in a stretch of an interaction, and who began it.

/** `in`: the customer came to us. */
export type Direction = 'in' | 'out';

export interface Party {
  readonly kind: 'customer' | 'flow' | 'queue' | 'agent' | 'number';
  /** Name of the flow, queue or agent; number or address of the rest. */
  readonly name: string;
}
