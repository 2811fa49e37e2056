// SIP over TCP.
import { connect, createServer } from 'node:net';
import { openStream } from './stream.js';
import type { OpenTransport } from './transport.js';

export const openTcp: OpenTransport = (binding, events, ports) => {
  const server = createServer();
  return openStream(
    {
      server,
      event: 'connection',
      // From our own address; the port is any, for the listening one cannot be shared.
      dial: (to) => connect({ host: to.address, port: to.port, localAddress: binding.address }),
    },
    binding,
    events,
    ports,
  );
};
