import type { createLimits, Limits } from '../http/limits.ts'

/** The limits of a process, which can forget what they have counted in memory. */
export interface RenewableLimits {
  /** Creates the limits. */
  readonly create: typeof createLimits
  /** Forgets. What is in the store stays. */
  renew(): void
}

/** Creates renewable limits. */
export function createRenewableLimits(createFresh: typeof createLimits): RenewableLimits {
  let renew: () => void = () => undefined
  return {
    create(...options) {
      let current: Limits = createFresh(...options)
      renew = () => {
        current = createFresh(...options)
      }
      return {
        limiter: (what, caller) => current.limiter(what, caller),
        tokenAttempts: (client, check) => current.tokenAttempts(client, check),
        unreadableBodies: {
          assertAllowed: (request) => current.unreadableBodies.assertAllowed(request),
          count: (caller) => current.unreadableBodies.count(caller),
        },
      }
    },
    renew: () => renew(),
  }
}
