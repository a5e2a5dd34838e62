import ipaddr from 'ipaddr.js'
import { DomainError } from '../errors.ts'

const BITS_OF_PART = 16

/**
 * Returns the client network of an address: an IPv4 address itself, or a range of IPv6 addresses that one client controls.
 *
 * @param address An IP address; undefined when the connection has closed.
 * @param options `ipv6`: the prefix length of that range. A host usually has a /64, a site up to a /48.
 * @throws DomainError `client_disconnected`.
 */
export function clientNetwork(address: string | undefined, { ipv6 }: { readonly ipv6: 48 | 64 }): string {
  if (address === undefined) throw new DomainError('client_disconnected')
  // Most are IPv4, which this tells at once. Node.js accepts more as IPv6 than the parser does, such as `::%.`.
  if (!address.includes(':') || !ipaddr.IPv6.isValid(address)) return address
  const parsed = ipaddr.IPv6.parse(address)
  if (parsed.isIPv4MappedAddress()) return parsed.toIPv4Address().toString()
  return parsed.parts.slice(0, ipv6 / BITS_OF_PART).join(':')
}
