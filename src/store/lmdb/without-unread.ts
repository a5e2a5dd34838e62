import { rmSync } from 'node:fs'
import type { RecordId } from '../../secrets/keys.ts'
import { openEnvironment } from './environment.ts'
import { openTables, type Tables } from './tables.ts'

/** Number of pairs changed in one transaction. */
const PAGE = 256

/**
 * Deletes the secrets in a copy of a store, and copies it once more, so that nothing remains of them in the file. Their
 * receipts become `orphaned`.
 *
 * @param from A copy that nothing else uses. It is deleted.
 * @param to The new file.
 * @throws An LMDB or file system error.
 */
export async function copyWithoutUnread(from: string, to: string): Promise<void> {
  try {
    const environment = await openEnvironment(from, { durable: false, assertFreeSpace: () => undefined })
    try {
      await deleteSecrets(openTables(environment))
      await environment.copyTo(to)
    } finally {
      await environment.close()
    }
  } finally {
    for (const path of [from, `${from}-lock`]) rmSync(path, { force: true })
  }
}

async function deleteSecrets({ environment, pairs, attempts, awaited }: Tables): Promise<void> {
  await environment.transact(() => void awaited.remove('siteSecret'))
  let ids: RecordId[] = []
  do {
    const start = ids.at(-1) ?? ('' as RecordId)
    ids = environment.read(() => [...pairs.getKeys({ start, exclusiveStart: true, limit: PAGE })])
    await environment.transact(() => {
      for (const id of ids) {
        const pair = pairs.get(id)
        if (pair?.secret === undefined) continue
        void pairs.put(id, { metadata: pair.metadata })
        for (const table of Object.values(attempts)) void table.remove(id)
      }
    })
  } while (ids.length === PAGE)
}
