import { randomBytes } from 'node:crypto'
import { stat } from 'node:fs/promises'
import type { RecordId } from '../../secrets/keys.ts'
import { isAvailable } from '../../secrets/states.ts'
import { createOldestUnread, estimateUnread, type Measurement, type Sample } from '../measurement.ts'
import type { WatchedClock } from './clock.ts'
import { decodePair } from './format.ts'
import type { Tables } from './tables.ts'

/** How many records a sample has. Reading one takes some microseconds, in which this process does nothing else. */
const SAMPLE = 256

/**
 * Creates what measures the store: its file, and a sample of its records. As ids are hashes, those after a random one are a
 * random sample.
 *
 * @param path The durable file.
 */
export function createMeasure(
  { environment, pairs, backedUp }: Tables,
  path: string,
  clock: WatchedClock,
): () => Promise<Measurement> {
  const oldest = createOldestUnread(async (id: RecordId) => {
    const stored = environment.read(() => pairs.get(id))
    const pair = stored && decodePair(stored)
    return isAvailable(pair, clock.read().now) ? pair.receipt.created : undefined
  })

  function sample(): Sample<RecordId> {
    const records = pairs.count()
    const random = randomBytes(16).toString('base64url')
    const after = records <= SAMPLE ? [] : idsFrom(random as RecordId, SAMPLE)
    const ids = [...after, ...idsFrom('' as RecordId, SAMPLE - after.length)]
    const { now } = clock.read()
    const unread = ids.filter((id) => {
      const stored = pairs.get(id)
      return isAvailable(stored && decodePair(stored), now)
    })
    return { records, size: ids.length, unread }
  }

  function idsFrom(start: RecordId, limit: number): RecordId[] {
    return limit === 0 ? [] : [...pairs.getKeys({ start, limit })]
  }

  return async () => {
    const { size: bytes } = await stat(path)
    const found = environment.read(sample)
    const oldestUnread = await oldest.among(found.unread)
    const lastBackup = environment.read(() => backedUp.get('backedUp')) ?? 'never'
    return {
      bytes,
      unread: estimateUnread([found]),
      ...(oldestUnread !== undefined && { oldestUnread }),
      lastBackup,
    }
  }
}
