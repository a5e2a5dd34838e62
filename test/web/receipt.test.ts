import { encode } from 'uqr'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { ANA, type Api, api, basic } from '../api/client.ts'
import { escaped, Visitor } from './visitor.ts'

let server: TestServer
let client: Api
let visitor: Visitor
beforeAll(async () => {
  server = await startTestServer({
    accounts: { [ANA.email]: ANA.token, 'bo@example.com': 'token-of-bo-0123456789' },
  })
  client = api(server)
  visitor = new Visitor(server)
})
afterAll(() => server.close())

async function share(params: Record<string, string> = {}) {
  const { body } = await client.post('/share', { secret: 'x', ...params })
  const path = `/private/${body.metadata_key}`
  return { path, burn: `${path}/burn`, secretPath: `/secret/${body.secret_key}`, key: body.metadata_key }
}

describe('the receipt page', () => {
  it('shows the secret link as text and as a QR code while it works, and a GET marks the receipt as viewed', async () => {
    const { path, secretPath } = await share()
    expect((await visitor.send('HEAD', path)).status).toBe(200)
    const page = await visitor.get(path)
    expect(page).toMatchObject({ status: 200, heading: 'Your link is ready' })
    expect(page.text).toContain(`<code id="link" dir="ltr">${server.url}${secretPath}</code>`)
    expect(page.text).toMatch(
      /<svg class="qr" role="img" aria-label="QR code of the link" [^>]*><path fill="#fff" [^>]*><path stroke="#000" d="M4 4.5h7m/,
    )
    expect((await visitor.get(path)).heading).toBe('Waiting to be opened')
    expect((await client.get(path)).body['state']).toBe('viewed')
  })

  it('draws a QR code of the secret link', async () => {
    const { path, secretPath } = await share()
    const { text } = await visitor.get(path)
    const [, strokes = ''] = /stroke="#000" d="([^"]+)"/.exec(text) ?? []
    let [column, line] = [0, 0]
    const drawn = [...strokes.matchAll(/M(\d+) (\d+)\.5|m(\d+) 0|h(\d+)/g)].flatMap(([, x, y, gap, run]) => {
      if (x !== undefined) [column, line] = [Number(x), Number(y)]
      const start = column + Number(gap ?? 0)
      column = start + Number(run ?? 0)
      return Array.from({ length: Number(run ?? 0) }, (_, index) => `${start + index},${line}`)
    })
    const { data } = encode(`${server.url}${secretPath}`, { ecc: 'M', border: 4 })
    const dark = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`${x},${y}`] : [])))
    expect(drawn).toEqual(dark)
  })

  it('says when the secret was revealed, and no longer shows its link', async () => {
    const { path, secretPath } = await share()
    await visitor.get(path)
    server.clock.advance(60)
    const opened = new Date(server.clock.now()).toISOString()
    await client.post(secretPath)
    const page = await visitor.get(path)
    expect(page.heading).toBe('The secret was opened')
    expect(page.text).toMatch(new RegExp(`<dt>Opened</dt><dd><time datetime="${opened}">[^<]+ UTC</time>`))
    expect(page.text).not.toContain('/secret/')
    expect(page.text).not.toContain('/burn')
  })

  it('says that the secret has expired, until the receipt expires too', async () => {
    const { path } = await share({ ttl: '60' })
    server.clock.advance(61)
    const page = await visitor.get(path)
    expect(page).toMatchObject({ status: 200, heading: 'Expired unopened' })
    expect(page.text).not.toContain('/secret/')
    server.clock.advance(60)
    expect(await visitor.get(path)).toMatchObject({ status: 404, heading: 'There is no receipt here' })
  })

  it('does not exist for an unknown or malformed receipt key, which the page tells the sender', async () => {
    const gone = { status: 404, heading: 'There is no receipt here' }
    const unknown = await visitor.get(`/private/${'a'.repeat(31)}`)
    expect(unknown).toMatchObject(gone)
    expect(unknown.text).toContain('<a class="button primary" href="/">New secret</a>')
    expect(unknown.text).not.toContain('ask the sender')
    expect(await visitor.post(`/private/${'a'.repeat(31)}/burn`)).toMatchObject({ status: 403 })
    const incomplete = { status: 404, heading: 'This link is incomplete' }
    for (const key of ['short', 'recent', '%3Cb%3E']) {
      expect(await visitor.get(`/private/${key}`)).toMatchObject(incomplete)
    }
  })
})

