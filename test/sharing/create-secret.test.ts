import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Account } from '../../src/accounts/authenticate.ts'
import { recentKeys } from '../../src/accounts/recent.ts'
import { DomainError } from '../../src/errors.ts'
import { parseLocale } from '../../src/i18n/locale.ts'
import type { Invitation, Mailer } from '../../src/mail/mailer.ts'
import { parseSecretKey, recordIdOf, secretKeyOf } from '../../src/secrets/keys.ts'
import { viewReceipt } from '../../src/secrets/receipt.ts'
import { secretExpiry } from '../../src/secrets/records.ts'
import { reveal } from '../../src/secrets/reveal.ts'
import { createSecret } from '../../src/sharing/create-secret.ts'
import { ANYBODY, failure, START, type Stage, withLink } from '../secrets/stage.ts'
import { openSharingStage, request, type SharingStage } from './stage.ts'

const DAY = 86_400
const RECIPIENT = 'foo@example.com'

let at: SharingStage
let stage: Stage
let account: Account
beforeEach(async () => {
  at = await openSharingStage()
  stage = at.stage
  account = at.account
})
afterEach(() => at.stage.close())

const sharing: SharingStage['sharing'] = (...changes) => at.sharing(...changes)
const caller: SharingStage['caller'] = (changes) => at.caller(changes)
const storedSecrets = () => at.storedSecrets()

