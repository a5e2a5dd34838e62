import type { RedisAddress } from '../../redis-url.ts'
import { type ForeignDatabase, openForeignDatabase } from '../../store/redis/foreign.ts'

const TIMEOUT_MS = 30_000

/** The Redis of an old server. Nothing but `remove` changes it. */
export interface OldRedis {
  /**
   * Opens a database, or returns it if it is open.
   *
   * @throws ForeignRedisError when Redis cannot be reached, or has no such database.
   */
  database(db: number): Promise<ForeignDatabase>
  close(): void
}

/** Creates the access to the Redis of an old server, which connects when a database is needed. */
export function createOldRedis(address: RedisAddress): OldRedis {
  const open = new Map<number, Promise<ForeignDatabase>>()
  return {
    database(db) {
      const database = open.get(db) ?? openForeignDatabase(address, db, TIMEOUT_MS)
      open.set(db, database)
      return database
    },
    close() {
      for (const database of open.values()) {
        database.then(
          (opened) => opened.close(),
          () => 'it has never been open',
        )
      }
    },
  }
}
