import { Command } from 'ioredis'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openRedisStore } from '../../src/store/redis/open.ts'
import { Packed } from '../../src/store/redis/packed.ts'
import type { ScriptArgument, ScriptKeys } from '../../src/store/redis/scripts.ts'
import { ScriptCall } from '../../src/store/redis/send-script.ts'
import { newPair, START } from '../contract/samples.ts'
import { startRedis } from '../support/redis.ts'

const EVERY_BYTE = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))

const FORM = { lua: 'return 1', sha: '5ba' }

describe('a call of a script', () => {
  it.each<[string, ScriptKeys, ScriptArgument[]]>([
    ['text alone', ['key'], [1_795_000_000_000, '']],
    ['one buffer', ['key', 'other'], [EVERY_BYTE]],
    ['everything', ['schlüssel'], [EVERY_BYTE, Buffer.alloc(0), 'ü€😀', EVERY_BYTE, -1.5, '']],
  ])('is encoded as ioredis encodes it: %s', (_name, keys, args) => {
    const bytesOf = (command: Command) => Buffer.from(command.toWritable({}))
    for (const [command, script] of [
      ['evalsha', FORM.sha],
      ['eval', FORM.lua],
    ] as const) {
      const expected = bytesOf(new Command(command, [script, keys.length, ...keys, ...(args as string[])]))
      expect(bytesOf(new ScriptCall(command, FORM, keys, args))).toEqual(expected)
    }
  })

  it('sends packed fields as their bytes', () => {
    const call = new ScriptCall('evalsha', FORM, ['key'], [Packed.of(200, EVERY_BYTE)])
    expect(call.toWritable({}).includes(Buffer.from([0xcc, 200, 0xda, 1, 0, ...EVERY_BYTE]))).toBe(true)
  })

  it('leaves in one write with all others of the same turn', async () => {
    const redis = await startRedis()
    onTestFinished(() => redis.stop())
    const store = await openRedisStore(redis.url)
    onTestFinished(() => store.close())
    const reads = async () =>
      Number(/^total_reads_processed:(\d+)/m.exec(await redis.client.info('stats'))?.[1])
    const create = () => store.secrets.create(newPair(), START)
    await create()
    const before = await reads()
    await Promise.all(Array.from({ length: 40 }, create))
    // The second INFO is one of them.
    expect((await reads()) - before).toBeLessThanOrEqual(3)
  })
})
