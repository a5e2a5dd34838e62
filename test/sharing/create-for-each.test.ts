import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { recentKeys } from '../../src/accounts/recent.ts'
import { DomainError } from '../../src/errors.ts'
import { type Admission, createAdmission } from '../../src/limits/admission.ts'
import { createLocalRates } from '../../src/limits/local-rates.ts'
import type { Invitation, Mailer } from '../../src/mail/mailer.ts'
import { parseSecretKey, recordIdOf } from '../../src/secrets/keys.ts'
import { viewReceipt } from '../../src/secrets/receipt.ts'
import { reveal } from '../../src/secrets/reveal.ts'
import { createForEach } from '../../src/sharing/create-for-each.ts'
import { milliseconds, seconds } from '../../src/time.ts'
import { ANYBODY, failure, START, withLink } from '../secrets/stage.ts'
import { openSharingStage, request, type SharingStage } from './stage.ts'

const RECIPIENTS = ['foo@example.com', 'bar@example.net', 'baz@example.org']

let at: SharingStage
beforeEach(async () => {
  at = await openSharingStage()
})
afterEach(() => at.stage.close())

/** A mailer that fails for some addresses, and lists what it sent. */
function mailerExcept(...failing: readonly string[]) {
  const sent: Invitation[] = []
  const errors = new Map(failing.map((address) => [address, new DomainError('email_failed')]))
  const mailer: Mailer = {
    async send(invitation) {
      const error = errors.get(invitation.to)
      if (error !== undefined) throw error
      sent.push(invitation)
    },
  }
  return { mailer, sent, errors }
}

/** An admission of one request under a limit, and what is left of that limit. */
function admissionWithin(limit: number) {
  const rates = createLocalRates()
  const quota = { bucket: 'sender', limit: { limit, windowMs: milliseconds(60_000) } }
  const admission: Admission = createAdmission(rates, quota, () => START)
  const left = async () => {
    for (let count = 0; ; count += 1) if ((await rates.take(quota, START)) > 0) return count
  }
  return { admission, left }
}

const keyIn = ({ link }: Invitation) => parseSecretKey(link.slice(-31))

