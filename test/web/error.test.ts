import { Writable } from 'node:stream'
import pino from 'pino'
import { expect, it, onTestFinished } from 'vitest'
import { DomainError } from '../../src/errors.ts'
import { serializers } from '../../src/http/log.ts'
import { startEphemeralServer } from '../../src/server/ephemeral.ts'
import { ANA } from '../api/client.ts'
import { Visitor } from './visitor.ts'

it.each([
  ['a bug', new TypeError('marked')],
  ['an unreadable record', new DomainError('unreadable_record')],
])(
  'F44: after %s, the form keeps its text and shows the request id of the logged error',
  async (_name, failure) => {
    const lines: string[] = []
    const log = new Writable({
      write(line: Buffer, _encoding, done) {
        lines.push(line.toString())
        done()
      },
    })
    const server = await startEphemeralServer(
      { ACCOUNTS: `${ANA.email}:${ANA.token}` },
      { logger: pino({ serializers }, log), mailer: { send: () => Promise.reject(failure) } },
    )
    onTestFinished(() => server.close())
    const ana = new Visitor(server)
    await ana.fill('/signin', ANA)
    const page = await ana.fill('/', { secret: 'long work', recipient: 'bo@example.com' })
    expect(page.status).toBe(500)
    expect(page.text).toContain('>\nlong work</textarea>')
    const [, id] = /Something went wrong\. We’ve logged it \(ID ([a-z0-9]{12})\)\./.exec(page.text) ?? []
    expect(id).toBe(page.headers['x-request-id'])
    const logged = lines.map((line) => JSON.parse(line)).filter(({ level }) => level >= 50)
    expect(logged).toEqual([expect.objectContaining({ reqId: id, err: expect.anything() })])
  },
)
