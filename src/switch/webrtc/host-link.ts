// The line from a media worker to its WebRTC host: a child process, or the same thing in this thread.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../../lib/clock.js';
import { FrameReader, FrameWriter } from './frames.js';
import type { WebCommand, WebHostListener, WebReport, WebSettings } from './messages.js';
import type { WebHost } from './web-host.js';

/** A host that has been told to end and does not is killed. */
const STOP_LIMIT_MS = 2_000;

export interface WebHostLink {
  command(command: WebCommand): void;
  /** The packet's memory may be used again after the call. */
  send(peer: number, packet: Buffer): void;
  close(): void;
}

export interface WebLinkListener extends WebHostListener {
  /** The host is gone with all its connections. Not told after {@link WebHostLink.close}. */
  onLost(reason: string): void;
}

export type OpenWebHost = (settings: WebSettings, clock: Clock, listener: WebLinkListener) => WebHostLink;

/** Starts `host-process.js` beside this file. */
export function startHostProcess(settings: WebSettings, clock: Clock, listener: WebLinkListener): WebHostLink {
  const entry = fileURLToPath(new URL('./host-process.js', import.meta.url));
  const child = spawn(process.execPath, [entry, JSON.stringify(settings)], { stdio: ['pipe', 'pipe', 'inherit'] });
  let isClosed = false;
  const lose = (reason: string): void => {
    if (isClosed) return;
    isClosed = true;
    listener.onLost(reason);
  };
  child.on('error', (error) => lose(String(error)));
  child.on('exit', (code, signal) => lose(`WebRTC host ended with ${signal ?? `code ${code}`}`));
  child.stdin.on('error', (error) => lose(String(error)));
  child.stdout.on('error', (error) => lose(String(error)));
  const writer = new FrameWriter(child.stdin);
  const reader = new FrameReader({
    onMessage: (report) => listener.onReport(report as WebReport),
    onPacket: (peer, packet) => listener.onPacket(peer, packet),
  });
  child.stdout.on('data', (bytes: Buffer) => reader.read(bytes));
  return {
    command: (command) => void (isClosed || writer.message(command)),
    send: (peer, packet) => void (isClosed || writer.packet(peer, packet)),
    close() {
      isClosed = true;
      child.stdin.end();
      const timer = clock.after(STOP_LIMIT_MS, () => child.kill('SIGKILL'));
      child.once('exit', () => timer.cancel());
    },
  };
}

/** Runs the host in this thread: for tests, one per process. */
export function startHostInline(settings: WebSettings, clock: Clock, listener: WebLinkListener): WebHostLink {
  let host: WebHost | undefined;
  let isClosed = false;
  const waiting: WebCommand[] = [];
  // Loaded only where it is wanted: native code that may not be in a second thread.
  const opening = import('./web-host.js').then(({ openWebHost }) => openWebHost(settings, clock, listener));
  opening.then(
    (opened) => {
      host = opened;
      if (isClosed) opened.close();
      else for (const command of waiting) opened.handle(command);
    },
    (error: unknown) => listener.onReport({ type: 'unavailable', reason: String(error) }),
  );
  return {
    command(command) {
      if (host) host.handle(command);
      else waiting.push(command);
    },
    send: (peer, packet) => host?.send(peer, packet),
    close() {
      isClosed = true;
      host?.close();
    },
  };
}
