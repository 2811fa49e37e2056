// How agents write up what was talked about: for how long, and under which codes.

export type WrapUp =
  | { readonly mode: 'none' }
  | { readonly mode: 'fixed'; readonly ms: number }
  /** Until the agent says so; `mostMs` is for those who forget it. */
  | { readonly mode: 'until-done'; readonly mostMs: number }
  /** For `ms`, which the agent may prolong by `byMs` at a time, up to `mostMs` in all. */
  | { readonly mode: 'prolongable'; readonly ms: number; readonly byMs: number; readonly mostMs: number };

export interface Dispositions {
  /** Code → title per language. */
  readonly codes: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Until one is set the agent cannot end the wrap-up by hand. */
  readonly required: boolean;
}

/** When the wrap-up ends by itself, in ms from its beginning; 0 = there is none. */
export function wrapUpMsOf(wrapUp: WrapUp): number {
  switch (wrapUp.mode) {
    case 'none':
      return 0;
    case 'until-done':
      return wrapUp.mostMs;
    default:
      return wrapUp.ms;
  }
}
