import { isIP } from 'node:net';

/** Groups of an IPv6 address that name a network; who has one has all addresses in it. */
const NETWORK = 4;

/** What the limits take for one address: an IPv4 address, or the /64 network of an IPv6 address; undefined for what is none. */
export function networkOf(address = ''): string | undefined {
  const version = isIP(address);
  if (version !== 6) return version ? address : undefined;
  const [head, tail = []] = address.split('::').map(part => part.split(':').filter(Boolean));
  const zeros = Array<string>(8 - head.length - tail.length).fill('0');
  const groups = [...head, ...zeros, ...tail].slice(0, NETWORK).map(group => parseInt(group, 16).toString(16));
  return `${groups.join(':')}::/64`;
}
