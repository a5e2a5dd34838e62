import { isIPv6 } from 'node:net'
import ipaddr from 'ipaddr.js'
import { DomainError } from '../errors.ts'

/**
 * Returns the client network of an address: an IPv4 address itself, or the /64 of an IPv6 address, since one client
 * usually controls all of that.
 *
 * @param address An IP address; undefined when the connection has closed.
 * @throws DomainError `client_disconnected`.
 */
export function clientNetwork(address: string | undefined): string {
  if (address === undefined) throw new DomainError('client_disconnected')
  if (!isIPv6(address)) return address
  const parsed = ipaddr.IPv6.parse(address)
  if (parsed.isIPv4MappedAddress()) return parsed.toIPv4Address().toString()
  return parsed.parts.slice(0, 4).join(':')
}
