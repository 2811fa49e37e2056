// How often each step of a flow ended how, and what surveys said: by names of the texts, never by anything callers type.
import { Counter, Histogram, type Registry } from 'prom-client';
import type { InteractionEvent } from '../core/interaction/event.js';

/** Beyond so many different label sets a step is counted as `other`: texts that change all day must not fill the memory. */
export const MAX_STEP_SERIES = 5_000;
/** Outcomes whose second half says something and has few values. The others go on with counts, reasons and names. */
const TELLING = /^(key|case|chosen):[\w*#-]{1,16}$/;
const OTHER = 'other';

type StepFact = Extract<InteractionEvent, { type: 'flow-step' }>['data'];
type SurveyFact = Extract<InteractionEvent, { type: 'survey-answered' }>['data'];

type WebFact = Extract<InteractionEvent, { type: 'web-asked' }>['data'];

/** Seconds that callers wait for another system. */
const WEB_BUCKETS_S = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 15];

export interface FlowMetrics {
  step(fact: StepFact): void;
  survey(fact: SurveyFact): void;
  asked(fact: WebFact): void;
}

export function openFlowMetrics(registers: Registry[]): FlowMetrics {
  const steps = new Counter({
    name: 'hilo_flow_steps_total',
    help: 'Steps of flows by flow, name for reports and outcome',
    labelNames: ['flow', 'step', 'outcome'],
    registers,
  });
  const surveys = new Counter({
    name: 'hilo_survey_answers_total',
    help: 'Answers to surveys by form and score',
    labelNames: ['survey', 'score'],
    registers,
  });
  // As many hosts as the centre allows.
  const asked = new Histogram({
    name: 'hilo_flow_requests_seconds',
    help: 'How long callers waited for another system, by host and what came of it, tries included',
    labelNames: ['host', 'outcome'],
    buckets: WEB_BUCKETS_S,
    registers,
  });
  const seen = new Set<string>();
  return {
    step({ step, name, outcome }) {
      const [flow = '', own = ''] = step.split('/');
      const labels = { flow, step: name ?? own, outcome: outcomeLabel(outcome) };
      const key = Object.values(labels).join(' ');
      if (!seen.has(key) && seen.size >= MAX_STEP_SERIES) {
        steps.inc({ flow: OTHER, step: OTHER, outcome: OTHER });
        return;
      }
      seen.add(key);
      steps.inc(labels);
    },
    asked: ({ host, outcome, durationMs }) => asked.observe({ host, outcome }, durationMs / 1_000),
    survey: ({ survey, score }) => surveys.inc({ survey, score: String(score) }),
  };
}

function outcomeLabel(outcome: string): string {
  return TELLING.test(outcome) ? outcome : (outcome.split(':')[0] ?? OTHER);
}
