import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { ANA, api, basic } from '../api/client.ts'
import { fieldsIn } from './form-fields.ts'
import { type PageAnswer, Visitor } from './visitor.ts'

const DAY = 86_400
const BO = { email: 'bo@example.com', token: 'token-of-bo-0123456789' }
const SETTINGS = {
  PUBLIC_URL: 'https://once.example.com',
  SHARE_DOMAINS: 'team.example.org=ana@example.com',
  ROOT_KEY: '7f3a9c1e5b2d8046a1f7c3e9d5b80264e8c1a7f3095d2b6e4c8a1f7093d5b2e6',
}
const FORM = 'Share a secret that opens once'

/** What is typed into the form of Ana's account. */
const TYPED = {
  secret: 'long <work>\n"by hand" & more\n',
  passphrase: ' tulip "1" ',
  ttl: String(30 * DAY),
  recipient: 'foo@example.com, bar@example.org',
  share_domain: 'team.example.org',
  tell_sender: 'yes',
}
const ANONYMOUSLY_TYPED = { secret: TYPED.secret, passphrase: TYPED.passphrase, ttl: String(DAY) }

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({
    accounts: { [ANA.email]: ANA.token, [BO.email]: BO.token },
    settings: SETTINGS,
  })
})
afterAll(() => server.close())

async function signedIn(user: { email: string; token: string } = ANA): Promise<Visitor> {
  const visitor = new Visitor(server)
  await visitor.fill('/signin', user)
  return visitor
}

/** The secrets that Ana and Bo have created, and the emails that were sent. */
async function created(): Promise<number> {
  const lists = await Promise.all(
    [ANA, BO].map(({ email, token }) => api(server, basic(email, token)).get('/private/recent')),
  )
  return lists.reduce((sum, { body }) => sum + (body as unknown as unknown[]).length, server.mails.length)
}

/** Returns the receipt that an answer leads to; of several recipients, the first one's. */
async function receiptOf(visitor: Visitor, { location = '' }: PageAnswer) {
  const { text } = await visitor.get(location)
  const [, first] = /href="(\/private\/[a-z0-9]+)">Receipt/.exec(text) ?? []
  const { body } = await api(server, basic()).get(location === '/sent' ? (first ?? '') : location)
  return body
}