describe('createSecret', () => {
  it('stores the secret before its link is emailed, and returns afterwards', async () => {
    const events: string[] = []
    const mailer: Mailer = {
      async send({ link }) {
        const id = recordIdOf(parseSecretKey(link.slice(-31)))
        events.push((await stage.store.secrets.peek(id, START)) === undefined ? 'missing' : 'stored')
      },
    }
    const receipt = await createSecret(sharing({ mailer }), caller(), request({ recipients: [RECIPIENT] }))
    events.push('returned')
    expect(events).toEqual(['stored', 'returned'])
    expect(await reveal(stage.secrets(), withLink(receipt.secretKey))).toEqual({ value: request().value })
  })

  it('emails the secret link to each recipient, in the locale of the caller', async () => {
    const { mailer, sent } = mailbox()
    const recipients = [RECIPIENT, 'bar@example.net', '']
    const receipt = await createSecret(
      sharing({ mailer }),
      caller({ locale: parseLocale('de') }),
      request({ recipients }),
    )
    const invitation = {
      link: `https://secrets.example.com/base/secret/${receipt.secretKey}`,
      sender: 'sender@example.org',
      locale: 'de',
      expires: secretExpiry(receipt),
    }
    expect(sent).toEqual([
      { ...invitation, to: RECIPIENT },
      { ...invitation, to: 'bar@example.net' },
    ])
    expect(receipt.recipients).toEqual(['fo*****@e*****.com', 'ba*****@e*****.net'])
  })

  it('emails a link on the share domain of the secret', async () => {
    const { mailer, sent } = mailbox()
    const wanted = request({ recipients: [RECIPIENT], shareDomain: 'Links.example.com' })
    const { secretKey, shareDomain } = await createSecret(sharing({ mailer }), caller(), wanted)
    expect(shareDomain).toBe('links.example.com')
    expect(sent.map(({ link }) => link)).toEqual([`https://links.example.com/base/secret/${secretKey}`])
  })

  it('F20: withdraws the secret when its email fails, and throws the error of the mailer', async () => {
    const { mailer, error, links } = failingMailer()
    const events: string[] = []
    const context = sharing({ mailer })
    const observed = { ...context.secrets, onEvent: (event: string) => events.push(event) }
    await expect(
      createSecret({ ...context, secrets: observed }, caller(), request({ recipients: [RECIPIENT] })),
    ).rejects.toBe(error)
    const [receiptKey, ...others] = await recentKeys(stage.accounts(), account)
    if (receiptKey === undefined) throw new Error('the recent list is empty')
    expect(others).toEqual([])
    await expect(viewReceipt(stage.secrets(), receiptKey, 'sender', ANYBODY)).rejects.toEqual(
      failure('unknown_secret'),
    )
    const secretKey = secretKeyOf(receiptKey)
    expect(links).toEqual([expect.stringContaining(secretKey)])
    await expect(reveal(stage.secrets(), withLink(secretKey))).rejects.toEqual(failure('unknown_secret'))
    expect(events).toEqual(['created', 'withdrawn'])
  })

  it('F20: withdraws the secret when the email to one of several recipients fails', async () => {
    const error = new DomainError('email_failed')
    const mailer: Mailer = {
      async send({ to }) {
        if (to === RECIPIENT) throw error
      },
    }
    const wanted = request({ recipients: ['bar@example.net', RECIPIENT] })
    await expect(createSecret(sharing({ mailer }), caller(), wanted)).rejects.toBe(error)
    expect(await storedSecrets()).toBe(0)
  })

  it('throws the error of the mailer also when the store is closed by then', async () => {
    const error = new Error('no email today')
    const mailer: Mailer = {
      async send() {
        await stage.store.close()
        throw error
      },
    }
    const context = sharing({ mailer })
    await expect(createSecret(context, caller(), request({ recipients: [RECIPIENT] }))).rejects.toBe(error)
    await expect(createSecret(context, caller(), request())).rejects.toEqual(failure('store_unavailable'))
  })

  it('withdraws the secret when the recent list cannot be written, and emails nothing', async () => {
    const { mailer, sent } = mailbox()
    const context = sharing({ mailer })
    const error = new DomainError('store_unavailable')
    const store = { ...context.accounts.store, remember: () => Promise.reject(error) }
    const failing = { ...context, accounts: { ...context.accounts, store } }
    await expect(createSecret(failing, caller(), request({ recipients: [RECIPIENT] }))).rejects.toBe(error)
    expect(await storedSecrets()).toBe(0)
    expect(sent).toEqual([])
  })

  it('adds the receipt key to the recent list of the account, and its email address to the receipt', async () => {
    const first = await createSecret(sharing(), caller(), request())
    const second = await createSecret(sharing(), caller(), request({ origin: 'generated' }))
    expect(await recentKeys(stage.accounts(), account)).toEqual([second.receiptKey, first.receiptKey])
    expect(second).toMatchObject({ custid: 'sender@example.org', state: 'new' })
    expect(await viewReceipt(stage.secrets(), second.receiptKey, 'observer', ANYBODY)).toEqual({
      ...second,
      state: 'viewed',
    })
  })

  it('creates a secret for an anonymous caller, and adds it to no recent list', async () => {
    const receipt = await createSecret(sharing(), caller({ account: undefined }), request())
    expect(receipt.custid).toBeUndefined()
    expect(await reveal(stage.secrets(), withLink(receipt.secretKey))).toEqual({ value: request().value })
    expect(await recentKeys(stage.accounts(), account)).toEqual([])
  })

  it('rejects an anonymous caller where anonymous creation is off, and stores nothing', async () => {
    const context = sharing({}, { anonymousCreate: false })
    await expect(createSecret(context, caller({ account: undefined }), request())).rejects.toEqual(
      failure('anonymous_creation_off'),
    )
    expect(await storedSecrets()).toBe(0)
    await createSecret(context, caller(), request())
    expect(await storedSecrets()).toBe(1)
  })

  it('accepts a secret up to the maximum size of its caller', async () => {
    const anonymous = caller({ account: undefined })
    const sized = (bytes: number) => request({ value: 'é'.repeat(bytes / 2) })
    for (const [by, limit] of [
      [anonymous, 1000],
      [caller(), 10_000],
    ] as const) {
      await expect(createSecret(sharing(), by, sized(limit))).resolves.toMatchObject({ state: 'new' })
      await expect(createSecret(sharing(), by, sized(limit + 2))).rejects.toEqual(
        failure('secret_too_large', { limit }),
      )
    }
  })

  it('rejects recipients of an anonymous caller, and stores nothing', async () => {
    const { mailer, sent } = mailbox()
    const wanted = request({ recipients: [RECIPIENT] })
    await expect(createSecret(sharing({ mailer }), caller({ account: undefined }), wanted)).rejects.toEqual(
      failure('account_required'),
    )
    expect(await storedSecrets()).toBe(0)
    expect(sent).toEqual([])
  })

  it('rejects recipients where no SMTP server is configured, and stores nothing', async () => {
    await expect(createSecret(sharing(), caller(), request({ recipients: [RECIPIENT] }))).rejects.toEqual(
      failure('email_not_configured'),
    )
    expect(await storedSecrets()).toBe(0)
  })

  it('rejects an invalid recipient and an unknown share domain, and stores nothing', async () => {
    const { mailer, sent } = mailbox()
    for (const [changes, expected] of [
      [{ recipients: [RECIPIENT, 'nobody'] }, failure('undeliverable_address', { subject: 'nobody' })],
      [{ shareDomain: 'evil.example' }, failure('unknown_domain', { subject: 'evil.example' })],
    ] as const) {
      await expect(createSecret(sharing({ mailer }), caller(), request(changes))).rejects.toEqual(expected)
    }
    expect(await storedSecrets()).toBe(0)
    expect(sent).toEqual([])
  })

  it('F4: grants an anonymous caller the ttl of an anonymous one, and an account that of an account', async () => {
    const wanted = request({ ttl: String(90 * DAY) })
    expect((await createSecret(sharing(), caller(), wanted)).ttl).toBe(30 * DAY)
    expect((await createSecret(sharing(), caller({ account: undefined }), wanted)).ttl).toBe(7 * DAY)
  })
})

function mailbox(): { mailer: Mailer; sent: Invitation[] } {
  const sent: Invitation[] = []
  return { mailer: { send: async (invitation) => void sent.push(invitation) }, sent }
}

function failingMailer(): { mailer: Mailer; error: Error; links: string[] } {
  const error = new Error('no email today')
  const links: string[] = []
  const mailer: Mailer = {
    async send({ link }) {
      links.push(link)
      throw error
    },
  }
  return { mailer, error, links }
}
