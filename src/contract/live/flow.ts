// Callers in flows, live: where each of them stands now.

/** A flow in one of its texts, while somebody is in it. Id: flow and revision. */
export interface LiveFlow {
  readonly flow: string;
  readonly revision: string;
  /** By step; steps where nobody stands are left out. Who is in a sub-flow stands in the flow that called it as well. */
  readonly steps: Readonly<Record<string, LiveStep>>;
}

export interface LiveStep {
  readonly callers: number;
  /** Of them: who talk with a person. */
  readonly talking: number;
}
