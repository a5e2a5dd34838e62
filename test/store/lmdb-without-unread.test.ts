import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { RecordId } from '../../src/secrets/keys.ts'
import { inspectFile } from '../../src/store/lmdb/inspect.ts'
import { openLmdbStore } from '../../src/store/lmdb/open.ts'
import { milliseconds } from '../../src/time.ts'
import { BURN, EXPIRY, newAccountId, newPair, READ, START } from '../contract/samples.ts'
import { later } from '../support/time.ts'

const folder = mkdtempSync(join(tmpdir(), 'emberlink-unread-'))
const [data, kept, left] = ['data', 'kept', 'left'].map((name) => join(folder, name)) as [
  string,
  string,
  string,
]
const fileOf = (path: string) => join(path, 'secrets.mdb')
afterAll(() => rmSync(folder, { recursive: true }))

it('a copy without unread secrets keeps all else, and no byte of what was sealed', async () => {
  const marker = Buffer.from('sealed marker of an unread secret')
  // More than are changed in one transaction.
  const pairs = Array.from({ length: 600 }, () =>
    newPair({ sealed: marker }, { memo: Buffer.from('a memo') }),
  )
  const [revealed, burned, unread] = pairs.map(({ id }) => id) as [RecordId, RecordId, RecordId]
  const guarded = newPair({ sealed: marker, protected: true })
  const expired = newPair({ sealed: marker }, { created: later(START, -610_000) })
  const root = { id: 'a1b2c3d4', check: Buffer.alloc(16, 7) }
  const account = newAccountId()
  const clock = () => START
  const store = await openLmdbStore(data, { clock })
  await Promise.all([...pairs, guarded, expired].map((pair) => store.secrets.create(pair, START)))
  await store.secrets.claim(revealed, READ, START)
  await store.secrets.claim(burned, BURN, START)
  await store.accounts.save(
    account,
    { email: marker.subarray(0, 6), token: Buffer.alloc(32), created: START },
    { among: [account], when: 'either' },
  )
  await store.roots.record(root, [root.id])
  await store.imports.awaitSiteSecret(EXPIRY, START)
  await store.backUp(kept)
  await store.backUp(left, { unread: 'left out' })
  await store.close()

  const counts = { receipts: 602, accounts: 1, roots: [root] }
  expect(await inspectFile(fileOf(kept), START)).toEqual({ ...counts, unread: 599 })
  expect(await inspectFile(fileOf(left), START)).toEqual({ ...counts, unread: 0 })
  // Nor does what has expired count as unread.
  expect((await inspectFile(fileOf(kept), EXPIRY)).unread).toBe(0)
  expect(readFileSync(fileOf(kept)).includes(marker)).toBe(true)
  expect(readFileSync(fileOf(left)).includes(marker)).toBe(false)
  rmSync(`${fileOf(left)}-lock`)
  expect(readdirSync(left)).toEqual(['secrets.mdb'])

  const restored = await openLmdbStore(left, { clock })
  const stateOf = async (id: RecordId) => (await restored.secrets.settle(id, 'observer', START))?.state
  expect([await stateOf(revealed), await stateOf(burned), await stateOf(unread)]).toEqual([
    'received',
    'burned',
    'orphaned',
  ])
  // As it was then, so that it does not count as found missing just now.
  const now = later(START, 1000)
  expect(await restored.secrets.settle(guarded.id, 'sender', now)).toMatchObject({
    state: 'orphaned',
    updated: START,
  })
  expect(await stateOf(expired.id)).toBe('expired')
  expect(await restored.secrets.peek(guarded.id, START)).toBeUndefined()
  expect(await restored.imports.siteSecretAwaited(milliseconds(START + 1))).toBeUndefined()
  await restored.close()
})

it('a copy may be much smaller than its store, the size of which remains in it as that of the memory map', async () => {
  const [large, small] = [join(folder, 'large'), join(folder, 'small')]
  const pairs = Array.from({ length: 8 }, () => newPair({ sealed: Buffer.alloc(10 * 2 ** 20) }))
  const store = await openLmdbStore(large, { clock: () => START })
  await Promise.all(pairs.map((pair) => store.secrets.create(pair, START)))
  await store.backUp(small, { unread: 'left out' })
  await store.close()
  const restored = await openLmdbStore(small, { clock: () => START })
  expect(statSync(fileOf(small)).size).toBeLessThan(2 ** 20)
  expect(await restored.secrets.settle(pairs[0]?.id as RecordId, 'observer', START)).toMatchObject({
    state: 'orphaned',
  })
  await restored.close()
})
