import { DomainError } from '../errors.ts'
import { seconds } from '../time.ts'

const MAX_WAITING = 32
const RETRY_AFTER = seconds(2)

/** Runs work under the same name one at a time. */
export interface Turns {
  /**
   * Runs `work` after all earlier work under the same name has settled.
   *
   * @throws DomainError `overloaded` when too much work is queued under that name; and whatever `work` throws.
   */
  take<T>(name: string, work: () => Promise<T>): Promise<T>
}

/** Creates the queues of a process. An empty queue is forgotten. */
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
