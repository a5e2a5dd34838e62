import { beforeEach, describe, expect, it } from 'vitest'
import { createNameIndex, type NameIndex } from '../../src/accounts/name-index.ts'
import type { AccountId, StoredAccount } from '../../src/accounts/records.ts'
import { sealEmail } from '../../src/accounts/sealed-email.ts'
import { accountIdOf } from '../../src/accounts/tokens.ts'
import { urNameOf } from '../../src/accounts/ur-name.ts'
import { createKeyRing } from '../../src/crypto/key-ring.ts'
import { DomainError } from '../../src/errors.ts'
import { type Milliseconds, milliseconds } from '../../src/time.ts'
import { failure, NEWER_ROOT, ROOT } from '../secrets/stage.ts'
import { later } from '../support/time.ts'

const ring = createKeyRing([ROOT])
const [ANA, BO] = ['ana@example.com', 'bo@example.com']

/** What the store holds, how long listing it takes, and when it was listed. */
let accounts: StoredAccount[]
let cost: number
let outage: boolean
let listings: Milliseconds[]

/** A clock that moves on only while something waits for it. */
let time: Milliseconds
let sleepers: { readonly until: Milliseconds; readonly wake: () => void }[]

let index: NameIndex
beforeEach(() => {
  accounts = [stored(ANA)]
  cost = 0
  outage = false
  listings = []
  time = milliseconds(5000)
  sleepers = []
  index = newIndex()
})

function newIndex(emails: readonly string[] = []): NameIndex {
  const store = {
    async list() {
      listings.push(time)
      const found = [...accounts]
      if (cost > 0) await sleep(cost)
      if (outage) throw new DomainError('store_unavailable')
      return found
    },
  }
  return createNameIndex({ store, ring, emails }, { clock: () => time, sleep })
}

function sleep(span: number): Promise<void> {
  return new Promise((wake) => sleepers.push({ until: later(time, span), wake }))
}

/** Lets the time pass, and all that waits for it run. */
async function pass(span: number): Promise<void> {
  const end = later(time, span)
  for (;;) {
    await settle()
    const [next] = sleepers.sort((a, b) => a.until - b.until)
    if (next === undefined || next.until > end) break
    time = next.until
    sleepers.shift()
    next.wake()
  }
  time = end
  await settle()
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

function stored(email: string, roots = ring): StoredAccount {
  const id = accountIdOf(roots.current, email)
  const created = milliseconds(1000)
  return { id, created, email: sealEmail(roots, email, { id, created }), token: Buffer.alloc(32) }
}

describe('the index of ur names', () => {
  it('knows the accounts of the setting at once, and lists nothing for them', () => {
    index = newIndex([BO])
    expect(index.find(urNameOf(BO))).toBe(BO)
    expect(index.find(urNameOf(ANA))).toBeUndefined()
    expect(listings).toEqual([])
  })

  it('knows every stored account after a refresh, and one that is created later after the next', async () => {
    await index.refresh()
    expect(index.find(urNameOf(ANA))).toBe(ANA)
    expect(index.find(urNameOf(BO))).toBeUndefined()
    accounts.push(stored(BO))
    const refreshed = index.refresh()
    await pass(1000)
    await refreshed
    expect(index.find(urNameOf(BO))).toBe(BO)
    expect(index.find(urNameOf(ANA))).toBe(ANA)
  })

  it('lists once a second at most, for all who wait', async () => {
    const waiting: Promise<void>[] = []
    for (let tenth = 0; tenth < 50; tenth += 1) {
      for (let call = 0; call < 20; call += 1) waiting.push(index.refresh())
      await pass(100)
    }
    await pass(1000)
    await Promise.all(waiting)
    expect(listings).toEqual([5000, 6000, 7000, 8000, 9000, 10_000])
  })

  it.each([10, 200, 3000])('spends no more than 5 %% of the time on listings of %i ms', async (each) => {
    cost = each
    const span = Math.max(100 * each, 20_000)
    for (let passed = 0; passed < span; passed += span / 500) {
      void index.refresh()
      await pass(span / 500)
    }
    expect(listings.length).toBeGreaterThan(2)
    const intervals = listings.slice(1).map((began, number) => began - (listings[number] ?? 0))
    for (const interval of intervals) expect(each / interval).toBeLessThanOrEqual(0.05)
  })

  it('makes nobody wait for the time that opening email addresses took, because it is spent once', async () => {
    const ana = stored(ANA)
    accounts = [
      {
        ...ana,
        get email() {
          time = later(time, 3000)
          return ana.email
        },
      },
    ]
    cost = 10
    const first = index.refresh()
    await pass(10)
    await first
    expect(index.find(urNameOf(ANA))).toBe(ANA)
    let refreshed = false
    void index.refresh().then(() => {
      refreshed = true
    })
    await pass(1000)
    expect(refreshed).toBe(true)
  })

  it('does not take a listing that had begun before the call for a refresh', async () => {
    cost = 10
    const first = index.refresh()
    await pass(5)
    accounts.push(stored(BO))
    const second = index.refresh()
    await pass(5)
    await first
    expect(index.find(urNameOf(BO))).toBeUndefined()
    await pass(1000)
    await second
    expect(index.find(urNameOf(BO))).toBe(BO)
    expect(listings).toHaveLength(2)
  })

  it('fails all who wait while the store is unavailable, and tries again a second later', async () => {
    outage = true
    cost = 400
    const waiting = [index.refresh(), index.refresh()].map((call) => call.catch((error: unknown) => error))
    await pass(400)
    expect(await Promise.all(waiting)).toEqual([failure('store_unavailable'), failure('store_unavailable')])
    outage = false
    const refreshed = index.refresh()
    await pass(1000)
    await refreshed
    expect(index.find(urNameOf(ANA))).toBe(ANA)
    expect(listings).toEqual([5000, 6000])
  })

  it('leaves out accounts that do not open, and finds those beside them', async () => {
    const damaged = { ...stored(BO), id: 'damaged' as AccountId, email: Buffer.alloc(9) }
    accounts.unshift(damaged, stored(BO, createKeyRing([NEWER_ROOT])))
    await index.refresh()
    expect(index.find(urNameOf(BO))).toBeUndefined()
    expect(index.find(urNameOf(ANA))).toBe(ANA)
  })

  it('opens each email address once, some at a time', async () => {
    const many = Array.from({ length: 700 }, (_, number) => stored(`a${number}@example.com`))
    let opened = 0
    accounts = many.map((account) => ({
      ...account,
      get email() {
        opened += 1
        return account.email
      },
    }))
    let turn = 0
    const turns = [0, 0, 0]
    const refreshed = index.refresh()
    while (opened < 700 && turn < 100) {
      await new Promise((resolve) => setImmediate(resolve))
      turns[turn] = opened
      turn += 1
    }
    await refreshed
    expect(turns.slice(0, 3)).toEqual([256, 512, 700])
    const again = index.refresh()
    await pass(1000)
    await again
    expect(opened).toBe(700)
    expect(index.find(urNameOf('a699@example.com'))).toBe('a699@example.com')
  })
})
