import type { RedisConnection } from './connection.ts'
import { storeUnavailable } from './errors.ts'

const KEYS_AT_ONCE = 1000

/**
 * Names the keys that match a pattern, on every master, some of them perhaps twice, and many at a time.
 * @throws DomainError `store_unavailable`.
 */
export type ScanKeys = (pattern: string) => AsyncIterable<readonly string[]>

/** @returns A scan that goes on while Redis serves others: https://redis.io/docs/latest/commands/scan/ */
export function createScan({ masters }: RedisConnection): ScanKeys {
  return async function* (pattern) {
    for (const master of masters()) {
      let cursor = '0'
      do {
        const [next, keys] = await master
          .scan(cursor, 'MATCH', pattern, 'COUNT', KEYS_AT_ONCE)
          .catch((error: unknown) => {
            throw storeUnavailable(error)
          })
        cursor = next
        yield keys
      } while (cursor !== '0')
    }
  }
}