describe('F45: createForEach with several recipients', () => {
  it('emails each a link of its own, and each opens the secret', async () => {
    const { mailer, sent } = mailerExcept()
    const wanted = request({ recipients: [...RECIPIENTS, ''], passphrase: 'tulip', ttl: '7200' })
    const shared = await createForEach(at.sharing({ mailer }), at.caller(), wanted)
    if (shared.kind === 'one') throw new Error('one secret for all')
    expect(shared.deliveries.map(({ address }) => address)).toEqual(RECIPIENTS)
    expect(sent.map(({ to }) => to)).toEqual(RECIPIENTS)
    expect(new Set(sent.map(keyIn)).size).toBe(3)
    for (const invitation of sent) {
      const claimant = { ...withLink(keyIn(invitation)), passphrase: 'tulip' }
      expect(await reveal(at.stage.secrets(), claimant)).toEqual({ value: wanted.value })
    }
  })

  it('gives each a receipt, which names this recipient alone and is in the recent list', async () => {
    const { mailer } = mailerExcept()
    const shared = await createForEach(
      at.sharing({ mailer }),
      at.caller(),
      request({ recipients: RECIPIENTS }),
    )
    const deliveries = shared.kind === 'several' ? shared.deliveries : []
    const keys = await recentKeys(at.stage.accounts(), at.account)
    expect(keys).toHaveLength(3)
    expect(deliveries).toMatchObject(keys.reverse().map((receiptKey) => ({ receipt: { receiptKey } })))
    const named = await Promise.all(
      keys.map((key) => viewReceipt(at.stage.secrets(), key, 'observer', ANYBODY)),
    )
    expect(named.map(({ recipients }) => recipients)).toEqual([
      ['fo*****@e*****.com'],
      ['ba*****@e*****.net'],
      ['ba*****@e*****.org'],
    ])
  })

  it('keeps the links that were sent when one email fails, and withdraws the secret of the other', async () => {
    const { mailer, sent, errors } = mailerExcept('bar@example.net')
    const shared = await createForEach(
      at.sharing({ mailer }),
      at.caller(),
      request({ recipients: RECIPIENTS }),
    )
    expect(shared).toMatchObject({
      deliveries: [
        { address: 'foo@example.com', receipt: { recipients: ['fo*****@e*****.com'] } },
        { address: 'bar@example.net', error: errors.get('bar@example.net') },
        { address: 'baz@example.org', receipt: { recipients: ['ba*****@e*****.org'] } },
      ],
    })
    expect(await at.storedSecrets()).toBe(2)
    for (const invitation of sent) {
      const id = recordIdOf(keyIn(invitation))
      expect(await at.stage.store.secrets.peek(id, START)).toBeDefined()
    }
  })

  it('throws the error of the first email when all fail, and no secret remains', async () => {
    const { mailer, errors } = mailerExcept(...RECIPIENTS)
    const creating = createForEach(at.sharing({ mailer }), at.caller(), request({ recipients: RECIPIENTS }))
    await expect(creating).rejects.toBe(errors.get('foo@example.com'))
    expect(await at.storedSecrets()).toBe(0)
  })

  it.each(['create', 'remember'] as const)(
    'emails nothing and leaves no secret when the store fails at the second secret: %s',
    async (step) => {
      const { mailer, sent } = mailerExcept()
      const context = at.sharing({ mailer })
      const error = new DomainError('store_unavailable')
      let calls = 0
      const failSecond = () => {
        calls += 1
        if (calls === 2) throw error
      }
      const { secrets, accounts } = context
      const failing = {
        ...context,
        secrets: {
          ...secrets,
          store: {
            ...secrets.store,
            create: async (...args: Parameters<typeof secrets.store.create>) => {
              if (step === 'create') failSecond()
              return secrets.store.create(...args)
            },
          },
        },
        accounts: {
          ...accounts,
          store: {
            ...accounts.store,
            remember: async (...args: Parameters<typeof accounts.store.remember>) => {
              if (step === 'remember') failSecond()
              return accounts.store.remember(...args)
            },
          },
        },
      }
      await expect(createForEach(failing, at.caller(), request({ recipients: RECIPIENTS }))).rejects.toBe(
        error,
      )
      expect(calls).toBe(2)
      expect(sent).toEqual([])
      expect(await at.storedSecrets()).toBe(0)
    },
  )

  it('counts each secret against the rate limit', async () => {
    const { mailer } = mailerExcept()
    const { admission, left } = admissionWithin(5)
    await createForEach(at.sharing({ mailer }), at.caller({ admission }), request({ recipients: RECIPIENTS }))
    expect(await left()).toBe(2)
  })

  it('creates and counts nothing when the rate limit has no room for all of them', async () => {
    const { mailer, sent } = mailerExcept()
    const rates = createLocalRates()
    const quota = { bucket: 'sender', limit: { limit: 4, windowMs: milliseconds(60_000) } }
    for (let i = 0; i < 2; i += 1) await rates.take(quota, START)
    const admission = createAdmission(rates, quota, () => START)
    const wanted = request({ recipients: RECIPIENTS })
    await expect(createForEach(at.sharing({ mailer }), at.caller({ admission }), wanted)).rejects.toEqual(
      failure('rate_limited', { retryAfter: seconds(60) }),
    )
    expect(await at.storedSecrets()).toBe(0)
    expect(sent).toEqual([])
    expect([await rates.take(quota, START), await rates.take(quota, START)]).toEqual([0, 0])
  })

  it('names the maximum when the rate limit never lets so many through', async () => {
    const { mailer } = mailerExcept()
    const { admission } = admissionWithin(2)
    const wanted = request({ recipients: RECIPIENTS })
    await expect(createForEach(at.sharing({ mailer }), at.caller({ admission }), wanted)).rejects.toEqual(
      failure('too_many_recipients', { limit: 2 }),
    )
    expect(await at.storedSecrets()).toBe(0)
  })

  it('counts nothing for a request that is invalid', async () => {
    const { mailer } = mailerExcept()
    const { admission, left } = admissionWithin(5)
    for (const changes of [
      { value: '' },
      { recipients: [...RECIPIENTS, 'nobody'] },
      { shareDomain: 'evil.example' },
    ]) {
      const wanted = request({ recipients: RECIPIENTS, ...changes })
      await expect(createForEach(at.sharing({ mailer }), at.caller({ admission }), wanted)).rejects.toThrow()
    }
    expect(await left()).toBe(5)
  })
})

describe('createForEach', () => {
  it('creates one secret for one recipient, named twice, and for none', async () => {
    const { mailer, sent } = mailerExcept()
    for (const recipients of [['foo@example.com', ' foo@example.com'], []]) {
      const { admission, left } = admissionWithin(5)
      const shared = await createForEach(
        at.sharing({ mailer }),
        at.caller({ admission }),
        request({ recipients }),
      )
      expect(shared).toMatchObject({ kind: 'one', receipt: { state: 'new' } })
      // The store step counted it.
      expect(admission.passOn()).toBeUndefined()
      expect(await left()).toBe(5)
    }
    expect(sent).toHaveLength(1)
    expect(await at.storedSecrets()).toBe(2)
  })

  it('rejects anonymous callers where only accounts may create secrets', async () => {
    const context = at.sharing({}, { anonymousCreate: false })
    await expect(createForEach(context, at.caller({ account: undefined }), request())).rejects.toEqual(
      failure('anonymous_creation_off'),
    )
  })
})
