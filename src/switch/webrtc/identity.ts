// The certificate that a WebRTC host shows in DTLS; browsers know it by its fingerprint alone.
import { randomBytes, X509Certificate } from 'node:crypto';
import { generate } from 'selfsigned';

export interface WebIdentity {
  readonly certificatePem: string;
  readonly keyPem: string;
  /** `sha-256 AB:CD:…` */
  readonly fingerprint: string;
}

export async function makeIdentity(): Promise<WebIdentity> {
  const made = await generate([{ name: 'commonName', value: 'webrtc' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
  });
  const { fingerprint256 } = new X509Certificate(made.cert);
  return { certificatePem: made.cert, keyPem: made.private, fingerprint: `sha-256 ${fingerprint256}` };
}

/** ICE credentials (RFC 8445 §5.3): hexadecimal digits are ice-chars; 32 and 128 bits of chance. */
export function iceCredentials(): { readonly ufrag: string; readonly pwd: string } {
  return { ufrag: randomBytes(4).toString('hex'), pwd: randomBytes(16).toString('hex') };
}
