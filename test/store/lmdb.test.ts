import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { prepareFolder } from '../../src/store/lmdb/folder.ts'
import { openLmdbStore } from '../../src/store/lmdb/open.ts'
import { storeContract } from '../contract/store.ts'
import { evictSecret, skippedSyncs } from './lmdb-raw.ts'

describe('the store contract on LMDB', () => {
  const folder = mkdtempSync(join(tmpdir(), 'emberlink-lmdb-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  storeContract({
    open: () => openLmdbStore(folder),
    opener: () => ({ module: 'store/lmdb/open.js', name: 'openLmdbStore', args: [folder] }),
    evict: (id) => evictSecret(folder, id),
  })
})

it('F14: has each commit on disk before it succeeds, except to rate limits, which a restart discards', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'emberlink-lmdb-'))
  const store = await openLmdbStore(folder)
  const { durable, volatile, discarded } = prepareFolder(folder)
  expect(await skippedSyncs(durable)).toEqual([])
  expect(await skippedSyncs(volatile)).toEqual(discarded ? ['MDB_NOSYNC'] : [])
  await store.close()
  rmSync(folder, { recursive: true })
})
