import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { secretAliasId } from '../../src/secrets/alias-ids.ts'
import { newReceiptKey, secretKeyOf } from '../../src/secrets/keys.ts'
import { isEmpty, migrate } from '../../src/store/migrate.ts'
import { Memory, openMemoryStore } from '../contract/memory.ts'
import { EXPIRY, newPair, RECEIPT_EXPIRY, START } from '../contract/samples.ts'

const aliasUntil = (expires: typeof EXPIRY) => ({
  id: secretAliasId(secretKeyOf(newReceiptKey())),
  sealed: randomBytes(120),
  expires,
})

it('carries what an import left to the other store, except for aliases that have expired', async () => {
  const [from, to] = [openMemoryStore(new Memory()), openMemoryStore(new Memory())]
  const kept = Array.from({ length: 300 }, () => aliasUntil(RECEIPT_EXPIRY))
  const expired = aliasUntil(EXPIRY)
  for (const alias of [...kept, expired]) await from.imports.addAlias(alias, START)
  await from.imports.awaitSiteSecret(RECEIPT_EXPIRY, START)
  await migrate(from, to, EXPIRY)
  for (const alias of kept) expect(await to.imports.findAlias(alias.id, START)).toStrictEqual(alias)
  expect(await to.imports.findAlias(expired.id, START)).toBeUndefined()
  expect(await to.imports.siteSecretAwaited(EXPIRY)).toBe(RECEIPT_EXPIRY)
})

it('does not take a store for empty that has an alias, or a secret', async () => {
  const [store, other] = [openMemoryStore(new Memory()), openMemoryStore(new Memory())]
  expect(await isEmpty(store)).toBe(true)
  await store.imports.addAlias(aliasUntil(EXPIRY), START)
  expect(await isEmpty(store)).toBe(false)
  await other.secrets.create(newPair(), START)
  expect(await isEmpty(other)).toBe(false)
})
