// `return`: ends a sub-flow; the flow that called it goes on. At the top it ends the call.
import { stepKind } from '../step-kind.js';

export const returnStep = stepKind({}, () => ({ enter: () => ({ kind: 'return' }) }));
