import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Field, Packed } from '../../src/store/redis/packed.ts'
import { type RedisServer, startRedis } from '../support/redis.ts'

let redis: RedisServer

beforeAll(async () => {
  redis = await startRedis()
})

afterAll(() => redis.stop())

/** What Lua packs from the same fields. */
async function packedByLua(fields: readonly Field[]): Promise<Buffer> {
  const literals = fields.map((field, index) => {
    if (field === undefined) return 'nil'
    return typeof field === 'number' ? `tonumber(ARGV[${index + 1}])` : `ARGV[${index + 1}]`
  })
  const args = fields.map((field) => field ?? '')
  const script = `return cmsgpack.pack(${literals})`
  return redis.client.callBuffer('eval', script, 0, ...args) as Promise<Buffer>
}

describe('packed fields', () => {
  it.each<[string, Field[]]>([
    [
      'numbers',
      [0, 127, 128, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, 1_795_000_000_000, 2 ** 53 - 1],
    ],
    ['short texts', ['', 'new', 'x'.repeat(31), 'x'.repeat(32)]],
    ['long texts', ['x'.repeat(255), 'x'.repeat(256), 'x'.repeat(65_535), 'x'.repeat(65_536)]],
    ['text beyond ASCII', ['ü€😀']],
    ['every byte', [Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)), Buffer.alloc(0)]],
    ['absent fields between others', [undefined, 1, undefined, undefined, 'x']],
  ])('are the same as Lua packs them: %s', async (_name, fields) => {
    expect(Buffer.from(Packed.of(...fields).bytes, 'latin1')).toEqual(await packedByLua(fields))
  })

  it('leave out what is absent at the end', () => {
    expect(Packed.of('x', undefined, undefined).bytes).toBe(Packed.of('x').bytes)
  })

  it.each([-1, 1.5, 0.1, 2 ** 53])('are read by Lua as the same number: %d', async (number) => {
    const script = `return string.format('%.17g', cmsgpack.unpack(ARGV[1]))`
    const packed = Buffer.from(Packed.of(number).bytes, 'latin1')
    expect(Number(await redis.client.eval(script, 0, packed))).toBe(number)
  })
})