describe('the receipt page of a secret whose link was emailed', () => {
  it('says that it was sent and to whom, does not ask to send it, and obscures the addresses', async () => {
    const both = '?recipient=foo@example.com&recipient=bar@example.org'
    const { body } = await api(server, basic()).post(`/share${both}`, { secret: 'x' })
    const path = `/private/${body.metadata_key}`
    const first = await visitor.get(path)
    expect(first.heading).toBe('The link was sent')
    expect(first.text).not.toContain('Send this link')
    for (const page of [first, await visitor.get(path)]) {
      expect(page.text).toContain(
        'The link was emailed to \u2068fo*****@e*****.com\u2069 and \u2068ba*****@e*****.org\u2069. Nobody has opened',
      )
      expect(page.text).not.toMatch(/foo@|bar@/)
    }
    expect((await visitor.get(path)).heading).toBe('Waiting to be opened')
    expect((await visitor.get((await share()).path)).text).toContain('Send this link to the recipient.')
  })
})

describe('the way to a new secret', () => {
  const BUTTON = '<a class="button primary" href="/">New secret</a>'

  it('is a button on the receipt once the secret is gone', async () => {
    const [burned, revealed, expired] = [await share(), await share(), await share({ ttl: '60' })]
    for (const { path } of [burned, revealed, expired])
      expect((await visitor.get(path)).text).not.toContain(BUTTON)
    await client.post(burned.burn)
    await client.post(revealed.secretPath)
    server.clock.advance(61)
    for (const { path } of [burned, revealed, expired])
      expect((await visitor.get(path)).text).toContain(BUTTON)
  })

  it('is in the navigation of anonymous senders too', async () => {
    for (const path of ['/', '/signin', (await share()).path])
      expect((await visitor.get(path)).text).toMatch(/<nav [^>]*>\n<a href="\/">New secret<\/a>/)
  })
})

describe('the burn form', () => {
  it('burns the secret, and the receipt says so', async () => {
    const { path, burn, secretPath } = await share()
    const page = await visitor.get(path)
    expect(await visitor.submit(page, burn)).toMatchObject({ status: 303, location: path })
    expect((await visitor.get(path)).heading).toBe('The secret was deleted unopened')
    expect((await visitor.get(secretPath)).status).toBe(404)
  })

  it('F2: needs the passphrase of a protected secret, and a wrong one burns nothing', async () => {
    const { path, burn } = await share({ passphrase: 'tulip' })
    const page = await visitor.get(path)
    const wrong = await visitor.submit(page, burn, { passphrase: 'rose' })
    expect(wrong.status).toBe(400)
    expect(wrong.text).toContain('That passphrase is wrong. The secret is still here.')
    expect(wrong.text).toMatch(/<details class="burn" open>/)
    expect((await visitor.submit(wrong, burn, { passphrase: 'tulip' })).status).toBe(303)
    expect((await visitor.get(path)).heading).toBe('The secret was deleted unopened')
  })

  it('leads to the receipt when the secret has been revealed in the meantime', async () => {
    const { path, burn, secretPath } = await share()
    const page = await visitor.get(path)
    await client.post(secretPath)
    expect(await visitor.submit(page, burn)).toMatchObject({ status: 303, location: path })
    expect((await visitor.get(path)).heading).toBe('The secret was opened')
  })

  it('redirects a GET to the receipt and burns nothing', async () => {
    const { path, burn } = await share()
    expect(await visitor.get(burn)).toMatchObject({ status: 303, location: path })
    expect((await visitor.get(path)).heading).toBe('Your link is ready')
  })
})

describe('failed passphrase attempts on the receipt page', () => {
  it('are counted while the secret waits, and can be cleared so that the recipient may try again', async () => {
    const { path, secretPath } = await share({ passphrase: 'tulip' })
    const attempts = `${path}/attempts`
    expect((await visitor.get(path)).text).not.toContain('Failed passphrase attempts')
    for (let i = 0; i < 5; i += 1) await client.post(secretPath, { passphrase: 'rose' })
    expect((await client.post(secretPath, { passphrase: 'tulip' })).status).toBe(429)

    const page = await visitor.get(path)
    expect(page.text).toContain('Failed passphrase attempts: 5')
    expect(await visitor.submit(page, attempts)).toMatchObject({ status: 303, location: path })
    expect((await visitor.get(path)).text).not.toContain('Failed passphrase attempts')
    expect((await client.post(secretPath, { passphrase: 'tulip' })).body.value).toBe('x')
    expect((await visitor.get(path)).text).not.toContain('Failed passphrase attempts')
  })

  it('are cleared by their form alone', async () => {
    const { path, secretPath } = await share({ passphrase: 'tulip' })
    for (let i = 0; i < 5; i += 1) await client.post(secretPath, { passphrase: 'rose' })
    expect((await visitor.post(`${path}/attempts`)).status).toBe(403)
    expect(await visitor.get(`${path}/attempts`)).toMatchObject({ status: 303, location: path })
    expect((await client.post(secretPath, { passphrase: 'tulip' })).status).toBe(429)
  })
})

