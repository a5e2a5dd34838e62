import type { RecordId } from '../../secrets/keys.ts'
import { settled } from '../../secrets/states.ts'
import type { Milliseconds } from '../../time.ts'
import { decodePair, encodePair, type PairOnDisk } from './format.ts'
import type { Tables } from './tables.ts'

/** Number of pairs changed in one transaction. */
const PAGE = 256

/**
 * Deletes all secrets in a copy of a store. The receipts of those that were unread say so from now on: had the server found that
 * out when a receipt is viewed, it would report a lost secret.
 *
 * @throws DomainError `store_unavailable`.
 */
export async function deleteSecrets(
  { environment, pairs, attempts, awaited }: Tables,
  now: Milliseconds,
): Promise<void> {
  await environment.transact(() => void awaited.remove('siteSecret'))
  let ids: RecordId[] = []
  do {
    const start = ids.at(-1) ?? ('' as RecordId)
    ids = environment.read(() => [...pairs.getKeys({ start, exclusiveStart: true, limit: PAGE })])
    await environment.transact(() => {
      for (const id of ids) {
        const pair = pairs.get(id)
        if (pair?.secret === undefined) continue
        void pairs.put(id, withoutSecret(pair, now))
        for (const table of Object.values(attempts)) void table.remove(id)
      }
    })
  } while (ids.length === PAGE)
}

function withoutSecret(pair: PairOnDisk, now: Milliseconds): PairOnDisk {
  const { receipt } = decodePair(pair)
  return encodePair(settled({ receipt }, now) ?? { receipt })
}
