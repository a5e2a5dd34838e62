import { describe, expect, it } from 'vitest'
import { parseRedisUrl } from '../src/redis-url.ts'

const HOST = { host: 'example.test', port: 6379 }

describe('the Redis address', () => {
  it.each([
    ['redis://example.test', { form: 'single', nodes: [HOST], tls: false, db: 0, replicas: 0 }],
    ['redis://example.test:7000', { nodes: [{ host: 'example.test', port: 7000 }] }],
    ['redis://127.0.0.1/3', { nodes: [{ host: '127.0.0.1', port: 6379 }], db: 3 }],
    ['redis://[::1]:7000/', { nodes: [{ host: '::1', port: 7000 }], db: 0 }],
    ['rediss://example.test', { form: 'single', tls: true }],
    ['redis://:word@example.test', { password: 'word' }],
    ['redis://me:p%40ss%2Fw%3Ard%25@example.test', { username: 'me', password: 'p@ss/w:rd%' }],
    ['redis://example.test?replicas=2', { replicas: 2 }],
    ['redis+cluster://example.test', { form: 'cluster', nodes: [HOST] }],
    ['rediss+cluster://me:word@example.test,b:7001', { tls: true, nodes: [HOST, { host: 'b', port: 7001 }] }],
    [
      'redis+sentinel://a,b:7000/the%20master/2?sentinelPassword=p%26w&replicas=1',
      {
        form: 'sentinel',
        nodes: [
          { host: 'a', port: 26_379 },
          { host: 'b', port: 7000 },
        ],
        master: 'the master',
        db: 2,
        sentinelPassword: 'p&w',
        replicas: 1,
      },
    ],
    [
      'unix:///run/redis/redis.sock',
      { form: 'socket', path: '/run/redis/redis.sock', nodes: [], tls: false, db: 0, replicas: 0 },
    ],
    [
      'unix://me:p%40ss@/run/a%20b/redis.sock?db=3&replicas=1',
      { form: 'socket', path: '/run/a b/redis.sock', username: 'me', password: 'p@ss', db: 3, replicas: 1 },
    ],
    ['redis+unix://:word@/redis.sock', { form: 'socket', path: '/redis.sock', password: 'word' }],
    [
      'rediss+sentinel://a/ember?sentinelUser=watch%40er&sentinelPassword=word',
      { form: 'sentinel', tls: true, sentinelUser: 'watch@er', sentinelPassword: 'word' },
    ],
  ])('parses %s', (text, expected) => {
    expect(parseRedisUrl(text)).toMatchObject(expected)
  })

  it('leaves out what an address does not give', () => {
    expect(Object.keys(parseRedisUrl('redis://example.test')).sort()).toEqual(
      ['db', 'form', 'nodes', 'replicas', 'tls'].sort(),
    )
  })

  it.each([
    ['', /must look like/],
    ['example.test', /must look like/],
    ['http://:PASSWORD@example.test', /must look like/],
    ['redis://', /must look like/],
    ['redis://:PASSWORD@', /must look like/],
    ['redis://:PASS@WORD@example.test', /must look like/],
    ['redis://:PASSWORD@example.test#0', /must look like/],
    ['redis+other://:PASSWORD@example.test', /must look like/],
    ['redis://:PASSWORD@a,b', /names several hosts/],
    ['redis+cluster://:PASSWORD@a,,b', /a host that is not host:port/],
    ['redis://:PASSWORD@a:b', /a host that is not host:port/],
    ['redis://::1', /a host that is not host:port/],
    ['redis://:PASSWORD@a:0', /a port that is not between/],
    ['redis://:PASSWORD@a:65536', /a port that is not between/],
    ['redis://:PASSWORD@a/first', /database number/],
    ['redis://:PASSWORD@a/1/2', /database number/],
    ['redis+cluster://:PASSWORD@a/1', /must not choose a database/],
    ['redis+sentinel://:PASSWORD@a', /must name the master/],
    ['redis+sentinel://:PASSWORD@a/', /must name the master/],
    ['redis://PASSWORD@a', /a user without a password/],
    ['redis://:PASSWORD%@a', /a % that/],
    ['redis://:PASSWORD@a?replicas=many', /option replicas/],
    ['redis://:PASSWORD@a?replica=1', /unknown option/],
    ['redis://:PASSWORD@a?sentinelPassword=PASSWORD', /but no sentinels/],
    ['redis+sentinel://a/ember?sentinelUser=PASSWORD', /sentinelUser without sentinelPassword/],
    ['redis://:PASSWORD@a?sentinelUser=PASSWORD', /but no sentinels/],
    ['unix://run/redis.sock', /must look like .* unix:\/\/\/path/],
    ['redis+socket:///PASSWORD', /must look like/],
    ['rediss+unix:///PASSWORD', /must look like/],
    ['unix:///redis.sock?password=PASSWORD', /the options are db, replicas/],
    ['unix:///redis.sock?db=PASSWORD', /option db/],
    ['redis://a?db=1', /unknown option; the only option is replicas$/],
  ])('rejects %s and quotes nothing of it', (text, reason) => {
    const rejection = expect.objectContaining({ name: 'TypeError', message: expect.stringMatching(reason) })
    expect(() => parseRedisUrl(text)).toThrow(rejection)
    expect(() => parseRedisUrl(text)).not.toThrow(/PASS|WORD/)
  })
})
