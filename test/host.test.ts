import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalHost, isLoopback } from '../src/host.ts'
import { holds } from './support/properties.ts'

describe('F40: the one spelling of a host', () => {
  it.each([
    ['Secrets.Example.COM', 'secrets.example.com'],
    ['secrets.example.com.', 'secrets.example.com'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['BÜCHER.example.', 'xn--bcher-kva.example'],
    ['bücher.example'.normalize('NFD'), 'xn--bcher-kva.example'],
    ['XN--BCHER-KVA.example', 'xn--bcher-kva.example'],
    ['例え。テスト', 'xn--r8jz45g.xn--zckzah'],
    ['straße.example', 'xn--strae-oqa.example'],
    ['secrets.example.com.:8443', 'secrets.example.com:8443'],
    ['secrets.example.com:08443', 'secrets.example.com:8443'],
    ['[::1]:3000', '[::1]:3000'],
    ['[0:0:0:0:0:0:0:1]', '[::1]'],
    ['127.0.0.1:443', '127.0.0.1:443'],
  ])('of %s is %s', (text, host) => {
    expect(canonicalHost(text)).toBe(host)
  })

  it.each([
    ['secrets.example.com:443', 'https:', 'secrets.example.com'],
    ['secrets.example.com.:80', 'http:', 'secrets.example.com'],
    ['secrets.example.com:80', 'https:', 'secrets.example.com:80'],
    ['secrets.example.com:443', 'http:', 'secrets.example.com:443'],
    ['[::1]:443', 'https:', '[::1]'],
  ])('of %s with %s is %s', (text, protocol, host) => {
    expect(canonicalHost(text, protocol)).toBe(host)
  })

  it.each([
    '',
    '.',
    '..',
    'secrets.example.com..',
    ':80',
    'a b',
    'a/b',
    'a\\b',
    'a?b',
    'a#b',
    'user@a',
    'a\tb',
    'ex%61mple.com',
    'a:99999',
    'a:b',
    'a:1:2',
    '::1',
    '[a]',
    '[::1',
    'xn--a',
    '\u00ad',
  ])('does not exist for %j, which is no host', (text) => {
    expect(canonicalHost(text)).toBeUndefined()
  })

  it('has itself as its spelling, and is the host that a browser would connect to', async () => {
    const ports = fc.oneof(
      fc.constant(''),
      fc.integer({ min: 1, max: 65_535 }).map((port) => `:${port}`),
    )
    await holds(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), ports, (name, port) => {
        const host = canonicalHost(name + port)
        if (host === undefined) return
        expect(canonicalHost(host)).toBe(host)
        expect(new URL(`http://${name}${port}`).hostname.replace(/\.$/, '')).toBe(
          new URL(`http://${host}`).hostname,
        )
      }),
      { runs: 2000 },
    )
  })
})

describe('this machine', () => {
  it.each(['127.0.0.1', '127.8.9.1', '::1', 'localhost', 'mail.localhost', '::ffff:127.0.0.1'])(
    'is %s',
    (host) => {
      expect(isLoopback(host)).toBe(true)
    },
  )

  it.each([
    '0.0.0.0',
    '::',
    '10.0.0.1',
    '128.0.0.1',
    'localhost.example.com',
    'mylocalhost',
    '127.1',
    '0x7f.0.0.1',
    '127.0.0.1.example.com',
  ])('is not %s', (host) => {
    expect(isLoopback(host)).toBe(false)
  })
})
