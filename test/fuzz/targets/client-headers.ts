import { strict as assert } from 'node:assert'
import { isIP } from 'node:net'
import { clientNetwork } from '../../../src/http/client-network.ts'
import { localeOf } from '../../../src/http/request-locale.ts'
import { LOCALES, translate } from '../../../src/i18n/catalog.ts'
import { parseLocale } from '../../../src/i18n/locale.ts'
import { negotiateLocale } from '../../../src/i18n/negotiate.ts'
import { accepted } from '../accepted.ts'
import { splitTexts } from '../split-texts.ts'
import type { Target } from '../target.ts'

const FALLBACK = parseLocale('en')

/** Accept-Language, the language cookie and the address of a client. */
export const target: Target = {
  name: 'client-headers',
  input: 'Accept-Language, Cookie and an address, with a zero byte between them',
  seeds: () => [
    'de-CH,de;q=0.9,en;q=0.8,*;q=0.5\0language=pt-BR; csrf=x\x00203.0.113.7',
    'zh-Hant-HK, zh;q=0.1\0\0::ffff:192.0.2.1',
    'x-klingon;q=2, i-default\0language=xx\x002001:db8::1%eth0',
    'en-GB-oxendict;q=0.000001\0a=b;language=it ;\x00fe80::',
  ],
  run(input) {
    const [accept = '', cookie = '', address = ''] = splitTexts(input, 3)
    const locale = localeOf({ 'accept-language': accept, cookie }, FALLBACK)
    assert.ok(LOCALES.includes(locale))
    assert.ok(LOCALES.includes(negotiateLocale(accept)))
    assert.equal(negotiateLocale(locale), locale)
    assert.ok(translate(locale, 'email.subject', { sender: accept }).includes(accept))
    const tag = accepted(
      () => parseLocale(accept),
      (error) => error instanceof RangeError,
    )
    assert.ok(tag === undefined || tag === accept)
    if (isIP(address) === 0) return
    const [site, host] = [clientNetwork(address, { ipv6: 48 }), clientNetwork(address, { ipv6: 64 })]
    assert.ok(host.startsWith(site))
    assert.equal(clientNetwork(address, { ipv6: 64 }), host)
    assert.ok(isIP(address) === 6 || host === address)
  },
}
