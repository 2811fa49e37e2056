// Who may call in: the peers of the trunks and registered devices. Everybody else learns nothing.
import { BlockList, isIP } from 'node:net';
import type { TrunkConfig } from '../core/routing/centre.js';

export type Admission =
  | { readonly kind: 'trunk'; readonly trunk: string }
  /** It says it is this device and comes from where that is registered: to be proved by digest. */
  | { readonly kind: 'device'; readonly device: string }
  | { readonly kind: 'refused'; readonly reason: 'scanner' | 'stranger' };

export interface Knock {
  readonly address: string;
  readonly userAgent: string;
  /** User part of From. */
  readonly from: string | undefined;
  readonly trunks: readonly TrunkConfig[];
  /** Whether that device is registered from this address and port. */
  readonly registeredHere: (device: string) => boolean;
}

/** Tools that look for open telephone systems. */
const SCANNERS =
  /friendly-scanner|friendly-request|sipvicious|sipcli|sip-scan|sipscan|sundayddr|vaxsipuseragent|pplsip|iwar|eyebeam release 3006o/i;

export function admit(knock: Knock): Admission {
  if (SCANNERS.test(knock.userAgent)) return { kind: 'refused', reason: 'scanner' };
  if (knock.from !== undefined && knock.registeredHere(knock.from)) return { kind: 'device', device: knock.from };
  const trunk = knock.trunks.find((candidate) => isPeer(candidate, knock.address));
  return trunk === undefined ? { kind: 'refused', reason: 'stranger' } : { kind: 'trunk', trunk: trunk.name };
}

/** Ranges are read once per published trunk. */
const ranges = new WeakMap<TrunkConfig, BlockList>();

/** Whether the address is one of the trunk's peers: addresses or CIDR ranges, IPv4 or IPv6. */
export function isPeer(trunk: TrunkConfig, address: string): boolean {
  const plain = address.replace(/^\[|\]$/g, '').replace(/^::ffff:(?=\d+\.)/i, '');
  const family = isIP(plain);
  if (family === 0) return false;
  let range = ranges.get(trunk);
  if (range === undefined) {
    range = rangeOf(trunk.peers);
    ranges.set(trunk, range);
  }
  return range.check(plain, family === 6 ? 'ipv6' : 'ipv4');
}

/** Entries that are no address and no range let nobody in. */
function rangeOf(peers: readonly string[]): BlockList {
  const range = new BlockList();
  for (const peer of peers) {
    const [network = '', prefix, more] = peer.trim().split('/');
    const family = isIP(network);
    const bits = prefix === undefined ? (family === 6 ? 128 : 32) : Number(prefix);
    const valid = /^\d{1,3}$/.test(prefix ?? '0') && bits <= (family === 6 ? 128 : 32);
    if (family === 0 || more !== undefined || !valid) continue;
    range.addSubnet(network, bits, family === 6 ? 'ipv6' : 'ipv4');
  }
  return range;
}
