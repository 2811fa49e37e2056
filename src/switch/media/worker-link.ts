// The line to one media worker: a thread, or the same thing in this thread.
import { MessageChannel, type Transferable, Worker } from 'node:worker_threads';
import type { Clock } from '../../lib/clock.js';
import { startHostInline } from '../webrtc/host-link.js';
import { MediaCore } from './media-core.js';
import type { Command, Report, WorkerSettings } from './messages.js';

export interface WorkerLink {
  post(command: Command, transfer?: readonly Transferable[]): void;
  /** Ends the thread, whatever it does. Expected: no `onLost`. */
  terminate(): Promise<void>;
}

export interface WorkerListener {
  onReport(report: Report): void;
  /** The thread has died. */
  onLost(reason: string): void;
}

/** Starts `worker.js` beside this file in a thread of its own. */
export function startThread(settings: WorkerSettings, listener: WorkerListener): WorkerLink {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: settings });
  let reason: string | undefined;
  let isExpected = false;
  worker.on('message', (report: Report) => {
    if (report.type === 'stopped') isExpected = true;
    listener.onReport(report);
  });
  worker.on('error', (error) => {
    reason = String(error);
  });
  worker.on('exit', (code) => {
    if (!isExpected) listener.onLost(reason ?? `media worker ended with code ${code}`);
  });
  return {
    post: (command, transfer = []) => worker.postMessage(command, [...transfer]),
    async terminate() {
      isExpected = true;
      await worker.terminate();
    },
  };
}

/** Runs the media in this thread; messages still cross a channel, so that nothing is shared. */
export function startInline(settings: WorkerSettings, listener: WorkerListener, clock: Clock): WorkerLink {
  const { port1, port2 } = new MessageChannel();
  const core = new MediaCore(settings, clock, (report) => port2.postMessage(report), startHostInline);
  port2.on('message', (command: Command) => core.carryOut(command));
  port1.on('message', (report: Report) => listener.onReport(report));
  return {
    post: (command, transfer = []) => port1.postMessage(command, [...transfer]),
    async terminate() {
      port1.close();
    },
  };
}
