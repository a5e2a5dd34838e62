import { describe, expect, it } from 'vitest'
import { readContract } from './data-contract.ts'
import { unmarshal, unmarshalSlice } from './go-json.ts'
import { readBean } from './jackson.ts'

// The other tests rely on these readers to break where the clients break.

describe('a Go struct', () => {
  it('leaves zero values for what is absent or null, and ignores what it does not know', () => {
    const struct = { ttl: 'int', recipient: '[]string', state: { state: 'string', viewed: 'bool' } } as const
    const zero = { ttl: 0, recipient: [], state: { state: '', viewed: false } }
    expect(unmarshal('{"ttl":null,"other":1}', struct)).toEqual(zero)
  })

  it.each([
    '{"ttl":"3600"}',
    '{"ttl":1.5}',
    '{"ttl":false}',
    '{"recipient":"a@b.c"}',
    '{"recipient":[1]}',
    '[]',
  ])('refuses %s', (json) => {
    expect(() => unmarshal(json, { ttl: 'int', recipient: '[]string' })).toThrow('json: cannot unmarshal')
  })

  it('fills a slice only from an array', () => {
    expect(unmarshalSlice('[{"ttl":1},{}]', { ttl: 'int' })).toEqual([{ ttl: 1 }, { ttl: 0 }])
    expect(() => unmarshalSlice('{}', { ttl: 'int' })).toThrow('json: cannot unmarshal')
  })
})

describe('a Java bean of Jackson', () => {
  it('reads numbers into strings', () => {
    const bean = { ttl: 'String', recipient: 'String[]', required: 'boolean' } as const
    const read = readBean('{"ttl":3600,"recipient":["a"],"required":true}', bean)
    expect(read).toEqual({ ttl: '3600', recipient: ['a'], required: true })
  })

  it('refuses a field that it does not know, unless it is told to ignore those', () => {
    expect(() => readBean('{"share_domain":""}', { ttl: 'String' })).toThrow(
      'Unrecognized field "share_domain"',
    )
    expect(readBean('{"share_domain":""}', { ttl: 'String' }, true)).toEqual({ ttl: null })
  })

  it.each([
    ['{"of":"a@b.c"}', 'String[]'],
    ['{"of":["a@b.c"]}', 'String'],
    ['{"of":"yes"}', 'boolean'],
  ] as const)('refuses %s as %s', (json, of) => {
    expect(() => readBean(json, { of })).toThrow('Can not deserialize')
  })
})

describe('a C# data contract', () => {
  it('keeps defaults for what is absent', () => {
    const contract = { custid: 'string', ttl: 'int', required: 'bool' } as const
    expect(readContract('{"other":[]}', contract)).toEqual({ custid: null, ttl: 0, required: false })
  })

  it.each(['null', '"3600"', '1.5', '2147483648'])('refuses %s as an int', (value) => {
    expect(() => readContract(`{"ttl":${value}}`, { ttl: 'int' })).toThrow('cannot be parsed')
  })
})
