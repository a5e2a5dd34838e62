import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { secretAliasId } from '../../src/secrets/alias-ids.ts'
import type { AliasRecord } from '../../src/secrets/import-store.ts'
import { newReceiptKey, secretKeyOf } from '../../src/secrets/keys.ts'
import type { Store } from '../../src/store/store.ts'
import { later } from '../support/time.ts'
import type { StoreHarness } from './harness.ts'
import { EXPIRY, RECEIPT_EXPIRY, START } from './samples.ts'

/** Registers the tests of what an import leaves. */
export function importStoreContract(harness: StoreHarness): void {
  describe('imports', () => {
    let store: Store
    let imports: Store['imports']
    beforeAll(async () => {
      store = await harness.open()
      imports = store.imports
    })
    afterAll(() => store.close())

    const newAlias = (): AliasRecord => ({
      id: secretAliasId(secretKeyOf(newReceiptKey())),
      sealed: randomBytes(120),
      expires: EXPIRY,
    })

    it('returns an alias byte for byte until it expires, not after', async () => {
      const alias = newAlias()
      expect(await imports.findAlias(alias.id, START)).toBeUndefined()
      expect(await imports.addAlias(alias, START)).toBe(true)
      expect(await imports.findAlias(alias.id, later(EXPIRY, -1))).toStrictEqual(alias)
      expect(await imports.findAlias(alias.id, EXPIRY)).toBeUndefined()
    })

    it('keeps the first alias of an id until it expires, whoever adds another one', async () => {
      const [first, second] = [newAlias(), newAlias()]
      const other = { ...second, id: first.id, expires: RECEIPT_EXPIRY }
      expect(await imports.addAlias(first, START)).toBe(true)
      expect(await imports.addAlias(other, later(EXPIRY, -1))).toBe(false)
      expect(await imports.findAlias(first.id, START)).toStrictEqual(first)
      expect(await imports.addAlias(other, EXPIRY)).toBe(true)
      expect(await imports.findAlias(first.id, EXPIRY)).toStrictEqual(other)
    })

    it('stores one of many aliases that are added at once under one id', async () => {
      const { id } = newAlias()
      const aliases = Array.from({ length: 20 }, () => ({ ...newAlias(), id }))
      const added = await Promise.all(aliases.map((alias) => imports.addAlias(alias, START)))
      const [winner, ...others] = aliases.filter((_, index) => added[index])
      expect(others).toEqual([])
      expect(await imports.findAlias(id, START)).toStrictEqual(winner)
    })

    it('yields every alias, as it is stored', async () => {
      const aliases = Array.from({ length: 600 }, newAlias)
      await Promise.all(aliases.map((alias) => imports.addAlias(alias, START)))
      const all = new Map<string, AliasRecord>()
      for await (const alias of imports.allAliases()) all.set(alias.id, alias)
      expect(aliases.map(({ id }) => all.get(id))).toStrictEqual(aliases)
    })

    it('remembers the latest time until which a site secret is awaited', async () => {
      expect(await imports.siteSecretAwaited(START)).toBeUndefined()
      await imports.awaitSiteSecret(later(EXPIRY, 5), START)
      await imports.awaitSiteSecret(EXPIRY, START)
      expect(await imports.siteSecretAwaited(later(EXPIRY, 4))).toBe(later(EXPIRY, 5))
      expect(await imports.siteSecretAwaited(later(EXPIRY, 5))).toBeUndefined()
    })

    it('shows another connection what was added', async () => {
      const other = await harness.open()
      const alias = newAlias()
      await other.imports.addAlias(alias, START)
      await other.close()
      expect(await imports.findAlias(alias.id, START)).toStrictEqual(alias)
    })

    it('throws store_unavailable once it is closed', async () => {
      const { imports: closed, ...other } = await harness.open()
      await other.close()
      const unavailable = { name: 'DomainError', code: 'store_unavailable' }
      const alias = newAlias()
      await expect(closed.findAlias(alias.id, START)).rejects.toMatchObject(unavailable)
      await expect(closed.addAlias(alias, START)).rejects.toMatchObject(unavailable)
      await expect(closed.awaitSiteSecret(EXPIRY, START)).rejects.toMatchObject(unavailable)
      await expect(closed.siteSecretAwaited(START)).rejects.toMatchObject(unavailable)
      await expect((async () => closed.allAliases()[Symbol.asyncIterator]().next())()).rejects.toMatchObject(
        unavailable,
      )
    })
  })
}
