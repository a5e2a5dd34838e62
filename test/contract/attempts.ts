import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RecordId } from '../../src/secrets/keys.ts'
import type { ClaimRequest } from '../../src/secrets/store.ts'
import type { Store } from '../../src/store/store.ts'
import type { StoreHarness } from './harness.ts'
import { BURN, EXPIRY, newPair, READ, START } from './samples.ts'

const MINUTE = 60_000
const PER_SOURCE = { limit: 3, windowMs: 10 * MINUTE - 1 }
const PER_SECRET = { limit: 5, windowMs: 30 * MINUTE }
const UNLIMITED = { limit: 1000, windowMs: 30 * MINUTE }
const LONG = { ttl: 86_400 }

/** Secrets under a passphrase, and how often it may be guessed. */
export function guessContract(harness: StoreHarness): void {
  describe('guesses at a passphrase', () => {
    let store: Store
    beforeAll(async () => {
      store = await harness.open()
    })
    afterAll(() => store.close())

    it('hands a protected secret out for a try and keeps it', async () => {
      const pair = newPair({ protected: true }, { sealed: Buffer.from('whom it is for') })
      await store.secrets.create(pair, START)
      expect(await store.secrets.peek(pair.id, START)).toEqual({ protected: true })
      const { sealed } = pair.secret
      const shown = { kind: 'protected', sealed, metadata: pair.metadata, attemptsLeft: PER_SOURCE.limit - 1 }
      expect(await guess(pair.id, 'a', START + 1)).toStrictEqual(shown)
      expect(await store.secrets.settle(pair.id, 'observer', START + 2)).toStrictEqual(pair.metadata)
    })

    it('F2: a wrong passphrase leaves everything as it was; the right one takes it', async () => {
      const pair = newPair({ protected: true })
      await store.secrets.create(pair, START)
      await store.secrets.settle(pair.id, 'sender', START)
      const before = await store.secrets.settle(pair.id, 'observer', START)
      await guess(pair.id, 'a', START + 1)
      await guess(pair.id, 'b', START + 1)
      expect(await store.secrets.settle(pair.id, 'observer', START + 2)).toStrictEqual(before)
      expect(await guess(pair.id, 'a', START + 3)).toMatchObject({
        kind: 'protected',
        sealed: pair.secret.sealed,
      })
      expect(await store.secrets.take(pair.id, 'received', START + 4)).toBe(true)
      expect(await guess(pair.id, 'a', START + 5)).toStrictEqual({ kind: 'gone' })
      expect(await store.secrets.settle(pair.id, 'observer', START + 5)).toMatchObject({
        state: 'received',
        updated: START + 4,
      })
    })

    it('says how many more guesses a source has: its own, or what all sources have left of the secret', async () => {
      const id = await createProtected()
      const left = async (source: string) => {
        const claim = await guess(id, source, START)
        return claim.kind === 'protected' ? claim.attemptsLeft : claim.kind
      }
      expect([await left('a'), await left('a'), await left('b')]).toEqual([2, 1, 2])
      expect([await left('c'), await left('c')]).toEqual([1, 0])
      expect(await left('a')).toBe('locked')
    })

    it('counts nothing when no guess is offered', async () => {
      const id = await createProtected()
      for (let i = 0; i < PER_SECRET.limit + 1; i++) {
        expect(await store.secrets.claim(id, READ, START)).toStrictEqual({ kind: 'passphrase_required' })
        expect(await store.secrets.claim(id, BURN, START)).toStrictEqual({ kind: 'passphrase_required' })
      }
      expect(await guess(id, 'a', START)).toMatchObject({ kind: 'protected' })
    })

    it('needs no guess for a secret without a passphrase', async () => {
      const pair = newPair()
      await store.secrets.create(pair, START)
      expect(await guess(pair.id, 'a', START)).toMatchObject({ kind: 'claimed', sealed: pair.secret.sealed })
    })

    it('F10: locks the source that guesses too often, and no other', async () => {
      const id = await createProtected()
      for (let i = 0; i < PER_SOURCE.limit; i++)
        expect(await guess(id, 'a', START)).toMatchObject({ kind: 'protected' })
      expect(await guess(id, 'a', START)).toStrictEqual({ kind: 'locked', retryAfter: 600 })
      expect(await guess(id, 'b', START)).toMatchObject({ kind: 'protected' })
    })

    it('goes on counting a source while others guess', async () => {
      const id = await createProtected()
      for (const source of ['a', 'b', 'a', 'a'])
        expect(await guess(id, source, START)).toMatchObject({ kind: 'protected' })
      expect(await guess(id, 'a', START)).toStrictEqual({ kind: 'locked', retryAfter: 600 })
      expect(await guess(id, 'b', START)).toMatchObject({ kind: 'protected' })
    })

    it('locks a source for one secret only', async () => {
      const [locked, open] = [await createProtected(), await createProtected()]
      for (let i = 0; i < PER_SOURCE.limit; i++) await guess(locked, 'a', START)
      expect(await guess(locked, 'a', START)).toMatchObject({ kind: 'locked' })
      expect(await guess(open, 'a', START)).toMatchObject({ kind: 'protected' })
    })

    it('counts the wait down from the first guess, and then listens again', async () => {
      const id = await createProtected()
      for (let i = 0; i < PER_SOURCE.limit; i++) await guess(id, 'a', START + i)
      const end = START + PER_SOURCE.windowMs
      expect(await guess(id, 'a', START + 5 * MINUTE)).toStrictEqual({ kind: 'locked', retryAfter: 300 })
      expect(await guess(id, 'a', end - 1001)).toStrictEqual({ kind: 'locked', retryAfter: 2 })
      expect(await guess(id, 'a', end - 1)).toStrictEqual({ kind: 'locked', retryAfter: 1 })
      for (let i = 0; i < 2; i++) expect(await guess(id, 'a', end)).toMatchObject({ kind: 'protected' })
    })

    it('locks the secret for all when all together guess too often', async () => {
      const id = await createProtected()
      for (let i = 0; i < PER_SECRET.limit; i++) await guess(id, `source ${i}`, START)
      expect(await guess(id, 'another', START + MINUTE)).toStrictEqual({
        kind: 'locked',
        retryAfter: 29 * 60,
      })
      expect(await guess(id, 'another', START + PER_SECRET.windowMs)).toMatchObject({ kind: 'protected' })
    })

    it('tells the longer wait when source and secret are both locked', async () => {
      const id = await createProtected()
      for (let i = 0; i < PER_SECRET.limit; i++) await guess(id, i < PER_SOURCE.limit ? 'a' : 'b', START)
      expect(await guess(id, 'a', START)).toStrictEqual({ kind: 'locked', retryAfter: 1800 })
    })

    it('does not count a refused guess against the secret', async () => {
      const id = await createProtected()
      for (let i = 0; i < PER_SECRET.limit * 2; i++) await guess(id, 'a', START)
      for (let i = PER_SOURCE.limit; i < PER_SECRET.limit; i++) {
        expect(await guess(id, 'b', START)).toMatchObject({ kind: 'protected' })
      }
      expect(await guess(id, 'c', START)).toMatchObject({ kind: 'locked' })
    })

    it('does not count a refused guess against its source', async () => {
      const id = await createProtected()
      for (let i = 0; i < PER_SECRET.limit; i++) await guess(id, `source ${i}`, START)
      for (let i = 0; i < PER_SOURCE.limit; i++) await guess(id, 'a', START + PER_SECRET.windowMs - 1)
      const after = START + PER_SECRET.windowMs
      for (let i = 0; i < PER_SOURCE.limit; i++) {
        expect(await guess(id, 'a', after)).toMatchObject({ kind: 'protected' })
      }
    })

    it('counts across connections', async () => {
      const id = await createProtected()
      const other = await harness.open()
      await guess(id, 'a', START)
      for (let i = 1; i < PER_SOURCE.limit; i++) await guess(id, 'a', START, other)
      expect(await guess(id, 'a', START)).toMatchObject({ kind: 'locked' })
      expect(await guess(id, 'a', START, other)).toMatchObject({ kind: 'locked' })
      await other.close()
    })

    it('never hears more guesses at once than allowed', async () => {
      const id = await createProtected()
      const claims = await Promise.all(Array.from({ length: 20 }, () => guess(id, 'a', START)))
      expect(claims.filter((claim) => claim.kind === 'protected')).toHaveLength(PER_SOURCE.limit)
    })

    it('counts no guess at a secret that is gone, expired or unreadable', async () => {
      const pair = newPair({ protected: true, root: '00000000' }, LONG)
      await store.secrets.create(pair, START)
      for (let i = 0; i < PER_SECRET.limit; i++) {
        expect(await guess(pair.id, 'a', START)).toStrictEqual({ kind: 'unreadable' })
      }
      const request = { ...guessOf('a'), roots: ['00000000'] }
      expect(await store.secrets.claim(pair.id, request, START)).toMatchObject({ kind: 'protected' })
      const short = newPair({ protected: true })
      await store.secrets.create(short, START)
      for (let i = 0; i <= PER_SECRET.limit; i++) {
        expect(await guess(short.id, 'a', EXPIRY)).toStrictEqual({ kind: 'gone' })
      }
    })

    it('lets a proven passphrase take a secret that others have locked', async () => {
      const id = await createProtected()
      for (let i = 0; i < PER_SECRET.limit; i++) await guess(id, `source ${i}`, START)
      expect(await store.secrets.take(id, 'burned', START)).toBe(true)
    })

    it('hears many sources when only sources are limited', async () => {
      const id = await createProtected()
      for (let i = 0; i < 12; i++) {
        const request = {
          ...READ,
          attempt: { source: `source ${i}`, perNetwork: PER_SOURCE, perSecret: UNLIMITED },
        }
        expect(await store.secrets.claim(id, request, START)).toMatchObject({ kind: 'protected' })
      }
    })

    async function createProtected(): Promise<RecordId> {
      const pair = newPair({ protected: true }, LONG)
      await store.secrets.create(pair, START)
      return pair.id
    }

    function guess(id: RecordId, source: string, now: number, through = store) {
      return through.secrets.claim(id, guessOf(source), now)
    }
  })
}

function guessOf(source: string): ClaimRequest {
  return { ...READ, attempt: { source, perNetwork: PER_SOURCE, perSecret: PER_SECRET } }
}
