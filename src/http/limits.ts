import { isIPv6 } from 'node:net'
import type { FastifyRequest } from 'fastify'
import ipaddr from 'ipaddr.js'
import { derive, type KeyRing } from '../crypto/keys.ts'
import { DomainError } from '../errors.ts'
import type { Budget } from '../limits/budget.ts'
import type { RateStore } from '../limits/store.ts'

const REMEMBERED_CLIENTS = 8192

/** What may be asked for in a window, by one address or by one account. */
export interface RateLimits {
  readonly create: Budget
  readonly reveal: Budget
  readonly accountCreate: Budget
  readonly accountReveal: Budget
}

/** Counts one request against its caller's budget. */
export type Limiter = (request: FastifyRequest, what: 'create' | 'reveal') => Promise<void>

/**
 * @param limits Undefined for none.
 * @param now Unix milliseconds.
 * @returns A limiter that counts in the store, so that all processes share it; it throws DomainError `rate_limited`.
 */
export function createLimiter(
  rates: RateStore,
  ring: KeyRing,
  limits: RateLimits | undefined,
  now: () => number,
): Limiter {
  if (limits === undefined) return async () => {}
  const hide = addressHider(ring)
  return async (request, what) => {
    const { account } = request
    const kind = account === undefined ? what : what === 'create' ? 'accountCreate' : 'accountReveal'
    const who = account?.ids[0] ?? hide(clientNetwork(request.ip))
    const retryAfter = await rates.take(`${kind}:${who}`, limits[kind], now())
    if (retryAfter > 0) throw new DomainError('rate_limited', { retryAfter })
  }
}

/**
 * @param address An IP address, as text; undefined for a connection that is closed by now.
 * @returns What one client is taken to hold: the IPv4 address, or the /64 of an IPv6 address.
 * @throws DomainError `client_gone`.
 */
export function clientNetwork(address: string | undefined): string {
  if (address === undefined) throw new DomainError('client_gone')
  if (!isIPv6(address)) return address
  const parsed = ipaddr.IPv6.parse(address)
  if (parsed.isIPv4MappedAddress()) return parsed.toIPv4Address().toString()
  return parsed.parts.slice(0, 4).join(':')
}

// A client that comes once comes again: its hash is kept, for as many clients as fit into about a megabyte.
function addressHider(ring: KeyRing): (network: string) => string {
  const hidden = new Map<string, string>()
  return (network) => {
    const known = hidden.get(network)
    if (known !== undefined) return known
    if (hidden.size >= REMEMBERED_CLIENTS) hidden.clear()
    const hash = derive(ring.current.key, 'rate-source', network).toString('base64url', 0, 12)
    hidden.set(network, hash)
    return hash
  }
}
