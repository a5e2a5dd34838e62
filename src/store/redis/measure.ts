import { randomInt } from 'node:crypto'
import type { Redis } from 'ioredis'
import type { RecordId } from '../../secrets/keys.ts'
import type { SecretStore } from '../../secrets/store.ts'
import type { Clock } from '../../time.ts'
import { createOldestUnread, estimateUnread, type Measurement, type Sample } from '../measurement.ts'
import type { RedisConnection } from './connection.ts'
import { storeUnavailable } from './errors.ts'
import { parseInfo } from './info.ts'
import { idOfSecret } from './keys.ts'
import { permitted } from './permitted.ts'

/** About how many keys of each master are in a sample. */
const SAMPLE = 500
/** How many of the unread secrets in a sample are asked for their age. */
const AGED = 32
/** A sample of many keys begins at a random cursor below this. */
const CURSORS = 2 ** 32

/**
 * Creates what measures the store: INFO of all masters, and a sample of the keys of each. No key is read for it but those of a
 * few secrets, which are asked when they were created.
 *
 * @param db The number of the database.
 */
export function createMeasure(
  { masters }: Pick<RedisConnection, 'masters'>,
  { peek }: Pick<SecretStore, 'peek'>,
  db: number,
  now: Clock,
): () => Promise<Measurement> {
  const oldest = createOldestUnread(async (id: RecordId) => (await peek(id, now()))?.created)

  return async () => {
    const found = await Promise.all(masters().map((master) => measureMaster(master, db))).catch(
      (error: unknown) => {
        throw storeUnavailable(error)
      },
    )
    const known = found.filter((one) => one !== undefined)
    if (known.length < found.length) return {}
    const samples = known.map(({ sample }) => sample)
    const oldestUnread = await oldest.among(samples.flatMap(({ unread }) => unread.slice(0, AGED)))
    return {
      bytes: known.reduce((sum, { bytes }) => sum + bytes, 0),
      unread: estimateUnread(samples),
      ...(oldestUnread !== undefined && { oldestUnread }),
    }
  }
}

/** Returns undefined where INFO or SCAN is not permitted. */
async function measureMaster(
  master: Redis,
  db: number,
): Promise<{ readonly bytes: number; readonly sample: Sample<RecordId> } | undefined> {
  const [keyspace, memory] = await Promise.all([
    permitted(master.info('keyspace')),
    permitted(master.info('memory')),
  ])
  if (keyspace === undefined || memory === undefined) return undefined
  const records = Number(/^keys=(\d+)/.exec(parseInfo(keyspace).get(`db${db}`) ?? '')?.[1] ?? 0)
  const keys = await permitted(sampleKeys(master, records))
  if (keys === undefined) return undefined
  const unread = keys.map(idOfSecret).filter((id) => id !== undefined)
  return {
    bytes: Number(parseInfo(memory).get('used_memory')),
    sample: { records, size: keys.length, unread },
  }
}

/**
 * Returns all keys if they are few, else about as many as a sample has, from a random place on. If most have expired meanwhile,
 * it returns fewer, once it has passed the end twice and so seen them all.
 */
async function sampleKeys(master: Redis, records: number): Promise<readonly string[]> {
  const isWhole = records <= SAMPLE
  const keys = new Set<string>()
  let cursor = isWhole ? '0' : String(randomInt(CURSORS - 1))
  let endsLeft = isWhole ? 1 : 2
  while (endsLeft > 0 && (isWhole || keys.size < SAMPLE / 2)) {
    const [next, found] = await master.scan(cursor, 'COUNT', SAMPLE)
    for (const key of found) keys.add(key)
    if (next === '0') endsLeft -= 1
    cursor = next
  }
  return [...keys]
}
