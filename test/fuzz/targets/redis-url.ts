import { strict as assert } from 'node:assert'
import { redisUrl } from '../../../src/config/credentials.ts'
import { Rejection } from '../../../src/config/value-types.ts'
import { parseRedisUrl } from '../../../src/redis-url.ts'
import { accepted } from '../accepted.ts'
import { assertQuotesNone } from '../quotes.ts'
import type { Target } from '../target.ts'

/** The address of Redis. */
export const target: Target = {
  name: 'redis-url',
  input: 'REDIS_URL',
  seeds: () => [
    'redis://user:p%40ss@redis.example:6379/3?replicas=1',
    'rediss+sentinel://:pass@a:26379,[::1]/mymaster/2?sentinelPassword=s%26t&replicas=0',
    'redis+cluster://10.0.0.1:7000,b,c:7002',
    'redis://localhost',
  ],
  run(input) {
    const text = input.toString()
    const rejections: string[] = []
    const note = (type: new (message: string) => Error) => (error: unknown) => {
      if (error instanceof type) rejections.push(error.message)
      return error instanceof type
    }
    const address = accepted(() => parseRedisUrl(text), note(TypeError))
    accepted(() => redisUrl.parse(text), note(Rejection))
    for (const reason of rejections) assertQuotesNone(reason, text)
    if (address === undefined) return
    assert.ok(address.nodes.length >= 1)
    for (const { host, port } of address.nodes) {
      assert.notEqual(host, '')
      assert.ok(Number.isInteger(port) && port >= 1 && port <= 65_535)
    }
    assert.equal(address.master === undefined, address.form !== 'sentinel')
    assert.ok(address.username === undefined || address.password !== undefined)
  },
}
