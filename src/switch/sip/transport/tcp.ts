// SIP over TCP.
import { connect } from 'node:net';
import { openConnections } from './connections.js';
import { attachStream } from './stream-connection.js';
import type { OpenTransport } from './transport.js';

export const openTcp: OpenTransport = (binding, events, ports) =>
  openConnections(
    {
      welcome: (socket, ready) => ready(attachStream(socket)),
      // From our own address; the port is any, for the listening one cannot be shared.
      dial: ({ address: host, port }) =>
        attachStream(connect({ host, port, localAddress: binding.address }), 'connect'),
    },
    binding,
    events,
    ports,
  );
