/** Up to so many wait for one commit together: two commits would cost more than the wait that they save. */
const SMALL_GROUP = 16

/** A disk whose flushes take longer than this sets the pace, not the event loop: then all that waits shares one. */
const SLOW_FLUSH_MS = 8

/** How much longer a flush may seem to take than the one before it. */
const SLOWDOWN = 1.02

/** Runs work in transactions, several in each. */
export interface GroupCommit {
  /**
   * Runs `work` in a transaction, after all work that was given before.
   *
   * @param work Must be synchronous, and must not throw after a write.
   * @returns The result of `work`, once the commit is on disk.
   * @throws Whatever `work` throws; what `transact` rejects with, and then nothing was changed.
   */
  run<T>(work: () => T): Promise<T>
  /** Settles when no work is waiting or under way. */
  idle(): Promise<void>
}

interface Member {
  run(): void
  answer(): void
  fail(error: unknown): void
}

/**
 * Creates a group commit, in which one half of the requests is flushed while the event loop handles the other. If all waited for one
 * flush, the event loop would be idle meanwhile, and their answers would let the next requests come all at once again.
 *
 * @param transact Runs a function as one transaction, and resolves when its commit is on disk.
 */
export function createGroupCommit(transact: (group: () => void) => Promise<void>): GroupCommit {
  let waiting: Member[] = []
  let underWay: Promise<void> | undefined
  // Those that waited when the last flush ended, and those that it answered, whose clients may go on at once.
  let circulating = 0
  let flushMs = Number.POSITIVE_INFINITY

  function takeGroup(): Member[] {
    const halves = waiting.length > SMALL_GROUP && flushMs < SLOW_FLUSH_MS
    const size = halves ? Math.ceil(Math.max(circulating, waiting.length) / 2) : waiting.length
    const group = waiting.slice(0, size)
    waiting = waiting.slice(size)
    return group
  }

  async function commitAll(): Promise<void> {
    while (waiting.length > 0) {
      let group: Member[] = []
      let began = 0
      try {
        // The group is taken as late as possible, when the transaction has the write lock.
        await transact(() => {
          group = takeGroup()
          for (const { run } of group) run()
          began = performance.now()
        })
        for (const { answer } of group) answer()
      } catch (error) {
        // Without the write lock, no group was taken: then all that waits has failed.
        const failed = group.length > 0 ? group : waiting.splice(0)
        for (const { fail } of failed) fail(error)
      }
      circulating = group.length + waiting.length
      // The quickest of late, because the others waited for the processor.
      flushMs = Math.min(performance.now() - began, flushMs * SLOWDOWN)
    }
    underWay = undefined
  }

  return {
    run: (work) =>
      new Promise((resolve, reject) => {
        waiting.push(memberOf(work, resolve, reject))
        underWay ??= commitAll()
      }),
    async idle() {
      await underWay
    },
  }
}

function memberOf<T>(work: () => T, resolve: (result: T) => void, reject: (error: unknown) => void): Member {
  let answer = () => {}
  return {
    run() {
      try {
        const result = work()
        answer = () => resolve(result)
      } catch (error) {
        answer = () => reject(error)
      }
    },
    answer: () => answer(),
    fail: reject,
  }
}
