import { describe, expect, it } from 'vitest'
import { defaultPublicUrl } from '../../src/config/network.ts'

describe('the public address of a server without PUBLIC_URL', () => {
  it.each([
    ['127.0.0.1', 3000, 'http://127.0.0.1:3000'],
    ['0.0.0.0', 8080, 'http://127.0.0.1:8080'],
    ['::', 8080, 'http://127.0.0.1:8080'],
    ['::1', 8080, 'http://[::1]:8080'],
    ['fe80::1%eth0', 8080, 'http://[fe80::1]:8080'],
    ['box.local', 80, 'http://box.local'],
  ])('is, when it listens on %s and %i, %s', (bind, port, address) => {
    expect(defaultPublicUrl(bind, port)).toBe(address)
  })
})
