import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { DomainError, type ErrorDetails } from '../errors.ts'
import type { LimitObserver } from '../limits/rates.ts'
import type { Caller } from '../sharing/caller.ts'
import { after, type Clock, type Milliseconds, secondsUntil } from '../time.ts'
import type { RateLimiter } from './rate-limiter.ts'

const REMEMBERED_CALLERS = 1024

type Sender = Pick<Caller, 'account' | 'network'>

declare module 'fastify' {
  interface FastifyInstance {
    /** The limit on bodies that cannot be read. */
    readonly unreadableBodies: UnreadableBodies
  }
}

/** Limits the bodies that a caller may send in vain, because reading them costs more than rejecting them. */
export interface UnreadableBodies {
  /** Rejects a request whose caller has sent too many. @throws DomainError `rate_limited`. */
  assertAllowed(request: { readonly caller: Sender }): void
  /** Counts an unreadable body. @throws DomainError `rate_limited` when it is one too many. */
  count(caller: Sender): Promise<void>
}

/** Decorates the application with the limit on unreadable bodies. */
export const unreadableBodies = fp(
  async (app: FastifyInstance, { unreadableBodies: limit }: { unreadableBodies: UnreadableBodies }) => {
    app.decorate('unreadableBodies', limit)
  },
  { name: 'unreadable-bodies' },
)

/**
 * Creates the limit on unreadable bodies. The store counts them for all processes. A process remembers who is over the limit,
 * which stays true until the window ends, so that it need not ask the store before each body.
 */
export function createUnreadableBodies(
  limiter: RateLimiter,
  now: Clock,
  onLimited: LimitObserver = () => undefined,
): UnreadableBodies {
  const rejectedUntil = new Map<string, Milliseconds>()
  const nameOf = ({ account, network }: Sender) => account?.ids[0] ?? network
  return {
    assertAllowed(request) {
      if (rejectedUntil.size === 0) return
      const { caller } = request
      const name = nameOf(caller)
      const end = rejectedUntil.get(name)
      if (end === undefined) return
      const retryAfter = secondsUntil(end, now())
      if (retryAfter > 0) {
        onLimited('unreadableBody')
        throw new DomainError('rate_limited', { retryAfter })
      }
      rejectedUntil.delete(name)
    },
    async count(caller) {
      try {
        await limiter('unreadable-body', caller).count()
      } catch (error) {
        // The body is unreadable whether or not the store can count it.
        if (!(error instanceof DomainError) || error.code !== 'rate_limited') return
        const { retryAfter } = error.detail as ErrorDetails['rate_limited']
        if (rejectedUntil.size >= REMEMBERED_CALLERS) rejectedUntil.clear()
        rejectedUntil.set(nameOf(caller), after(now(), retryAfter))
        throw error
      }
    },
  }
}
