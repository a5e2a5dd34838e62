import { strict as assert } from 'node:assert'
import ipaddr from 'ipaddr.js'
import { corsOrigins } from '../../../src/config/cors-origins.ts'
import { host, listenOrOff, siteUrl, trustedProxies } from '../../../src/config/network.ts'
import { siteLinks } from '../../../src/config/site-links.ts'
import { Rejection, type ValueType } from '../../../src/config/value-types.ts'
import { canonicalHost, isLoopback } from '../../../src/host.ts'
import { accepted } from '../accepted.ts'
import type { Target } from '../target.ts'

const isRejection = (error: unknown) => error instanceof Rejection

/** Hosts, origins and addresses, from settings and from clients: one spelling each. */
export const target: Target = {
  name: 'hosts',
  input: 'a host, or the address of a site',
  seeds: () => [
    'Secrets.Example.com.:443',
    'https://b\u00fccher.example:8443/base/path/',
    'http://[::1]:3000',
    'https://app.example.com,http://localhost:5173',
    'chrome-extension://abcdefghijklmnop',
    '10.0.0.0/8,::1,192.168.1.1',
    'Privacy=https://example.com/p?a=b%2C,Help=mailto:help@example.com',
    '[::1]:9090',
  ],
  run(input) {
    const text = input.toString()
    for (const protocol of ['', 'http:', 'https:']) {
      const canonical = canonicalHost(text, protocol)
      if (canonical === undefined) continue
      assert.equal(canonicalHost(canonical, protocol), canonical)
      assert.doesNotMatch(canonical, /[\s/?#@\\%]/)
    }
    isLoopback(text)
    const url = accepted(() => siteUrl.parse(text), isRejection)
    if (url !== undefined) {
      assert.equal(siteUrl.parse(url), url)
      assert.ok(canonicalHost(new URL(url).host))
    }
    assertStable(corsOrigins, text, (origins) => [origins].flat().join())
    assertStable(siteLinks, text, (links) =>
      links.map(({ label, url }) => `${label}=${url.replaceAll(',', '%2C')}`).join(),
    )
    assertStable(host, text, String)
    accepted(() => listenOrOff.parse(text), isRejection)
    const proxies = accepted(() => trustedProxies.parse(text), isRejection)
    // Fastify parses them with this package.
    for (const proxy of typeof proxies === 'object' ? proxies : []) {
      assert.ok(ipaddr.isValid(proxy) || ipaddr.isValidCIDR(proxy))
    }
  },
}

/** What is accepted is accepted again as it was understood, and means the same. */
function assertStable<T>(type: ValueType<T>, text: string, write: (value: T) => string): void {
  const value = accepted(() => type.parse(text), isRejection)
  if (value !== undefined) assert.deepEqual(type.parse(write(value)), value)
}
