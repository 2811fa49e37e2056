// Addresses of the public internet, and the look-up that gives no others: who writes flows must not reach what is behind us.
import { lookup as lookUp } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** IANA special-purpose registries (RFC 6890 and after), and ranges that embed an IPv4 address. */
const NOT_PUBLIC_V4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
];
const NOT_PUBLIC_V6: readonly (readonly [string, number])[] = [
  // Unspecified, loopback, IPv4-compatible; IPv4-mapped ones are seen as IPv4 by the list itself.
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  // Teredo, ORCHID, benchmarking and their like.
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
];

const notPublic = new BlockList();
for (const [net, prefix] of NOT_PUBLIC_V4) notPublic.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of NOT_PUBLIC_V6) notPublic.addSubnet(net, prefix, 'ipv6');

/** Whether the host of a URL is an address, not a name: that is not looked up. */
export function isLiteral(hostname: string): boolean {
  return hostname.startsWith('[') || /^\d{1,3}(\.\d{1,3}){3}$/.test(hostname);
}

/** Without the brackets that IPv6 has in URLs. */
export function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}

/** `address` without brackets or zone. */
export function isPublic(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return false;
  // An IPv4 address in an IPv6 coat (RFC 4291 §2.5.5.2), however it is written.
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return isPublic(mapped);
  return !notPublic.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

export class PrivateAddress extends Error {
  override readonly name = 'PrivateAddress';
}

/**
 * The look-up of a connection: what it gives is what is connected to, so that no second answer of the name server counts.
 * Fails with {@link PrivateAddress} when one of the addresses is not public.
 */
export const lookUpPublic: LookupFunction = (hostname, options, callback) => {
  lookUp(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) {
      callback(error, '');
      return;
    }
    const [first] = addresses;
    if (first === undefined || !addresses.every(({ address }) => isPublic(address))) {
      callback(new PrivateAddress(`${hostname} is not in the public internet`), '');
    } else if (options.all === true) {
      callback(null, addresses);
    } else {
      callback(null, first.address, first.family);
    }
  });
};
