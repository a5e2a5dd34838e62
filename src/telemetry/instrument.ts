import { DomainError } from '../errors.ts'
import type { Quota } from '../limits/rates.ts'
import { type FailureReason, SmtpFailure } from '../mail/failure.ts'
import type { Mailer } from '../mail/mailer.ts'
import type { Claim } from '../secrets/store.ts'
import type { Store } from '../store/store.ts'
import type { Seconds } from '../time.ts'
import type { Metrics } from './metrics.ts'

/** Observes the operations of a store. */
type StoreObserver = Pick<Metrics, 'stored'> & Partial<Pick<Metrics, 'rateLimited'>>

/**
 * Wraps a store to time each operation under its name, such as `secrets.claim`, and to notice the requests that it rejects
 * because of a rate limit.
 */
export function timeStore(store: Store, observer: StoreObserver): Store {
  return {
    secrets: timePart('secrets', store.secrets, observer),
    imports: timePart('imports', store.imports, observer),
    accounts: timePart('accounts', store.accounts, observer),
    rates: timePart('rates', store.rates, observer),
    roots: store.roots,
    ready: () => store.ready(),
    reachable: () => store.reachable(),
    measure: () => store.measure(),
    warnings: () => store.warnings(),
    close: () => store.close(),
  }
}

type Operation = (...args: unknown[]) => unknown

// A proxy, because the methods of a class are not own properties of its objects.
function timePart<Part extends object>(part: string, target: Part, observer: StoreObserver): Part {
  const timed = new Map<string | symbol, Operation>()
  return new Proxy(target, {
    get(_, name) {
      const member: unknown = Reflect.get(target, name)
      if (typeof member !== 'function') return member
      const known = timed.get(name)
      if (known !== undefined) return known
      const operation = timeOperation(`${part}.${String(name)}`, member.bind(target), observer)
      timed.set(name, operation)
      return operation
    },
  })
}

function timeOperation(name: string, run: Operation, { stored, rateLimited }: StoreObserver): Operation {
  return (...args) => {
    const began = performance.now()
    const record = (outcome: string) => stored(name, outcome, (performance.now() - began) / 1000)
    const result = run(...args)
    // Async iterables are not timed: only the command line uses them.
    if (result instanceof Promise)
      result.then(
        (answer) => {
          record('ok')
          const quota = exhaustedQuota(name, args, answer)
          if (quota !== undefined) rateLimited?.(limitIn(quota))
        },
        (error) => record(codeOf(error)),
      )
    return result
  }
}

/** Returns the quota that kept an operation from its work, as one of its arguments. */
function exhaustedQuota(name: string, args: readonly unknown[], answer: unknown): Quota | undefined {
  switch (name) {
    case 'rates.take':
      return (answer as Seconds) > 0 ? (args[0] as Quota) : undefined
    case 'secrets.create':
      return (answer as Seconds) > 0 ? (args[2] as Quota) : undefined
    case 'secrets.claim':
      return (answer as Claim).kind === 'rate_limited' ? (args[3] as Quota) : undefined
    default:
      return undefined
  }
}

// What follows it is a hash.
function limitIn({ bucket }: Quota): string {
  return bucket.slice(0, bucket.indexOf(':'))
}

/** Wraps a mailer to count its emails, and the reasons of those that were not accepted. */
export function countEmails(mailer: Mailer, emailed: Metrics['emailed']): Mailer {
  return {
    async send(invitation) {
      try {
        await mailer.send(invitation)
      } catch (error) {
        emailed(reasonOf(error))
        throw error
      }
      emailed('sent')
    },
  }
}

function reasonOf(error: unknown): FailureReason {
  const cause = error instanceof DomainError ? error.cause : undefined
  return cause instanceof SmtpFailure ? cause.reason : 'other'
}

function codeOf(error: unknown): string {
  return error instanceof DomainError ? error.code : 'internal_error'
}
