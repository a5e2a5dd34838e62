import type { KeyRing } from '../crypto/key-ring.ts'
import { DomainError } from '../errors.ts'
import { createFailureLimit } from '../limits/failure-limit.ts'
import type { LimitObserver, RateLimits, RateStore } from '../limits/rates.ts'
import type { Clock, Seconds } from '../time.ts'
import { hashClient } from './network-hash.ts'

const REMEMBERED = 8192

/** Who tries an API token. */
export interface TokenClient {
  /** The client network. */
  readonly network: string
  /** In canonical form; anything else when the client named no account. */
  readonly email: string
}

/**
 * Checks an API token within the rate limit for wrong ones.
 *
 * @param check Looks the token up; returns undefined when it is wrong.
 * @returns What `check` returns.
 * @throws DomainError `rate_limited`, before anything is looked up unless another process counted the last wrong one; and
 *   whatever `check` throws.
 */
export type TokenAttempts = <Account>(
  client: TokenClient,
  check: () => Promise<Account | undefined>,
) => Promise<Account | undefined>

/**
 * Limits wrong API tokens by client network: by account, an attacker could lock its holder out from everywhere. Beyond the
 * limit right tokens are rejected too, or it would stop nobody from trying. But an account that has authenticated from a
 * network is counted by itself there, so that the wrong tokens of others behind the same address do not affect it.
 *
 * The store counts for all processes together; before a look-up, a process asks only its own count.
 *
 * @param ring Hashes clients, so that the store reveals neither their networks nor their accounts.
 * @param limits Undefined to disable rate limits.
 * @param onLimited Is called for each attempt that is rejected without asking the store.
 */
export function createTokenAttempts(
  rates: RateStore,
  ring: KeyRing,
  limits: RateLimits | undefined,
  now: Clock,
  onLimited: LimitObserver = () => undefined,
): TokenAttempts {
  if (limits === undefined) return (_client, check) => check()
  const limit = limits.wrongToken
  const failures = createFailureLimit(limit, now)
  const authenticated = new Set<string>()
  return async ({ network, email }, check) => {
    // A network has no space.
    const pair = `${network} ${email}`
    const isKnown = authenticated.has(pair)
    const bucket = isKnown ? pair : network
    const blocked = await failures.begin(bucket)
    if (blocked > 0) onLimited('wrongToken')
    assertNoWait(blocked)
    const found = await check().catch((error: unknown) => {
      failures.end(bucket, 'succeeded')
      throw error
    })
    failures.end(bucket, found === undefined ? 'failed' : 'succeeded')
    if (found === undefined) {
      const hashed = isKnown ? hashClient(ring, network, email) : hashClient(ring, network)
      const wait = await rates.take({ bucket: `wrongToken:${hashed}`, limit }, now())
      if (wait > 0) failures.block(bucket, wait)
      assertNoWait(wait)
      return undefined
    }
    if (authenticated.size >= REMEMBERED) authenticated.clear()
    authenticated.add(pair)
    return found
  }
}

function assertNoWait(retryAfter: Seconds): void {
  if (retryAfter > 0) throw new DomainError('rate_limited', { retryAfter })
}
