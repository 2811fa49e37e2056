// Whom the draft touches, with what goes on there at this moment.
import { Text, Title } from '@mantine/core';
import type { Touched } from '../../core/routing/effect/touched.js';
import { useLive } from '../live/live.js';
import { useTexts } from '../texts/language.js';
import { centreTexts } from './texts/texts.js';

/** The rest is told as a number. */
const SHOWN_MAX = 20;
const AT_WORK = ['available', 'ringing', 'busy', 'wrap-up'];

export function WhomItTouches({ touched }: { readonly touched: Touched }) {
  const texts = useTexts(centreTexts);
  const [queues, agents] = [useLive('queue'), useLive('agent')];
  const waiting = (name: string): string => {
    const count = queues.get(name)?.waiting ?? 0;
    return count === 0 ? name : `${name} (${texts.waitingNow(count)})`;
  };
  const working = (name: string): string =>
    AT_WORK.includes(agents.get(name)?.state ?? '') ? `${name} (${texts.atWork})` : name;
  const lines = [
    [texts.touchedQueues, touched.queues.map(waiting)],
    [texts.touchedAgents, touched.agents.map(working)],
    [texts.touchedNumbers, touched.numbers],
    [texts.touchedFlows, touched.flows],
  ] as const;
  const told = lines.filter(([, names]) => names.length > 0);
  if (told.length === 0) return null;
  return (
    <section aria-labelledby="touched">
      <Title order={3} size="h5" id="touched">
        {texts.touched}
      </Title>
      {told.map(([what, names]) => (
        <Text key={what}>
          {what}: {names.slice(0, SHOWN_MAX).join(', ')}
          {names.length > SHOWN_MAX && ` ${texts.andMore(names.length - SHOWN_MAX)}`}
        </Text>
      ))}
    </section>
  );
}
