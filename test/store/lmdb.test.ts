import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe } from 'vitest'
import { openLmdbStore } from '../../src/store/lmdb/open.ts'
import { storeContract } from '../contract/store.ts'
import { evictSecret } from './lmdb-raw.ts'

describe('the store contract on LMDB', () => {
  const folder = mkdtempSync(join(tmpdir(), 'emberlink-lmdb-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  storeContract({
    open: () => openLmdbStore(folder),
    opener: () => ({ module: 'store/lmdb/open.js', name: 'openLmdbStore', args: [folder] }),
    evict: (id) => evictSecret(folder, id),
  })
})