describe('F44: a sender whose session has ended while writing', () => {
  async function endedSession(): Promise<{ visitor: Visitor; page: PageAnswer }> {
    const visitor = await signedIn()
    const form = await visitor.get('/')
    server.clock.advance(12 * 3600)
    const before = await created()
    const page = await visitor.submit(form, '/', TYPED)
    expect(await created()).toBe(before)
    return { visitor, page }
  }

  it('gets the whole form back, is told so, and nothing is created', async () => {
    const { page } = await endedSession()
    expect(page).toMatchObject({ status: 401, heading: FORM })
    expect(page.text).toContain('You have been signed out, and no secret was created.')
    expect(fieldsIn(page)).toMatchObject(TYPED)
    expect(page.text).not.toContain(ANA.email)
    expect(page.text).not.toContain('Create link')
  })

  it('signs in with all of it, also at the second attempt, and creates the secret as meant', async () => {
    const { visitor, page } = await endedSession()
    const signIn = await visitor.press(page, '/', '/draft?step=sign-in', fieldsIn(page))
    expect(signIn).toMatchObject({ status: 200, heading: 'Sign in' })
    expect(signIn.headers['cache-control']).toBe('no-store')
    expect(signIn.text).toContain('Everything you entered is kept.')
    const rejected = await visitor.submit(signIn, '/signin', { ...ANA, token: 'not the token' })
    expect(rejected).toMatchObject({ status: 401, heading: 'Sign in' })
    const form = await visitor.submit(rejected, '/signin', ANA)
    expect(form).toMatchObject({ status: 200, heading: FORM })
    expect(fieldsIn(form)).toMatchObject(TYPED)
    expect(form.text).not.toContain('role="alert"')
    expect([...visitor.cookies.values()].join()).not.toMatch(/work|tulip/)

    const receipt = await receiptOf(visitor, await visitor.submit(form, '/', fieldsIn(form)))
    expect(receipt).toMatchObject({ custid: ANA.email, ttl: 30 * DAY, share_domain: 'team.example.org' })
    expect(server.mails.slice(-2).map(({ to }) => to)).toEqual(['foo@example.com', 'bar@example.org'])
    const { body } = await api(server).post(`/secret/${receipt.secret_key}`, { passphrase: TYPED.passphrase })
    expect(body.value).toBe(TYPED.secret)
  })

  it('can go back from signing in, in another language too, and still cannot create it unawares', async () => {
    const { visitor, page } = await endedSession()
    const signIn = await visitor.press(page, '/', '/draft?step=sign-in', fieldsIn(page))
    const italian = await visitor.press(signIn, '/signin', '/draft?step=sign-in&language=it')
    expect(italian.heading).toBe('Accedi')
    const back = await visitor.press(italian, '/signin', '/draft')
    expect(back.text).toContain('La sessione è terminata')
    expect(fieldsIn(back)).toMatchObject(TYPED)
    expect(await visitor.submit(back, '/', fieldsIn(back))).toMatchObject({ status: 401 })
  })

  it('can continue without an account, and sees what that changes before anything is created', async () => {
    const { visitor, page } = await endedSession()
    expect(page.text).toContain('Continue without an account')
    const form = await visitor.press(page, '/', '/draft?step=anonymous', fieldsIn(page))
    expect(form.text).toContain('The link lasts at most 7 days and is not emailed.')
    expect(fieldsIn(form)).toMatchObject({ ...ANONYMOUSLY_TYPED, ttl: String(7 * DAY) })
    for (const gone of ['recipient', 'tell_sender']) expect(fieldsIn(form)).not.toHaveProperty(gone)
    expect(await receiptOf(visitor, await visitor.submit(form, '/', fieldsIn(form)))).toMatchObject({
      custid: 'anon',
      ttl: 7 * DAY,
    })
  })

  it('is told so without the CSRF cookie, too', async () => {
    const visitor = await signedIn()
    const form = await visitor.get('/')
    visitor.cookies.clear()
    const page = await visitor.submit(form, '/', TYPED)
    expect(page.status).toBe(403)
    expect(fieldsIn(page)).toMatchObject(TYPED)
    expect(await visitor.submit(page, '/', fieldsIn(page))).toMatchObject({ status: 401 })
  })
})

describe('F44: a form that was opened for another sender', () => {
  it.each([
    ['another account', () => signedIn()],
    ['nobody', async () => new Visitor(server)],
  ])('is shown again, and creates nothing at once: for %s', async (_who, open) => {
    const visitor = await open()
    const form = await visitor.get('/')
    visitor.cookies.delete('__Host-session')
    await visitor.fill('/signin', BO)
    const before = await created()
    const page = await visitor.submit(form, '/', TYPED)
    expect(page).toMatchObject({ status: 409, heading: FORM })
    expect(page.text).toContain('You are now signed in as bo@example.com. No secret has been created yet.')
    expect(fieldsIn(page)).toMatchObject(TYPED)
    expect(await created()).toBe(before)
    const sent = await visitor.submit(page, '/', { ...fieldsIn(page), share_domain: 'once.example.com' })
    expect((await receiptOf(visitor, sent))['custid']).toBe(BO.email)
  })

  it.each([
    ['missing', 403],
    ['', 401],
    ['nonsense', 401],
  ])('is not believed when its field is %j', async (value, status) => {
    const visitor = new Visitor(server)
    const form = await visitor.get('/')
    const fields = { ...fieldsIn(form), ...ANONYMOUSLY_TYPED, opened_for: value }
    if (value === 'missing') Reflect.deleteProperty(fields, 'opened_for')
    const page = await visitor.post('/', fields)
    expect(page).toMatchObject({ status, heading: FORM })
    expect(fieldsIn(page)).toMatchObject(ANONYMOUSLY_TYPED)
  })

  it('names the account by a hash that neither a reader nor another server can use', async () => {
    const [ana, bo, stranger] = [await signedIn(), await signedIn(BO), new Visitor(server)]
    const values = await Promise.all(
      [ana, bo, stranger].map(async (visitor) => fieldsIn(await visitor.get('/'))['opened_for']),
    )
    expect(new Set(values).size).toBe(3)
    expect(values[0]).toMatch(/^[\w-]{43}$/)
  })
})

