// What happens next to an agent, in a sentence.
import type { WireAgent } from '../../contract/agent.js';
import { clockText } from '../texts/duration.js';
import type { DeskTexts } from './texts.js';

export function nextText(agent: WireAgent, nowMs: number, texts: DeskTexts): string {
  const { next, states } = texts;
  const left = (time: string | undefined): number => (time === undefined ? 0 : (Date.parse(time) - nowMs) / 1_000);
  const afterwards = states[agent.afterwards?.state ?? 'available'];
  switch (agent.state) {
    case 'offline':
      return agent.devices.some(({ registered }) => registered) ? next.offline : next.noPhone;
    case 'available': {
      const restS = left(agent.backOffUntil);
      return restS > 0 ? next.resting(clockText(restS)) : next.available;
    }
    case 'break':
      return next.break;
    case 'ringing':
      return next.ringing(clockText(left(agent.until)));
    case 'busy':
      return next.busy(afterwards);
    case 'wrap-up':
      return next.wrapUp(clockText(left(agent.until)), afterwards);
  }
}

/** Of a break in the words of the centre, else Hilo's own reasons, else as it is. */
export function reasonText(
  reason: string,
  breaks: readonly { readonly name: string; readonly title: Readonly<Record<string, string>> }[],
  language: string,
  texts: DeskTexts,
): string {
  const known: Readonly<Record<string, string>> = texts.reasons;
  return breaks.find(({ name }) => name === reason)?.title[language] ?? known[reason] ?? reason;
}
