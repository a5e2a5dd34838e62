import type { FastifyRequest } from 'fastify'
import { derive } from '../crypto/derive.ts'
import type { KeyRing } from '../crypto/key-ring.ts'
import { DomainError } from '../errors.ts'
import type { RateLimit, RateStore } from '../limits/rates.ts'
import type { Clock } from '../time.ts'
import { clientNetwork } from './client-network.ts'

const REMEMBERED_CLIENTS = 8192

/** What may be asked for in a window, by one address or by one account. */
export interface RateLimits {
  readonly create: RateLimit
  readonly reveal: RateLimit
  readonly accountCreate: RateLimit
  readonly accountReveal: RateLimit
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
  now: Clock,
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
