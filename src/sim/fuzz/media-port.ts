// Where the media server listens for SIP: it is asked by the event socket, as drachtio-fsmrf asks.
import { connect } from 'node:net';
import { systemClock } from '../../lib/clock.js';
import { withTimeOut } from '../../lib/time-out.js';
import type { SwitchUnderTest } from './switch-under-test.js';

const LIMIT_MS = 10_000;

export async function askMediaPort({
  eventSocketPort,
  secret,
}: Pick<SwitchUnderTest, 'eventSocketPort' | 'secret'>): Promise<number> {
  const socket = connect({ host: '127.0.0.1', port: eventSocketPort });
  const answer = new Promise<number>((resolve, reject) => {
    let text = '';
    socket.on('error', reject);
    socket.on('data', (piece: Buffer) => {
      text += piece.toString();
      const port = /sip:mod_sofia@[\d.]+:(\d+)/.exec(text)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
    socket.write(`auth ${secret}\n\napi sofia status\n\n`);
  });
  try {
    return await withTimeOut(systemClock, 'the port of the media server', LIMIT_MS, answer);
  } finally {
    socket.destroy();
  }
}
