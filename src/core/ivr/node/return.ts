// `return`: ends a sub-flow; the flow that called it goes on. At the top it ends the call.
import { stepKind } from '../step-kind.js';

const about = {
  summary: 'Ends a sub-flow: the flow that called it goes on. In the first flow it ends the call.',
  example: `
do: return`,
  keys: {},
};

export const returnStep = stepKind(about, () => ({ enter: () => ({ kind: 'return' }) }));
