// How much one flow may hold. How far one call may go in it is set by the centre: document/run-limits.ts.

export const MAX_STEPS_PER_FLOW = 300;
export const MAX_PROMPT_PARTS = 12;
export const MAX_CASES = 30;
export const MAX_VARIABLES = 50;
export const MAX_LANGUAGES = 20;
export const MAX_STEP_TITLE_CHARS = 80;
export const MAX_TRIES = 10;
/** Longest text a variable may hold. */
export const MAX_VALUE_CHARS = 500;
/** Facts of the call that come from the network are cut to this. */
export const MAX_FACT_CHARS = 200;
export const MAX_EXPRESSION_CHARS = 500;
/** Flows inside each other. */
export const MAX_FLOW_DEPTH = 6;
