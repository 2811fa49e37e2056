// What a caller told the flow, for the agent who takes them over: with titles that people understand, not with names of steps.
import type { Thread } from '../../app/record/thread.js';
import type { DeskAnswer } from '../../contract/live/desk.js';
import type { InteractionEvent } from '../../core/interaction/event.js';
import type { Language } from '../../core/interaction/language.js';
import { stepTitle } from '../../core/interaction/timeline/steps.js';
import type { Flow, Step } from '../../core/ivr/flow.js';
import { type StepTitle, titleIn } from '../../core/ivr/step-title.js';
import type { Centre } from '../../core/routing/centre.js';

const ANSWERS_SHOWN = 30;
const ANSWER_MAX = 200;
const READERS: readonly Language[] = ['es', 'en'];

/** `flow`: in force now; a call may have begun with an older one, whose steps may be gone. */
export interface AnswerScene {
  readonly centre: Pick<Centre, 'queues'>;
  readonly flow: (name: string) => Flow | undefined;
}

type StepFact = Extract<InteractionEvent, { type: 'flow-step' }>['data'];

/** What was typed or written in the flow of the present call: as far as the record may keep it. */
export function answersOf({ events }: Pick<Thread, 'events'>, scene: AnswerScene): DeskAnswer[] {
  const arrived = events.findLastIndex(({ event }) => event.type === 'call-arrived');
  const answers: DeskAnswer[] = [];
  for (const { event } of events.slice(Math.max(0, arrived))) {
    if (event.type !== 'flow-step') continue;
    const { step, answers: given = [] } = event.data;
    const told = toldOf(event.data, scene);
    for (const { answer } of given) {
      const said = answer['kind'] === 'digits' ? answer['digits'] : answer['kind'] === 'written' ? answer['text'] : '';
      if (typeof said !== 'string' || said === '') continue;
      answers.push({ step, ...told, answer: said.slice(0, ANSWER_MAX) });
    }
  }
  return answers.slice(-ANSWERS_SHOWN);
}

function toldOf(
  { step: place, name, outcome }: StepFact,
  { centre, flow }: AnswerScene,
): Omit<DeskAnswer, 'step' | 'answer'> {
  const [flowName = '', stepName = place] = place.split('/');
  const steps = flow(flowName)?.steps;
  const key = /^key:(.+)$/.exec(outcome)?.[1];
  const to = steps?.get(stepName)?.traits.ways.find(({ path }) => path[0] === 'keys' && String(path[1]) === key)?.to;
  const target = to === undefined ? undefined : steps?.get(to);
  const own = steps?.get(stepName)?.title;
  const title = {
    title: stepTitle(stepName, name),
    ...(own === undefined ? {} : { titles: perLanguage(own) }),
  };
  if (to === undefined || key === undefined) return title;
  const leadsTo = queueTitle(target, centre) ?? perLanguage(target?.title ?? stepTitle(to, target?.name));
  return { ...title, chose: { ...leadsTo } };
}

function queueTitle(step: Step | undefined, { queues }: AnswerScene['centre']) {
  const queue = step?.traits.kind === 'queue' ? step.traits.keys['queue'] : undefined;
  return typeof queue === 'string' ? queues.get(queue)?.title : undefined;
}

/** Names of steps are of no language. */
function perLanguage(title: StepTitle): Readonly<Record<string, string>> {
  return Object.fromEntries(READERS.map((language) => [language, titleIn(title, language) ?? '']));
}
