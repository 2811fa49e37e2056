// Binds the port of a text stream in the range of the audio ports.
import type { Clock } from '../../lib/clock.js';
import type { PortPool } from '../rtp/port-pool.js';
import { openSocketPair } from '../rtp/socket-pair.js';
import { TextStream } from './text-stream.js';

/** Ports tried when others on the machine hold some of the range. */
const BIND_ATTEMPTS_MAX = 8;

export interface TextPlace {
  readonly address: string;
  readonly ports: PortPool;
  readonly clock: Clock;
  readonly random32: () => number;
  readonly onClosed: (stream: TextStream) => void;
}

/** Rejects when no port is to be had. The port goes back to the pool when the stream is closed. */
export async function openTextStream({ address, ports, clock, random32, onClosed }: TextPlace): Promise<TextStream> {
  for (let attempt = 0; attempt < BIND_ATTEMPTS_MAX; attempt++) {
    const port = ports.take();
    if (port === undefined) throw new Error('all RTP ports are taken');
    const stream = new TextStream({
      local: { address, port },
      clock,
      random32,
      onClosed: () => {
        ports.give(port);
        onClosed(stream);
      },
    });
    try {
      const sockets = await openSocketPair(address, port, {
        onRtp: (datagram, source) => stream.receive(datagram, source),
        onRtcp: () => undefined, // text has no use for reports
        onDead: () => void stream.close(),
      });
      stream.attach(sockets);
      return stream;
    } catch (error) {
      ports.give(port);
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
  throw new Error(`no free RTP port in ${BIND_ATTEMPTS_MAX} attempts`);
}
