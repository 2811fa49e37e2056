// What the last customers of a queue went through, as a list that grows by what each fact teaches: the material of estimates.
import type { QueueSample } from '../../interaction/report/wait-samples.js';
import { MOST_SAMPLES } from './estimate.js';

/** Of both kinds together. */
const KEPT_MAX = 2 * MOST_SAMPLES;

/** Oldest first. Talk and wrap-up of one call are one sample. */
export function withSample(samples: readonly QueueSample[], sample: QueueSample): readonly QueueSample[] {
  const isHandled = sample.kind === 'handled';
  const talk = isHandled
    ? samples.findLast(({ entry, kind }) => entry === sample.entry && kind === 'handled')
    : undefined;
  const others = talk === undefined ? samples : samples.filter((one) => one !== talk);
  return [...others, { ...sample, ms: sample.ms + (talk?.ms ?? 0) }].slice(-KEPT_MAX);
}