describe('the note of a receipt', () => {
  const BO = { email: 'bo@example.com', token: 'token-of-bo-0123456789' }
  let ana: Visitor
  let path: string
  beforeAll(async () => {
    ana = new Visitor(server)
    await ana.fill('/signin', ANA)
    const { body } = await api(server, basic()).post('/share', { secret: 'x' })
    path = `/private/${body.metadata_key}`
  })
  const save = async (memo: string) => ana.submit(await ana.get(path), `${path}/memo`, { memo })

  it('is saved, shown, replaced and removed by its form, which leaves the rest of the receipt alone', async () => {
    await ana.get(path)
    const before = (await client.get(path)).body
    expect((await ana.get(path)).text).toMatch(/<input maxlength="500" [^>]*value="" id="memo" name="memo"/)
    for (const memo of ['for <Bo> & "Co"', 'for Bo', '']) {
      expect(await save(memo)).toMatchObject({ status: 303, location: path })
      const shown = memo === 'for <Bo> & "Co"' ? 'for & "Co"' : memo
      expect((await ana.get(path)).text).toContain(`value="${escaped(shown)}" id="memo"`)
    }
    expect((await client.get(path)).body).toEqual(before)
  })

  it('remains after the secret was burned', async () => {
    await save('for Bo')
    await client.post(`${path}/burn`)
    const page = await ana.get(path)
    expect(page.heading).toBe('The secret was deleted unopened')
    expect(page.text).toContain('value="for Bo" id="memo"')
    expect((await save('done')).status).toBe(303)
    expect((await ana.get(path)).text).toContain('value="done" id="memo"')
  })

  it('is for nobody but the account that created the secret, and there is none without one', async () => {
    await save('for Bo')
    const bo = new Visitor(server)
    await bo.fill('/signin', BO)
    const { path: anonymous } = await share()
    for (const page of [await bo.get(path), await visitor.get(path), await ana.get(anonymous)])
      expect(page.text).not.toMatch(/memo|for Bo/)
    expect(await visitor.get(`${path}/memo`)).toMatchObject({ status: 303, location: path })
  })

  it('is changed by nobody else, whatever is sent', async () => {
    await save('for Bo')
    const form = await ana.get(path)
    expect((await ana.post(`${path}/memo`, { memo: 'forged' })).status).toBe(403)

    const bo = new Visitor(server)
    await bo.fill('/signin', BO)
    const someone = new Visitor(server)
    for (const [name, value] of ana.cookies)
      for (const other of [bo, someone]) if (name !== 'session') other.cookies.set(name, value)
    const rejected = await bo.submit(form, `${path}/memo`, { memo: 'forged' })
    expect(rejected).toMatchObject({ status: 401, heading: 'That didn’t work' })
    expect(rejected.text).toContain('Only the account that created the secret can change its note.')
    const signedOut = await someone.submit(form, `${path}/memo`, { memo: 'forged' })
    expect(signedOut).toMatchObject({ status: 401, heading: 'Sign in' })
    expect((await ana.get(path)).text).toContain('value="for Bo" id="memo"')
  })
})

describe('another path of the receipt', () => {
  it.each(['/receipt/', '/metadata/'])('%s redirects to the receipt, which stays new', async (prefix) => {
    const { path, key } = await share()
    expect(await visitor.get(prefix + key)).toMatchObject({ status: 303, location: path })
    expect((await visitor.get(path)).heading).toBe('Your link is ready')
  })

  it.each(['/receipt/', '/metadata/', '/private/x/burn?'])(
    'F12: %s redirects to no other site',
    async (prefix) => {
      for (const key of ['%2f%2fevil.example', '%5cevil.example', '..%2f..', 'short', '%0d%0aX: y']) {
        const page = await visitor.get(prefix + encodeURI(key).replaceAll('%25', '%'))
        expect(page).toMatchObject({ status: 404, location: undefined })
      }
      // F39: the clean link of the same receipt.
      const clean = { status: 303, location: `/private/${'a'.repeat(31)}` }
      const missing = { status: 404, location: undefined }
      const page = await visitor.get(`${prefix}${'a'.repeat(31)}.`)
      expect(page).toMatchObject(prefix.endsWith('?') ? missing : clean)
    },
  )
})
