// Pages that may open a WebSocket to the SIP server, and those that may not.
import { expect, test } from 'vitest';
import { mayConnect, type Origins } from '../../../../src/switch/sip/transport/origin.js';

const [LOOPBACK, OUTSIDE] = ['127.0.0.1', '192.0.2.5'];

test.each<{ title: string; origin?: string; host?: string; at?: string; origins?: Origins; may: boolean }>([
  { title: 'what is no browser', may: true },
  { title: 'our page, at another port', origin: 'http://127.0.0.1:8080', may: true },
  { title: 'our page by another name of this machine', origin: 'http://localhost:8080', may: true },
  { title: 'our page over IPv6', origin: 'http://[::1]:8080', host: '[::1]:5066', at: '::1', may: true },
  { title: 'a page from elsewhere', origin: 'https://evil.example', may: false },
  {
    title: 'a name from elsewhere that leads here',
    origin: 'http://evil.example',
    host: 'evil.example:5066',
    may: false,
  },
  { title: 'a name that only begins like this machine', origin: 'http://127.0.0.1.evil.example', may: false },
  { title: 'a sandboxed page', origin: 'null', may: false },
  { title: 'no origin that could be one', origin: 'http://', may: false },
  {
    title: 'the page of a server',
    origin: 'https://centre.example',
    host: 'centre.example:7443',
    at: OUTSIDE,
    may: true,
  },
  {
    title: 'another page, to a server',
    origin: 'https://evil.example',
    host: 'centre.example:7443',
    at: OUTSIDE,
    may: false,
  },
  {
    title: 'a page of this machine, to a server',
    origin: 'http://localhost',
    host: 'centre.example',
    at: OUTSIDE,
    may: false,
  },
  { title: 'a page, without a host', origin: 'http://127.0.0.1', host: '', may: false },
  { title: 'any page, where any may', origin: 'https://evil.example', origins: 'any', may: true },
  { title: 'a page on the list', origin: 'https://Centre.example', origins: ['https://centre.example'], may: true },
  { title: 'a page not on the list', origin: 'http://127.0.0.1:8080', origins: ['https://centre.example'], may: false },
])('$title: $may', ({ origin, host = '127.0.0.1:5066', at = LOOPBACK, origins = 'own-host', may }) => {
  expect(mayConnect({ origin, host, localAddress: at }, origins)).toBe(may);
});
