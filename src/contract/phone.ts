// The telephone in an agent's browser, on the wire: where it registers and as whom, and which devices of an agent ring.
import { z } from 'zod';
import { time } from './wire.js';

export const phoneAccount = z
  .object({
    server: z.string().describe('SIP over WebSocket (RFC 7118): `ws://…` on this machine, else `wss://…`.'),
    uri: z.string().describe('Address of record, `sip:ana-web@hilo.example`.'),
    device: z.string(),
    user: z.string().describe('For the digest; not the device’s own name, and good for this device only.'),
    password: z.string(),
    expiresAt: time.describe('A new one is asked for until then; what is registered stays so until it expires.'),
  })
  .meta({ id: 'PhoneAccount' });
export type WirePhoneAccount = z.infer<typeof phoneAccount>;
