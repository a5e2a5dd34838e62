import { DomainError } from '../errors.ts'
import { seconds } from '../time.ts'

const MAX_WAITING = 32
const RETRY_AFTER = seconds(2)

/** Lets work that concerns the same thing happen one at a time. */
export interface Turns {
  /**
   * Runs `work` once all earlier work under the same name has settled.
   *
   * @throws DomainError `overloaded` when too many already wait under that name; and whatever `work` throws.
   */
  take<T>(name: string, work: () => Promise<T>): Promise<T>
}

/** Creates the turns of a process. They are forgotten as soon as nobody waits. */
export function createTurns(): Turns {
  const lines = new Map<string, { last: Promise<unknown>; waiting: number }>()
  return {
    async take(name, work) {
      const line = lines.get(name) ?? { last: Promise.resolve(), waiting: 0 }
      if (line.waiting >= MAX_WAITING) throw new DomainError('overloaded', { retryAfter: RETRY_AFTER })
      const result = line.last.then(work)
      line.last = result.catch(() => undefined)
      line.waiting += 1
      lines.set(name, line)
      try {
        return await result
      } finally {
        line.waiting -= 1
        if (line.waiting === 0) lines.delete(name)
      }
    },
  }
}
