import { isIPv6 } from 'node:net'
import ipaddr from 'ipaddr.js'
import { DomainError } from '../errors.ts'

/**
 * Returns what one client is taken to hold: its IPv4 address, or the /64 of its IPv6 address.
 *
 * @param address An IP address; undefined for a connection that is closed by now.
 * @throws DomainError `client_disconnected`.
 */
export function clientNetwork(address: string | undefined): string {
  if (address === undefined) throw new DomainError('client_disconnected')
  if (!isIPv6(address)) return address
  const parsed = ipaddr.IPv6.parse(address)
  if (parsed.isIPv4MappedAddress()) return parsed.toIPv4Address().toString()
  return parsed.parts.slice(0, 4).join(':')
}
