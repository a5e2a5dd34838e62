import type { Milliseconds } from '../time.ts'
import { countRequest, type Quota, type RateStore, type Window } from './rates.ts'

const REMEMBERED = 8192

/** Creates a rate store of one process, in memory. It forgets the oldest buckets when there are very many. */
export function createLocalRates(): RateStore {
  const windows = new Map<string, Window>()
  return {
    async take(quota: Quota, now: Milliseconds) {
      const { bucket } = quota
      const { wait, window } = countRequest(windows.get(bucket), quota, now)
      if (window !== undefined) {
        windows.delete(bucket)
        windows.set(bucket, window)
      }
      const [oldest] = windows.keys()
      if (windows.size > REMEMBERED && oldest !== undefined) windows.delete(oldest)
      return wait
    },
  }
}
