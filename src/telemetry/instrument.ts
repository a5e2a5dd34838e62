import { DomainError } from '../errors.ts'
import type { Mailer } from '../mail/mailer.ts'
import type { Store } from '../store/store.ts'
import type { Metrics } from './metrics.ts'

/** Wraps a store so that each operation is timed under its name, such as `secrets.claim`. */
export function timeStore(store: Store, stored: Metrics['stored']): Store {
  return {
    secrets: timePart('secrets', store.secrets, stored),
    accounts: timePart('accounts', store.accounts, stored),
    rates: timePart('rates', store.rates, stored),
    ready: () => store.ready(),
    warnings: () => store.warnings(),
    close: () => store.close(),
  }
}

type Operation = (...args: unknown[]) => unknown

// A proxy, because the methods of a class are not among the own properties of its objects.
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
    // What is read bit by bit is for the command line, and not timed.
    if (result instanceof Promise)
      result.then(
        () => record('ok'),
        (error) => record(codeOf(error)),
      )
    return result
  }
}

/** Wraps a mailer so that its emails are counted. */
export function countEmails(mailer: Mailer, emailed: Metrics['emailed']): Mailer {
  return {
    async send(invitation) {
      try {
        await mailer.send(invitation)
      } catch (error) {
        emailed('failed')
        throw error
      }
      emailed('sent')
    },
  }
}

function codeOf(error: unknown): string {
  return error instanceof DomainError ? error.code : 'internal_error'
}