it('F44: a form comes back whole when only accounts may create secrets meanwhile', async () => {
  const visitor = new Visitor(server)
  const form = await visitor.get('/')
  const closed = await startTestServer({
    accounts: { [ANA.email]: ANA.token },
    settings: { ...SETTINGS, ANONYMOUS_CREATE: 'off' },
  })
  try {
    const later = new Visitor(closed)
    for (const [name, value] of visitor.cookies) later.cookies.set(name, value)
    const page = await later.submit(form, '/', ANONYMOUSLY_TYPED)
    expect(page).toMatchObject({ status: 401, heading: FORM })
    expect(page.text).toContain('Please sign in first.')
    expect(page.text).not.toContain('Continue without an account')
    expect(fieldsIn(page)).toMatchObject(ANONYMOUSLY_TYPED)
    const anyway = await later.press(page, '/', '/draft?step=anonymous', fieldsIn(page))
    expect(await later.submit(anyway, '/', fieldsIn(anyway))).toMatchObject({ status: 401 })

    const signIn = await later.press(page, '/', '/draft?step=sign-in', fieldsIn(page))
    const signed = await later.submit(signIn, '/signin', ANA)
    expect(signed.text).toContain('You are now signed in as ana@example.com.')
    expect(fieldsIn(signed)).toMatchObject(ANONYMOUSLY_TYPED)
    expect((await later.submit(signed, '/', fieldsIn(signed))).status).toBe(303)
  } finally {
    await closed.close()
  }
})

describe('F44: on the page of the form,', () => {
  it('the language menu and the sign-in link are buttons that keep what was typed', async () => {
    const visitor = new Visitor(server)
    const form = await visitor.get('/')
    expect(form.text).toMatch(
      /<button class="link" form="share" formaction="\/draft\?step=sign-in" formnovalidate/,
    )
    expect(form.text).toMatch(
      /<button class="link" form="share" formaction="\/draft\?language=de" formnovalidate/,
    )
    expect(form.text).not.toMatch(/href="\/(signin|[^"]*language=)/)
    const german = await visitor.press(form, '/', '/draft?language=de', ANONYMOUSLY_TYPED)
    expect(german).toMatchObject({
      status: 200,
      heading: 'Ein Geheimnis teilen, das sich nur einmal öffnen lässt',
    })
    expect(fieldsIn(german)).toMatchObject(ANONYMOUSLY_TYPED)
    expect(visitor.cookies.get('language')).toBe('de')
    expect((await visitor.submit(german, '/', fieldsIn(german))).status).toBe(303)
  })

  it('Enter in a field creates the link, although the sign-in button comes first', async () => {
    const { text } = await new Visitor(server).get('/')
    const [first] = /<button form="share"[^>]*>|<button [^>]*form="share"[^>]*>/.exec(text) ?? []
    expect(first).not.toContain('formaction')
  })

  it('an empty form leads to the pages themselves', async () => {
    const visitor = new Visitor(server)
    const form = await visitor.get('/')
    const pressed = (leadsTo: string, fields = {}) =>
      visitor.press(form, '/', leadsTo, { ...fieldsIn(form), ...fields })
    expect(await pressed('/draft?step=sign-in')).toMatchObject({ status: 303, location: '/signin' })
    expect(await pressed('/draft?language=it')).toMatchObject({ status: 303, location: '/' })
    expect(await pressed('/draft?language=it', { ttl: '3600' })).toMatchObject({ status: 200 })
    expect(await visitor.get('/draft')).toMatchObject({ status: 303, location: '/' })
  })
})

