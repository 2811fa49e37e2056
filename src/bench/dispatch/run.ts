// Several nodes on one Redis: starts them, lets callers come, kills the one that leads if asked to, and adds up what they say.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { NodePlan, NodeReport, Order, Word } from './message.js';

export interface DispatchPlan {
  readonly redisUrl: string;
  /** `node.js` as built. */
  readonly program: string;
  /** Nodes whose callers come, besides the one that leads at first. */
  readonly nodes: number;
  readonly agents: number;
  /** Of all nodes together. */
  readonly perSecond: number;
  readonly seconds: number;
  readonly holdMs: number;
  /** The leader is killed so many ms after the first caller. */
  readonly killLeaderAfterMs?: number;
}

export interface DispatchResult {
  readonly reports: readonly NodeReport[];
  /** From the death of the leader to the moment another one led, and to the next offer. */
  readonly failOver?: { readonly leadsMs: number; readonly offersMs: number };
}

/** Callers who came last still have to be served. */
const DRAIN_MS = 2_500;
const ANSWER_LIMIT_MS = 30_000;

interface Running {
  readonly child: ChildProcess;
  readonly leads: number[];
}

export async function runDispatch(plan: DispatchPlan): Promise<DispatchResult> {
  const leader = await startNode(plan, { node: 'leader', fills: true });
  const others: Running[] = [];
  try {
    // One after the other, so that the first one leads.
    for (let n = 0; n < plan.nodes; n += 1) others.push(await startNode(plan, { node: `n${n + 1}`, fills: false }));
    const perSecond = plan.perSecond / plan.nodes;
    for (const { child } of others)
      tell(child, { type: 'begin', perSecond, seconds: plan.seconds, holdMs: plan.holdMs });
    let diedAtMs: number | undefined;
    if (plan.killLeaderAfterMs !== undefined) {
      await passed(plan.killLeaderAfterMs);
      leader.child.kill('SIGKILL');
      await once(leader.child, 'exit');
      diedAtMs = Date.now();
    }
    await passed(plan.seconds * 1000 - (plan.killLeaderAfterMs ?? 0) + DRAIN_MS);
    const reports = await Promise.all(others.map(({ child }) => reportOf(child)));
    return diedAtMs === undefined ? { reports } : { reports, failOver: failOverOf(diedAtMs, others, reports) };
  } finally {
    for (const { child } of [leader, ...others]) if (child.exitCode === null) child.kill('SIGKILL');
  }
}

function failOverOf(diedAtMs: number, others: readonly Running[], reports: readonly NodeReport[]) {
  const first = (times: readonly number[]): number => Math.min(...times.filter((atMs) => atMs >= diedAtMs));
  return {
    leadsMs: first(others.flatMap(({ leads }) => leads)) - diedAtMs,
    offersMs: first(reports.flatMap(({ offersAtMs }) => offersAtMs)) - diedAtMs,
  };
}

async function startNode(plan: DispatchPlan, own: Pick<NodePlan, 'node' | 'fills'>): Promise<Running> {
  const nodePlan: NodePlan = { ...own, redisUrl: plan.redisUrl, agents: plan.agents };
  const child = fork(plan.program, [JSON.stringify(nodePlan)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const leads: number[] = [];
  child.on('message', (word: Word) => {
    if (word.type === 'leads') leads.push(word.atMs);
  });
  await heard(child, (word) => word.type === 'ready');
  return { child, leads };
}

async function reportOf(child: ChildProcess): Promise<NodeReport> {
  const answer = heard(child, (word) => word.type === 'report');
  tell(child, { type: 'end' });
  const word = await answer;
  if (word.type !== 'report') throw new Error('no report');
  return word.report;
}

function tell(child: ChildProcess, order: Order): void {
  child.send(order);
}

function heard(child: ChildProcess, is: (word: Word) => boolean): Promise<Word> {
  return new Promise((resolve, reject) => {
    const listener = (word: Word): void => {
      if (is(word)) settle(() => resolve(word));
    };
    const gone = (): void => settle(() => reject(new Error('a node ended by itself')));
    const timer = setTimeout(() => settle(() => reject(new Error('a node does not answer'))), ANSWER_LIMIT_MS);
    const settle = (then: () => void): void => {
      clearTimeout(timer);
      child.off('message', listener);
      child.off('exit', gone);
      then();
    };
    child.on('message', listener);
    child.once('exit', gone);
  });
}

function passed(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
