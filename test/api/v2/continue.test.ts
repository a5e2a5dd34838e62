import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../../../src/testing.ts'
import { type Client, client, error, type Version } from './client.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ settings: { RATE_LIMIT: 'off' } })
})
afterAll(() => server.close())

const INCORRECT = error('Incorrect passphrase', 'FormError')

describe.each<Version>(['v2', 'v3'])('docs/api/v2.md section 3: continue in %s', (version) => {
  let anybody: Client
  beforeAll(() => {
    anybody = client(server, version)
  })

  it.each([true, 'true'])('reveals and burns if it is %j', async (value) => {
    const [read, burned] = [await anybody.conceal(), await anybody.conceal()]
    const revealed = await anybody.post(`/secret/${read.secretKey}/reveal`, { continue: value })
    expect(revealed.body.record.secret_value).toBe('hunter2')
    const { body } = await anybody.post(`/receipt/${burned.receiptKey}/burn`, { continue: value })
    expect(body).toMatchObject({ success: true, record: { state: 'burned' } })
  })

  it('reveals and burns if a form says true', async () => {
    const [read, burned] = [await anybody.conceal(), await anybody.conceal()]
    const params = { continue: 'true' }
    const revealed = await anybody.form(`/secret/${read.secretKey}/reveal`, params)
    expect(revealed.body.details).toMatchObject({ continue: true, show_secret: true })
    expect((await anybody.form(`/receipt/${burned.receiptKey}/burn`, params)).body.success).toBe(true)
  })

  it.each([undefined, null, false, 'false', '', 1, 'yes', 'TRUE'])(
    'changes nothing if it is %j, and answers 200',
    async (value) => {
      for (const passphrase of ['', 'b']) {
        const { secretKey, receiptKey } = await anybody.conceal({ passphrase })
        const params = { continue: value, passphrase }
        const revealed = await anybody.post(`/secret/${secretKey}/reveal`, params)
        expect(revealed).toMatchObject({ status: 200 })
        expect(revealed.body.record).toMatchObject({ state: 'new', is_revealed: false })
        expect(revealed.body.record).not.toHaveProperty('secret_value')
        expect(revealed.body.details).toEqual({
          continue: false,
          is_owner: false,
          show_secret: false,
          correct_passphrase: true,
          display_lines: 4,
          one_liner: null,
        })
        const burned = await anybody.post(`/receipt/${receiptKey}/burn`, params)
        expect(burned).toMatchObject({ status: 200 })
        expect(burned.body).toMatchObject({
          success: false,
          record: { state: 'new', is_burned: false, secret_identifier: secretKey },
        })
        const { body } = await anybody.post(`/secret/${secretKey}/reveal`, { continue: true, passphrase })
        expect(body.record.secret_value).toBe('hunter2')
      }
    },
  )

  it('without it, a wrong or missing passphrase is rejected all the same, and counts as an attempt', async () => {
    const { secretKey, receiptKey } = await anybody.conceal({ passphrase: 'b' })
    for (const path of [`/secret/${secretKey}/reveal`, `/receipt/${receiptKey}/burn`]) {
      for (const params of [{}, { passphrase: '' }]) {
        const answer = await anybody.post(path, params)
        expect(answer).toMatchObject({ status: 422 })
        expect(answer.body).toEqual(INCORRECT)
      }
      const statuses = []
      for (let i = 0; i < 6; i += 1) statuses.push((await anybody.post(path, { passphrase: `${i}` })).status)
      expect(statuses).toEqual([422, 422, 422, 422, 422, 429])
      expect((await anybody.post(path, { passphrase: 'b' })).status).toBe(429)
    }
    expect((await anybody.get(`/receipt/${receiptKey}`)).body.record.state).toBe('new')
  })

  it('without it, a gone secret is unknown to a reveal, and reported by a burn', async () => {
    const { secretKey, receiptKey } = await anybody.conceal()
    await anybody.post(`/secret/${secretKey}/reveal`, { continue: true })
    expect((await anybody.post(`/secret/${secretKey}/reveal`)).status).toBe(404)
    const burned = await anybody.post(`/receipt/${receiptKey}/burn`)
    expect(burned).toMatchObject({ status: 200, body: { success: false, record: { state: 'revealed' } } })
  })
})