describe('F44: signing in keeps the text', () => {
  it('when the CSRF token is invalid, and when there were too many attempts', async () => {
    const small = await startTestServer({
      accounts: { [ANA.email]: ANA.token },
      settings: { RATE_LIMIT: 'sign-in=1/600' },
    })
    try {
      const visitor = new Visitor(small)
      const form = await visitor.get('/')
      const signIn = await visitor.press(form, '/', '/draft?step=sign-in', ANONYMOUSLY_TYPED)
      const expired = await visitor.submit(signIn, '/signin', { ...ANA, csrf_token: 'x' })
      expect(expired).toMatchObject({ status: 403, heading: 'Sign in' })
      await visitor.submit(expired, '/signin', { email: 'x', token: 'y' })
      const paused = await visitor.submit(expired, '/signin', ANA)
      expect(paused).toMatchObject({ status: 429, heading: 'Sign in' })
      for (const page of [expired, paused]) expect(fieldsIn(page)).toMatchObject(ANONYMOUSLY_TYPED)
    } finally {
      await small.close()
    }
  })
})

describe('F44: a generated password', () => {
  const CHOICES = { password_length: '20', password_characters: 'numbers' }

  it('is put into an empty form, or after what was typed, and nothing is created', async () => {
    const visitor = await signedIn()
    const form = await visitor.get('/')
    const before = await created()
    const cookies = new Map(visitor.cookies)
    const press = (fields: Record<string, string>) =>
      visitor.press(form, '/', '/draft?step=password', { ...TYPED, ...CHOICES, ...fields })
    for (const [secret, pattern] of [
      ['', /^[0-9]{20}$/],
      ['Password: ', /^Password: [0-9]{20}$/],
      ['The password:', /^The password:\n[0-9]{20}$/],
    ] as const) {
      const page = await press({ secret })
      expect(page).toMatchObject({ status: 200, heading: FORM, location: undefined })
      expect(fieldsIn(page)).toMatchObject({ ...TYPED, ...CHOICES, secret: expect.stringMatching(pattern) })
      expect(page.text).toContain('<details class="password" open>')
    }
    expect(await created()).toBe(before)
    expect(visitor.cookies).toEqual(cookies)
  })

  it('has the chosen characters, by default without look-alikes', async () => {
    const visitor = new Visitor(server)
    const form = await visitor.get('/')
    const hidden = fieldsIn(form)
    const body = (characters: string) => {
      const fields = { ...hidden, secret: '', password_length: '128' }
      Reflect.deleteProperty(fields, 'password_characters')
      return `${new URLSearchParams(fields)}${characters}`
    }
    const generate = async (...characters: string[]) => {
      const text = body(characters.map((name) => `&password_characters=${name}`).join(''))
      const type = {
        'Content-Type': 'application/x-www-form-urlencoded',
        'Content-Length': String(text.length),
      }
      return visitor.send('POST', '/draft?step=password', type, text)
    }
    const secret = async (...characters: string[]) => fieldsIn(await generate(...characters))['secret']
    expect(await secret('lowercase')).toMatch(/^[a-z]{128}$/)
    expect(await secret('symbols')).toMatch(/^[*$!?()]{128}$/)
    expect(await secret('numbers', 'unambiguous')).toMatch(/^[2-9]{128}$/)
    const none = await generate('unambiguous')
    expect(none).toMatchObject({ status: 400, heading: FORM })
    expect(none.text).toMatch(/id="password-error">Choose at least one kind of character\.</)
    expect(hidden).toMatchObject({ password_length: '16', password_characters: 'unambiguous' })
  })

  it('is available beyond the rate limit on creating secrets', async () => {
    const small = await startTestServer({ settings: { RATE_LIMIT: 'create=1/600' } })
    try {
      const visitor = new Visitor(small)
      const form = await visitor.get('/')
      for (let i = 0; i < 2; i += 1) {
        expect((await visitor.press(form, '/', '/draft?step=password', CHOICES)).status).toBe(200)
      }
    } finally {
      await small.close()
    }
  })
})
