import type { Redis } from 'ioredis'
import type { RedisAddress } from '../../redis-url.ts'
import { createClient } from './client.ts'
import { describe } from './errors.ts'
import { createFaultLog } from './faults.ts'
import { within } from './timeout.ts'

const BATCH = 1000
const WRONG_TYPE = /^WRONGTYPE /

/** A command in lower case, ending in `Buffer` for a reply of bytes, and its arguments. */
export type ForeignCommand = readonly [name: string, ...args: (string | number)[]]

/** One database of a Redis that is not a store of ours. */
export interface ForeignDatabase {
  /**
   * Yields the names of the keys that match a pattern, in batches, some possibly twice. Blocks no other client.
   *
   * @throws ForeignRedisError when the connection is lost.
   */
  names(pattern: string): AsyncIterable<readonly string[]>
  /**
   * Sends commands in one round trip.
   *
   * @returns A reply for each command; an Error where the key holds another type.
   * @throws ForeignRedisError when the connection is lost, or Redis rejects a command for another reason.
   */
  send(commands: readonly ForeignCommand[]): Promise<readonly unknown[]>
  close(): void
}

/** A Redis that is not ours cannot be reached, or rejects what is asked of it. Its message says why. */
export class ForeignRedisError extends Error {
  override readonly name = 'ForeignRedisError'
}

/**
 * Connects to one database.
 *
 * @param address Of one server, without Sentinel or cluster. Its own database number is ignored.
 * @param timeoutMs How long to wait for the connection, and for any data while a reply is due.
 * @throws ForeignRedisError when Redis does not reply in time, rejects the connection, or has no database with this number.
 */
export async function openForeignDatabase(
  address: RedisAddress,
  db: number,
  timeoutMs: number,
): Promise<ForeignDatabase> {
  const client = createClient({ ...address, db }, timeoutMs, {}) as Redis
  const faults = createFaultLog(client)
  const failure = (error: unknown) => new ForeignRedisError(describe(error, faults.known).message)
  const select = async () => {
    await client.connect()
    // ioredis has already selected it, but ignores a failure and stays in number 0.
    await client.select(db)
  }
  try {
    await within(timeoutMs, select())
  } catch (error) {
    client.disconnect()
    throw failure(error)
  }
  faults.start(() => undefined)

  return {
    async *names(pattern) {
      let cursor = '0'
      do {
        const [next, names] = await client
          .scan(cursor, 'MATCH', pattern, 'COUNT', BATCH)
          .catch((error: unknown) => {
            throw failure(error)
          })
        cursor = next
        yield names
      } while (cursor !== '0')
    },

    async send(commands) {
      if (commands.length === 0) return []
      const replies = (await client.pipeline(commands.map((command) => [...command])).exec()) ?? []
      return replies.map(([error, reply]) => {
        if (error !== null && !WRONG_TYPE.test(error.message)) throw failure(error)
        return error ?? reply
      })
    },

    close() {
      faults.stop()
      client.disconnect()
    },
  }
}
