import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { startTestServer, type TestServer } from '../../../src/testing.ts'
import { exchange } from '../../support/wire.ts'
import { Connection } from '../../wire/connection.ts'
import { type Api, api, unknownSecret } from '../client.ts'

let server: TestServer
let anybody: Api
beforeAll(async () => {
  server = await startTestServer({ settings: { RATE_LIMIT: 'off', TRUST_PROXY: '1' } })
  anybody = api(server)
})
afterAll(() => server.close())

/** One caller of many, each with an address and a connection of its own. */
const race = (count: number, path: (index: number) => string, body = '') =>
  Promise.all(
    Array.from({ length: count }, (_, index) => {
      const head = [`POST /api/v1${path(index)} HTTP/1.1`, `X-Forwarded-For: 203.0.113.${index}`]
      return exchange(server.url, [...head, `Content-Length: ${body.length}`].join('\n'), body)
    }),
  )

describe('docs/api/v1.md section 6, F1: of any number of callers exactly one wins', () => {
  it('50 reveals on 50 connections, ten times over, have one winner each time', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { body } = await anybody.post('/share', { secret: `round ${round}` })
      const answers = await race(50, () => `/secret/${body.secret_key}`)
      const winners = answers.filter(({ status }) => status === 200)
      expect(winners.map((answer) => answer.json()['value'])).toEqual([`round ${round}`])
      for (const loser of answers.filter((answer) => !winners.includes(answer))) {
        expect(loser.json()).toEqual(unknownSecret(body.secret_key).body)
      }
    }
  })

  it('20 reveals with the right passphrase have one winner', async () => {
    const { body } = await anybody.post('/share', { secret: 'a', passphrase: 'b' })
    const answers = await race(20, () => `/secret/${body.secret_key}`, 'passphrase=b')
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ text }) => text.includes('Unknown secret'))).toHaveLength(19)
  })

  it('25 reveals against 25 burns have one winner, and the receipt says which', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { body } = await anybody.post('/share', { secret: 'a' })
      const paths = [`/secret/${body.secret_key}`, `/private/${body.metadata_key}/burn`]
      const answers = await race(50, (index) => paths[index % 2] ?? '')
      const winners = answers.flatMap(({ status }, index) => (status === 200 ? [index % 2] : []))
      expect(winners).toHaveLength(1)
      const { body: receipt } = await anybody.get(`/private/${body.metadata_key}`)
      expect(receipt['state']).toBe(winners[0] === 0 ? 'received' : 'burned')
    }
  })

  it('50 pipelined reveals on one connection have one winner', async () => {
    const { body } = await anybody.post('/share', { secret: 'a' })
    const connection = await Connection.open(server.url)
    onTestFinished(() => connection.close())
    const request = `POST /api/v1/secret/${body.secret_key} HTTP/1.1\r\nHost: ${connection.host}\r\n\r\n`
    connection.write(request.repeat(50))
    const statuses: number[] = []
    for (let i = 0; i < 50; i += 1) statuses.push((await connection.answer()).status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
  })
})

describe('docs/api/v1.md section 6: what never costs the secret', () => {
  it('F2: a secret survives a wrong or missing passphrase, a preview, a view of its receipt and a refresh', async () => {
    const { body } = await anybody.post('/share', { secret: 'a', passphrase: 'b' })
    const reveal = (params: Record<string, string>) => anybody.post(`/secret/${body.secret_key}`, params)
    for (const params of [{}, { passphrase: '' }, { passphrase: 'c' }, { passphrase: 'B' }]) {
      expect(await reveal(params)).toEqual(unknownSecret(body.secret_key))
    }
    await anybody.get(`/secret/${body.secret_key}`)
    await anybody.call('HEAD', `/secret/${body.secret_key}`)
    expect((await anybody.get(`/private/${body.metadata_key}`)).body['state']).toBe('new')
    expect((await anybody.get(`/private/${body.metadata_key}`)).body['state']).toBe('viewed')
    expect((await reveal({ passphrase: 'b' })).body.value).toBe('a')
    expect(await reveal({ passphrase: 'b' })).toEqual(unknownSecret(body.secret_key))
  })

  it('a secret survives a client that disconnects while its passphrase is checked', async () => {
    const slow = await startTestServer({ settings: { ARGON2_MEMORY: '65536', ARGON2_TIME: '3' } })
    onTestFinished(() => slow.close())
    for (const [what, hangUp] of [
      ['closes', 'destroy'],
      ['resets', 'resetAndDestroy'],
      ['says goodbye', 'end'],
    ] as const) {
      const { body } = await api(slow).post('/share', { secret: what, passphrase: 'b' })
      const client = connect(Number(new URL(slow.url).port), '127.0.0.1')
      client.write(
        `POST /api/v1/secret/${body.secret_key} HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\n\r\npassphrase=b`,
      )
      await sleep(60)
      client[hangUp]()
      const revealed = await api(slow).post(`/secret/${body.secret_key}`, { passphrase: 'b' })
      expect(revealed.body.value, what).toBe(what)
    }
  })

  it('a secret survives a client that disconnects before its request is complete', async () => {
    const { body } = await anybody.post('/share', { secret: 'a' })
    const client = connect(Number(new URL(server.url).port), '127.0.0.1')
    client.end(`POST /api/v1/secret/${body.secret_key} HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\n\r\npass`)
    await sleep(50)
    expect((await anybody.post(`/secret/${body.secret_key}`)).body.value).toBe('a')
  })
})
