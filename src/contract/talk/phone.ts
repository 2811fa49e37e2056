// The telephone in an agent's browser, on the wire: where it registers and as whom, and which devices of an agent ring.
import { z } from 'zod';
import { time } from '../wire.js';

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

export const deviceKind = z
  .enum(['browser', 'desk', 'number'])
  .describe('The telephone in the browser, one that registers by itself, or a number that is called over the trunk.');
export type DeviceKind = z.infer<typeof deviceKind>;

export const phoneDevices = z
  .object({
    devices: z
      .array(z.object({ name: z.string(), kind: deviceKind, registered: z.boolean(), number: z.string().optional() }))
      .describe('All that centre.yaml gives you, best first.'),
    kind: deviceKind.nullable().describe('Only these ring; null: all, as centre.yaml says.'),
  })
  .meta({ id: 'PhoneDevices' });
export type WirePhoneDevices = z.infer<typeof phoneDevices>;

export const deviceWish = z.strictObject({ kind: deviceKind.nullable() });

export const callAgain = z.object({
  interaction: z.string().nullable().describe('The conversation that goes on; null: there is none.'),
});
