import { DomainError } from '../errors.ts'
import type { Mailer } from '../mail/mailer.ts'
import type { Store } from '../store/store.ts'
import type { Metrics } from './metrics.ts'

/** @returns The same store, each of whose operations is timed under its name, such as `secrets.claim`. */
export function timeStore(store: Store, stored: Metrics['stored']): Store {
  return {
    ...store,
    secrets: timePart('secrets', store.secrets, stored),
    accounts: timePart('accounts', store.accounts, stored),
    rates: timePart('rates', store.rates, stored),
  }
}

function timePart<Part extends object>(name: string, part: Part, stored: Metrics['stored']): Part {
  const timed = Object.entries(part).map(([method, run]) => {
    const operation = `${name}.${method}`
    return [
      method,
      (...args: unknown[]) => {
        const began = performance.now()
        const note = (outcome: string) => stored(operation, outcome, (performance.now() - began) / 1000)
        const result: unknown = run(...args)
        // What is read bit by bit is for the command line, and not timed.
        if (result instanceof Promise)
          result.then(
            () => note('ok'),
            (error) => note(codeOf(error)),
          )
        return result
      },
    ]
  })
  return Object.fromEntries(timed)
}

/** @returns The same mailer, whose mails are counted. */
export function countMails(mailer: Mailer, mailed: Metrics['mailed']): Mailer {
  return {
    async send(invitation) {
      try {
        await mailer.send(invitation)
      } catch (error) {
        mailed('failed')
        throw error
      }
      mailed('sent')
    },
  }
}

function codeOf(error: unknown): string {
  return error instanceof DomainError ? error.code : 'defect'
}
