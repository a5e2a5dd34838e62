import { type Clock, milliseconds, type Seconds, seconds } from '../time.ts'
import { counted, type RateLimit, type Window, waitOf, windowAt } from './rates.ts'

// Above this number, idle ones are forgotten.
const MAX_BUCKETS = 8192

/** The attempts of one bucket in this process. */
interface Bucket {
  /** The failures so far. */
  window: Window | undefined
  /** Attempts under way, any of which may fail. */
  pending: number
  readonly waiting: (() => void)[]
}

/** Limits the failed attempts of each bucket in this process. No more attempts are under way than may still fail. */
export interface FailureLimit {
  /**
   * Begins an attempt, and waits first while too many are under way.
   *
   * @returns 0 when the attempt is accepted, which must be ended then; otherwise the seconds until the next one is.
   */
  begin(bucket: string): Promise<Seconds>
  /** Ends an attempt. */
  end(bucket: string, outcome: 'succeeded' | 'failed'): void
  /** Rejects attempts for some seconds, because too many have failed in other processes. */
  block(bucket: string, wait: Seconds): void
}

/** Creates the limit of a process, which counts in memory. */
export function createFailureLimit(limit: RateLimit, now: Clock): FailureLimit {
  const buckets = new Map<string, Bucket>()

  function open(name: string): Bucket {
    const known = buckets.get(name)
    if (known !== undefined) return known
    if (buckets.size >= MAX_BUCKETS) forgetIdle(buckets)
    const fresh: Bucket = { window: undefined, pending: 0, waiting: [] }
    buckets.set(name, fresh)
    return fresh
  }

  return {
    async begin(name) {
      for (;;) {
        const bucket = open(name)
        const window = windowAt(bucket.window, limit, now())
        const wait = waitOf(window, limit, now())
        if (wait > 0) return wait
        if (window.count + bucket.pending < limit.limit) {
          bucket.pending += 1
          return seconds(0)
        }
        await new Promise<void>((resolve) => bucket.waiting.push(resolve))
      }
    },
    end(name, outcome) {
      const bucket = open(name)
      bucket.pending -= 1
      if (outcome === 'failed') bucket.window = counted(windowAt(bucket.window, limit, now()))
      const isFull = bucket.window !== undefined && bucket.window.count >= limit.limit
      for (const resume of bucket.waiting.splice(0, isFull ? bucket.waiting.length : 1)) resume()
      if (bucket.window === undefined && bucket.pending + bucket.waiting.length === 0) buckets.delete(name)
    },
    block(name, wait) {
      open(name).window = { count: limit.limit, end: milliseconds(now() + wait * 1000) }
    },
  }
}

function forgetIdle(buckets: Map<string, Bucket>): void {
  for (const [name, { pending, waiting }] of buckets) {
    if (pending + waiting.length === 0) buckets.delete(name)
  }
}
