import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../../../src/testing.ts'
import { ANA, basic } from '../client.ts'
import { ana, type Client, client, error, NOBODY, type Version } from './client.ts'

const BO = { email: 'bo@example.com', token: 'token-of-bo-0123456789' }

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({
    accounts: { [ANA.email]: ANA.token, [BO.email]: BO.token },
    settings: { RATE_LIMIT: 'off' },
  })
})
afterAll(() => server.close())

describe.each<Version>(['v2', 'v3'])('docs/api/v2.md section 3: the memo in %s', (version) => {
  let owner: Client
  beforeAll(() => {
    owner = ana(server, version)
  })

  const patch = (by: Client, receiptKey: string, body: object, path = '/receipt') =>
    by.call('PATCH', `${path}/${receiptKey}`, {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    })

  it('is written, shown and removed, and changes nothing else of the receipt', async () => {
    const { receiptKey } = await owner.conceal()
    const before = (await owner.get('/receipt/recent')).body.records[0]
    server.clock.advance(10)
    const answer = await patch(owner, receiptKey, { memo: '  for <b>Bo</b>,\n tomorrow ' })
    expect(answer).toMatchObject({ status: 200 })
    expect(answer.body).toEqual({
      record: { ...before, memo: 'for Bo, tomorrow', secret_identifier: expect.any(String) },
    })
    expect((await owner.get(`/receipt/${receiptKey}`)).body.record.memo).toBe('for Bo, tomorrow')
    expect((await owner.get('/receipt/recent')).body.records[0]).toEqual({
      ...before,
      memo: 'for Bo, tomorrow',
    })
    for (const body of [{ memo: null }, {}]) {
      expect((await patch(owner, receiptKey, body)).body.record.memo).toBe('for Bo, tomorrow')
    }
    expect((await patch(owner, receiptKey, { memo: '' })).body.record.memo).toBeNull()
  })

  it('is written by a form, too, and cut at 500 characters', async () => {
    const { receiptKey } = await owner.conceal()
    const body = new URLSearchParams({ memo: 'é'.repeat(501) })
    const answer = await owner.call('PATCH', `/receipt/${receiptKey}`, { body })
    expect(answer.body.record.memo).toBe('é'.repeat(500))
  })

  it('outlives the secret', async () => {
    const { receiptKey, secretKey } = await owner.conceal()
    await patch(owner, receiptKey, { memo: 'kept' })
    await owner.post(`/secret/${secretKey}/reveal`, { continue: true })
    expect((await owner.get(`/receipt/${receiptKey}`)).body.record).toMatchObject({
      state: 'revealed',
      memo: 'kept',
    })
    expect((await patch(owner, receiptKey, { memo: 'done' })).body.record).toMatchObject({ memo: 'done' })
  })

  it('is for the account that sent the secret only', async () => {
    const [own, anonymous] = [await owner.conceal(), await client(server, version).conceal()]
    const foreign = error('Not authorized to update this receipt', 'Unauthorized')
    const bo = client(server, version, basic(BO.email, BO.token))
    for (const [by, { receiptKey }] of [
      [bo, own],
      [bo, anonymous],
    ] as const) {
      const answer = await patch(by, receiptKey, { memo: 'mine' })
      expect(answer).toMatchObject({ status: 401 })
      expect(answer.body).toEqual(foreign)
    }
    const nobody = await patch(client(server, version), own.receiptKey, { memo: 'mine' })
    expect(nobody).toMatchObject({ status: 401, body: { error: 'Authentication Required' } })
    expect((await owner.get(`/receipt/${own.receiptKey}`)).body.record.memo).toBeNull()
  })

  it('is rejected for an unknown receipt and for anything but a text', async () => {
    expect(await patch(owner, NOBODY, { memo: 'a' })).toMatchObject({ status: 404 })
    const { receiptKey } = await owner.conceal()
    expect(await patch(owner, receiptKey, { memo: ['a'] })).toMatchObject({
      status: 422,
      body: { field: 'memo' },
    })
    expect(await patch(owner, receiptKey, { memo: 'a' }, '/guest/receipt')).toMatchObject({ status: 404 })
    const aliased = await patch(owner, receiptKey, { memo: 'a' }, '/private')
    expect(aliased.status).toBe(version === 'v2' ? 200 : 404)
  })
})
