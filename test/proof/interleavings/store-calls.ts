import { randomUUID } from 'node:crypto'
import { DomainError } from '../../../src/errors.ts'
import type { Store } from '../../../src/store/store.ts'
import { newAccountId, newId } from '../../contract/samples.ts'
import type { StepCall } from './parked.ts'

/** The calls that one history makes, one after the other. */
export type History = readonly StepCall[]

/** Makes the calls of a history, and returns the answers. An expected failure is an answer too. */
export async function answersOf(store: Store, history: History): Promise<unknown[]> {
  const answers: unknown[] = []
  for (const { name, args } of history) {
    const [part, method] = name.split('.') as ['secrets' | 'imports' | 'accounts' | 'rates', string]
    const methods = store[part] as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>
    const answer = methods[method]?.(...args) ?? Promise.reject(new Error(`no store has ${name}`))
    answers.push(
      await answer.catch((error) => {
        if (!(error instanceof DomainError)) throw error
        return error.code
      }),
    )
  }
  return answers
}

/**
 * Returns a history under names of its own, so that many of them go to one store side by side.
 *
 * @param names The ids and buckets that other histories have too, by what they are.
 */
export function renamed(
  history: History,
  names: {
    readonly records: readonly string[]
    readonly accounts: readonly string[]
    readonly buckets: readonly string[]
  },
): History {
  const fresh = new Map<string, string>([
    ...names.records.map((name) => [name, newId()] as const),
    ...names.accounts.map((name) => [name, newAccountId()] as const),
    ...names.buckets.map((name) => [name, randomUUID()] as const),
  ])
  return history.map(({ name, args }) => ({ name, args: args.map((arg) => renamedIn(arg, fresh)) }))
}

function renamedIn(value: unknown, fresh: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return fresh.get(value) ?? value
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value
  if (Array.isArray(value)) return value.map((each) => renamedIn(each, fresh))
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, renamedIn(each, fresh)]))
}
