import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RecordId } from '../../src/secrets/keys.ts'
import type { ClaimRequest } from '../../src/secrets/store.ts'
import type { Store } from '../../src/store/store.ts'
import { type Milliseconds, milliseconds, seconds, secondsUntil } from '../../src/time.ts'
import { later } from '../support/time.ts'
import type { StoreHarness } from './harness.ts'
import { available, BURN, EXPIRY, newPair, READ, START } from './samples.ts'

const MINUTE = 60_000
const PER_NETWORK = { limit: 3, windowMs: milliseconds(10 * MINUTE - 1) }
const PER_SECRET = { limit: 5, windowMs: milliseconds(30 * MINUTE) }
const UNLIMITED = { limit: 1000, windowMs: milliseconds(30 * MINUTE) }
const NEWCOMER_PAUSE = milliseconds(MINUTE)
const LONG = { ttl: seconds(86_400) }

/** Registers the tests of secrets with a passphrase, and of how many attempts at it are accepted. */
export function attemptContract(harness: StoreHarness): void {
  describe('passphrase attempts', () => {
    let store: Store
    beforeAll(async () => {
      store = await harness.open()
    })
    afterAll(() => store.close())

    it('hands a protected secret out for an attempt and keeps it', async () => {
      const pair = newPair({ protected: true }, { sealed: Buffer.from('recipient') })
      await store.secrets.create(pair, START)
      expect(await store.secrets.peek(pair.id, START)).toStrictEqual(available(pair))
      const { sealed } = pair.secret
      const shown = { kind: 'protected', sealed, receipt: pair.receipt, attemptsLeft: PER_NETWORK.limit - 1 }
      expect(await attempt(pair.id, 'a', later(START, 1))).toStrictEqual(shown)
      expect(await store.secrets.settle(pair.id, 'observer', later(START, 2))).toStrictEqual(pair.receipt)
    })

    it('F2: a wrong passphrase changes nothing, and the right one takes the secret', async () => {
      const pair = newPair({ protected: true })
      await store.secrets.create(pair, START)
      await store.secrets.settle(pair.id, 'sender', START)
      const before = await store.secrets.settle(pair.id, 'observer', START)
      await attempt(pair.id, 'a', later(START, 1))
      await attempt(pair.id, 'b', later(START, 1))
      expect(await store.secrets.settle(pair.id, 'observer', later(START, 2))).toStrictEqual(before)
      expect(await attempt(pair.id, 'a', later(START, 3))).toMatchObject({
        kind: 'protected',
        sealed: pair.secret.sealed,
      })
      expect(await store.secrets.take(pair.id, 'received', later(START, 4))).toBe(true)
      expect(await attempt(pair.id, 'a', later(START, 5))).toStrictEqual({ kind: 'gone' })
      expect(await store.secrets.settle(pair.id, 'observer', later(START, 5))).toMatchObject({
        state: 'received',
        updated: later(START, 4),
      })
    })

    it('returns the attempts left: those of the client network or of the secret, whichever are fewer', async () => {
      const id = await createProtected()
      const left = async (network: string) => {
        const claim = await attempt(id, network, START)
        return claim.kind === 'protected' ? claim.attemptsLeft : claim.kind
      }
      expect([await left('a'), await left('a'), await left('b')]).toEqual([2, 1, 2])
      expect([await left('c'), await left('c')]).toEqual([1, 0])
      expect(await left('a')).toBe('locked')
    })

    it('returns the wait until the next passphrase attempt with the last one', async () => {
      const id = await createProtected()
      const pause = async (network: string, now: Milliseconds) => {
        const claim = await attempt(id, network, now)
        return claim.kind === 'protected' ? claim.retryAfter : claim.kind
      }
      const end = later(START, PER_NETWORK.windowMs)
      expect([await pause('a', START), await pause('a', START)]).toEqual([undefined, undefined])
      expect(await pause('a', later(START, 5 * MINUTE))).toBe(300)
      expect(await pause('a', later(end, -1))).toBe('locked')
      expect(await pause('a', end)).toBeUndefined()
      expect(await pause('b', end)).toBe(secondsUntil(later(START, PER_SECRET.windowMs), end))
      expect(await pause('a', end)).toBe('locked')
      expect(await pause('c', end)).toBe(secondsUntil(later(START, PER_SECRET.windowMs), end))
    })

    it('counts nothing when a claim makes no attempt', async () => {
      const id = await createProtected()
      for (let i = 0; i < PER_SECRET.limit + 1; i++) {
        expect(await store.secrets.claim(id, READ, START)).toStrictEqual({ kind: 'passphrase_required' })
        expect(await store.secrets.claim(id, BURN, START)).toStrictEqual({ kind: 'passphrase_required' })
      }
      expect(await attempt(id, 'a', START)).toMatchObject({ kind: 'protected' })
    })

    it('needs no attempt for a secret without a passphrase', async () => {
      const pair = newPair()
      await store.secrets.create(pair, START)
      expect(await attempt(pair.id, 'a', START)).toMatchObject({
        kind: 'claimed',
        sealed: pair.secret.sealed,
      })
    })

    it('F10: locks the client network that makes too many attempts, and no other', async () => {
      const id = await createProtected()
      for (let i = 0; i < PER_NETWORK.limit; i++)
        expect(await attempt(id, 'a', START)).toMatchObject({ kind: 'protected' })
      expect(await attempt(id, 'a', START)).toStrictEqual({ kind: 'locked', retryAfter: 600 })
      expect(await attempt(id, 'b', START)).toMatchObject({ kind: 'protected' })
    })

    it('goes on counting the attempts of a client network while others make theirs', async () => {
      const id = await createProtected()
      for (const network of ['a', 'b', 'a', 'a'])
        expect(await attempt(id, network, START)).toMatchObject({ kind: 'protected' })
      expect(await attempt(id, 'a', START)).toStrictEqual({ kind: 'locked', retryAfter: 600 })
      expect(await attempt(id, 'b', START)).toMatchObject({ kind: 'protected' })
    })

    it('locks a client network for one secret only', async () => {
      const [locked, open] = [await createProtected(), await createProtected()]
      for (let i = 0; i < PER_NETWORK.limit; i++) await attempt(locked, 'a', START)
      expect(await attempt(locked, 'a', START)).toMatchObject({ kind: 'locked' })
      expect(await attempt(open, 'a', START)).toMatchObject({ kind: 'protected' })
    })

    it('counts the wait down from the first attempt, and then accepts attempts again', async () => {
      const id = await createProtected()
      for (let i = 0; i < PER_NETWORK.limit; i++) await attempt(id, 'a', later(START, i))
      const end = later(START, PER_NETWORK.windowMs)
      expect(await attempt(id, 'a', later(START, 5 * MINUTE))).toStrictEqual({
        kind: 'locked',
        retryAfter: 300,
      })
      expect(await attempt(id, 'a', later(end, -1001))).toStrictEqual({ kind: 'locked', retryAfter: 2 })
      expect(await attempt(id, 'a', later(end, -1))).toStrictEqual({ kind: 'locked', retryAfter: 1 })
      for (let i = 0; i < 2; i++) expect(await attempt(id, 'a', end)).toMatchObject({ kind: 'protected' })
    })

    it('F10: takes an attempt a minute, from new client networks only, once all together made too many', async () => {
      const id = await createProtected()
      for (let i = 0; i < PER_SECRET.limit; i++) await attempt(id, `network ${i}`, START)
      expect(await attempt(id, 'network 0', START)).toStrictEqual({ kind: 'locked', retryAfter: 1800 })
      expect(await attempt(id, 'first', START)).toMatchObject({ kind: 'protected', attemptsLeft: 0 })
      expect(await attempt(id, 'second', later(START, 1))).toStrictEqual({ kind: 'locked', retryAfter: 60 })
      expect(await attempt(id, 'first', later(START, MINUTE))).toMatchObject({ kind: 'locked' })
      expect(await attempt(id, 'second', later(START, MINUTE))).toMatchObject({ kind: 'protected' })
      expect(await attempt(id, 'network 0', later(START, PER_SECRET.windowMs))).toMatchObject({
        kind: 'protected',
        attemptsLeft: PER_NETWORK.limit - 1,
      })
    })

    it('F10: makes a new client network wait no longer than the window of the secret', async () => {
      const id = await createProtected()
      const almostOver = later(START, PER_SECRET.windowMs - 1000)
      for (let i = 0; i < PER_SECRET.limit; i++) await attempt(id, `network ${i}`, START)
      expect(await attempt(id, 'first', almostOver)).toMatchObject({ kind: 'protected' })
      expect(await attempt(id, 'second', almostOver)).toStrictEqual({ kind: 'locked', retryAfter: 1 })
    })

    it('F10: counts attempts to burn apart from attempts to reveal', async () => {
      const id = await createProtected()
      for (let i = 0; i < PER_NETWORK.limit; i++) await attempt(id, 'a', START)
      expect(await attempt(id, 'a', START)).toMatchObject({ kind: 'locked' })
      const burn = { ...requestFrom('a'), ...BURN }
      for (let i = 0; i < PER_NETWORK.limit; i++)
        expect(await store.secrets.claim(id, burn, START)).toMatchObject({ kind: 'protected' })
      expect(await store.secrets.claim(id, burn, START)).toMatchObject({ kind: 'locked' })
    })

    it('counts all attempts to reveal until they are cleared, and then lets every client network try again', async () => {
      const id = await createProtected()
      expect(await store.secrets.countAttempts(id)).toBe(0)
      await store.secrets.clearAttempts(id, 'received', START)
      for (let i = 0; i < PER_SECRET.limit; i++) await attempt(id, i < PER_NETWORK.limit ? 'a' : 'b', START)
      await store.secrets.claim(id, { ...requestFrom('a'), ...BURN }, START)
      const nextWindow = later(START, PER_SECRET.windowMs)
      expect(await attempt(id, 'a', START)).toMatchObject({ kind: 'locked' })
      expect(await attempt(id, 'a', nextWindow)).toMatchObject({ kind: 'protected' })
      expect(await store.secrets.countAttempts(id)).toBe(PER_SECRET.limit + 1)

      for (let i = 0; i < PER_NETWORK.limit; i++) await attempt(id, 'a', nextWindow)
      expect(await attempt(id, 'a', nextWindow)).toMatchObject({ kind: 'locked' })
      await store.secrets.clearAttempts(id, 'received', nextWindow)
      expect(await store.secrets.countAttempts(id)).toBe(0)
      expect(await attempt(id, 'a', nextWindow)).toMatchObject({
        kind: 'protected',
        attemptsLeft: PER_NETWORK.limit - 1,
      })
      expect(await store.secrets.countAttempts(id)).toBe(1)
    })

    it('clears the attempts to burn without those to reveal', async () => {
      const id = await createProtected()
      const burn = { ...requestFrom('a'), ...BURN }
      await attempt(id, 'a', START)
      for (let i = 0; i < PER_NETWORK.limit; i++) await store.secrets.claim(id, burn, START)
      expect(await store.secrets.claim(id, burn, START)).toMatchObject({ kind: 'locked' })
      await store.secrets.clearAttempts(id, 'burned', START)
      expect(await store.secrets.claim(id, burn, START)).toMatchObject({ kind: 'protected' })
      expect(await store.secrets.countAttempts(id)).toBe(1)
    })

    it('returns the longer wait when both the client network and the secret are locked', async () => {
      const id = await createProtected()
      for (let i = 0; i < PER_SECRET.limit; i++) await attempt(id, i < PER_NETWORK.limit ? 'a' : 'b', START)
      expect(await attempt(id, 'a', START)).toStrictEqual({ kind: 'locked', retryAfter: 1800 })
    })

    it('does not count a rejected attempt against the secret', async () => {
      const id = await createProtected()
      for (let i = 0; i < PER_SECRET.limit * 2; i++) await attempt(id, 'a', START)
      for (let i = PER_NETWORK.limit; i < PER_SECRET.limit; i++) {
        expect(await attempt(id, 'b', START)).toMatchObject({ kind: 'protected' })
      }
      expect(await attempt(id, 'c', START)).toMatchObject({ kind: 'protected', attemptsLeft: 0 })
      expect(await attempt(id, 'c', START)).toMatchObject({ kind: 'locked' })
    })

    it('does not count a rejected attempt against its client network', async () => {
      const id = await createProtected()
      const slow = { limit: PER_NETWORK.limit, windowMs: milliseconds(60 * MINUTE) }
      const attemptSlowly = (network: string, now: Milliseconds) => {
        const { attempt, ...request } = requestFrom(network)
        return store.secrets.claim(id, { ...request, attempt: { ...attempt, perNetwork: slow } }, now)
      }
      for (let i = 0; i < PER_SECRET.limit; i++) await attemptSlowly(`network ${i}`, START)
      for (let i = 0; i < PER_NETWORK.limit; i++)
        expect(await attemptSlowly('network 0', START)).toMatchObject({ kind: 'locked' })
      const end = later(START, PER_SECRET.windowMs)
      for (let i = 1; i < PER_NETWORK.limit; i++)
        expect(await attemptSlowly('network 0', end)).toMatchObject({ kind: 'protected' })
      expect(await attemptSlowly('network 0', end)).toMatchObject({ kind: 'locked' })
    })

    it('counts attempts across connections', async () => {
      const id = await createProtected()
      const other = await harness.open()
      await attempt(id, 'a', START)
      for (let i = 1; i < PER_NETWORK.limit; i++) await attempt(id, 'a', START, other)
      expect(await attempt(id, 'a', START)).toMatchObject({ kind: 'locked' })
      expect(await attempt(id, 'a', START, other)).toMatchObject({ kind: 'locked' })
      await other.close()
    })

    it('never accepts more attempts than the limit when many come at once', async () => {
      const id = await createProtected()
      const claims = await Promise.all(Array.from({ length: 20 }, () => attempt(id, 'a', START)))
      expect(claims.filter((claim) => claim.kind === 'protected')).toHaveLength(PER_NETWORK.limit)
    })

    it('counts no attempt at a secret that is gone, expired or unreadable', async () => {
      const pair = newPair({ protected: true, root: '00000000' }, LONG)
      await store.secrets.create(pair, START)
      for (let i = 0; i < PER_SECRET.limit; i++) {
        expect(await attempt(pair.id, 'a', START)).toStrictEqual({
          kind: 'unreadable',
          root: pair.secret.root,
        })
      }
      const request = { ...requestFrom('a'), roots: ['00000000'] }
      expect(await store.secrets.claim(pair.id, request, START)).toMatchObject({ kind: 'protected' })
      const short = newPair({ protected: true })
      await store.secrets.create(short, START)
      for (let i = 0; i <= PER_SECRET.limit; i++) {
        expect(await attempt(short.id, 'a', EXPIRY)).toStrictEqual({ kind: 'gone' })
      }
    })

    it('lets a proven passphrase take a secret that the attempts of others have locked', async () => {
      const id = await createProtected()
      for (let i = 0; i < PER_SECRET.limit; i++) await attempt(id, `network ${i}`, START)
      expect(await store.secrets.take(id, 'burned', START)).toBe(true)
    })

    it('forgets the attempts at a secret once it is taken', async () => {
      const id = await createProtected()
      await attempt(id, 'a', START)
      await attempt(id, 'a', START)
      expect(await store.secrets.take(id, 'received', START)).toBe(true)
      expect(await store.secrets.countAttempts(id)).toBe(0)
    })

    it('accepts attempts from many client networks when only client networks are limited', async () => {
      const id = await createProtected()
      for (let i = 0; i < 12; i++) {
        const request = {
          ...READ,
          attempt: {
            network: `network ${i}`,
            perNetwork: PER_NETWORK,
            perSecret: UNLIMITED,
            newcomerPause: NEWCOMER_PAUSE,
          },
        }
        expect(await store.secrets.claim(id, request, START)).toMatchObject({ kind: 'protected' })
      }
    })

    async function createProtected(): Promise<RecordId> {
      const pair = newPair({ protected: true }, LONG)
      await store.secrets.create(pair, START)
      return pair.id
    }

    function attempt(id: RecordId, network: string, now: Milliseconds, through = store) {
      return through.secrets.claim(id, requestFrom(network), now)
    }
  })
}

function requestFrom(network: string): Required<ClaimRequest> {
  return {
    ...READ,
    attempt: { network, perNetwork: PER_NETWORK, perSecret: PER_SECRET, newcomerPause: NEWCOMER_PAUSE },
  }
}
