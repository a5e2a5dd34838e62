import { DomainError } from '../errors.ts'
import { type FailureReason, SmtpFailure } from '../mail/failure.ts'
import type { Mailer } from '../mail/mailer.ts'
import type { Store } from '../store/store.ts'
import type { Metrics } from './metrics.ts'

/** Wraps a store to time each operation under its name, such as `secrets.claim`. */
export function timeStore(store: Store, stored: Metrics['stored']): Store {
  return {
    secrets: timePart('secrets', store.secrets, stored),
    imports: timePart('imports', store.imports, stored),
    accounts: timePart('accounts', store.accounts, stored),
    rates: timePart('rates', store.rates, stored),
    roots: store.roots,
    ready: () => store.ready(),
    reachable: () => store.reachable(),
    warnings: () => store.warnings(),
    close: () => store.close(),
  }
}

type Operation = (...args: unknown[]) => unknown

// A proxy, because the methods of a class are not own properties of its objects.
function timePart<Part extends object>(part: string, target: Part, stored: Metrics['stored']): Part {
  const timed = new Map<string | symbol, Operation>()
  return new Proxy(target, {
    get(_, name) {
      const member: unknown = Reflect.get(target, name)
      if (typeof member !== 'function') return member
      const known = timed.get(name)
      if (known !== undefined) return known
      const operation = timeOperation(`${part}.${String(name)}`, member.bind(target), stored)
      timed.set(name, operation)
      return operation
    },
  })
}

function timeOperation(name: string, run: Operation, stored: Metrics['stored']): Operation {
  return (...args) => {
    const began = performance.now()
    const record = (outcome: string) => stored(name, outcome, (performance.now() - began) / 1000)
    const result = run(...args)
    // Async iterables are not timed: only the command line uses them.
    if (result instanceof Promise)
      result.then(
        () => record('ok'),
        (error) => record(codeOf(error)),
      )
    return result
  }
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
