/** How long an answer counts for all who ask. */
const SHARED_MS = 1000

/** A question that is put to a store no more often than once a second, however many ask it. */
export interface SharedProbe<T> {
  /** Returns the answer to the last question, or puts it. A failure is not kept. */
  ask(): Promise<T>
  /** Makes the next question be put: something suggests that the answer has changed. */
  forget(): void
}

/**
 * Shares the answers of a probe, so that a flood of requests is no flood of writes.
 *
 * @param probe Puts the question.
 */
export function shareProbe<T>(probe: () => Promise<T>): SharedProbe<T> {
  let last: { readonly answer: Promise<T>; readonly at: number } | undefined

  return {
    ask() {
      const now = performance.now()
      if (last !== undefined && now - last.at < SHARED_MS) return last.answer
      const put = { answer: probe(), at: now }
      put.answer.catch(() => {
        if (last === put) last = undefined
      })
      last = put
      return put.answer
    },
    forget() {
      last = undefined
    },
  }
}
