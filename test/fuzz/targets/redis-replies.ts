import { strict as assert } from 'node:assert'
import { parseInfo } from '../../../src/store/redis/info.ts'
import { parseReplies, type RespReply } from '../../../src/store/redis/resp.ts'
import { accepted } from '../accepted.ts'
import type { Target } from '../target.ts'

/** What a sentinel sends, and INFO. */
export const target: Target = {
  name: 'redis-replies',
  input: 'replies of the Redis protocol, or of INFO',
  seeds: () => [
    '+OK\r\n*2\r\n$9\r\n127.0.0.1\r\n$4\r\n6379\r\n*1\r\n*4\r\n$2\r\nip\r\n$9\r\n127.0.0.2\r\n$5\r\nflags\r\n$8\r\nsentinel\r\n',
    '-NOAUTH Authentication required.\r\n:-1\r\n$-1\r\n*-1\r\n',
    '# Replication\r\nrole:master\r\nconnected_slaves:1\r\nslave0:ip=10.0.0.2,port=6379,state=online\r\n',
  ],
  run(input) {
    const text = input.toString('latin1')
    for (const [name, value] of parseInfo(text)) assert.ok(!name.includes(':') && !value.includes('\r\n'))
    for (const count of [1, 3]) {
      const isDocumented = (error: unknown) => error instanceof SyntaxError || error instanceof RangeError
      const replies = accepted(() => parseReplies(text, count), isDocumented)
      if (replies === undefined) continue
      assert.equal(replies.length, count)
      const whole = replies.map(encode).join('')
      assert.equal(parseReplies(whole, count)?.map(encode).join(''), whole)
      // What arrives in pieces is incomplete until the last one.
      assert.equal(parseReplies(whole.slice(0, -1), count), undefined)
    }
  },
}

function encode(reply: RespReply): string {
  if (reply === null) return '$-1\r\n'
  if (typeof reply === 'number') return `:${reply}\r\n`
  if (typeof reply === 'string') return `$${reply.length}\r\n${reply}\r\n`
  if (reply instanceof Error) return `-${reply.message}\r\n`
  return `*${reply.length}\r\n${reply.map(encode).join('')}`
}
