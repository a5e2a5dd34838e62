import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { open } from 'lmdb'
import { afterAll, describe } from 'vitest'
import { openLmdbStore } from '../../src/store/lmdb/open.ts'
import { storeContract } from '../contract/store.ts'

describe('the store contract on LMDB', () => {
  const folder = mkdtempSync(join(tmpdir(), 'emberlink-lmdb-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  storeContract({
    open: () => openLmdbStore(folder),
    opener: () => ({ module: 'store/lmdb/open.js', name: 'openLmdbStore', args: [folder] }),
    async evict(id) {
      const encoder = { useRecords: false }
      const root = open({ path: join(folder, 'secrets.mdb'), noSubdir: true, overlappingSync: false })
      const pairs = root.openDB({ name: 'pairs', ...{ encoder } })
      await pairs.transaction(() => void pairs.put(id, { metadata: pairs.get(id).metadata }))
      await root.close()
    },
  })
})
