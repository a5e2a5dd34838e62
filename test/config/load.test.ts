import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { ConfigError, type Environment, loadConfig } from '../../src/config/load.ts'

const KEY = randomBytes(32)
const HEX = KEY.toString('hex')
const TOKEN = 'tok_0123456789abcdef'

function load(env: Environment, files: Readonly<Record<string, string>> = {}, dotenv?: string) {
  const readFile = (path: string) => {
    const text = files[path]
    if (text === undefined) throw new Error(`ENOENT ${path}`)
    return text
  }
  return loadConfig(env, readFile, dotenv)
}

function faultsOf(
  env: Environment,
  files?: Readonly<Record<string, string>>,
  dotenv?: string,
): readonly string[] {
  try {
    load(env, files, dotenv)
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
  return []
}

describe('a configuration without any setting', () => {
  it('has the documented defaults, and no secret among them (F16)', () => {
    expect(load({})).toEqual({
      port: 3000,
      bind: '127.0.0.1',
      publicUrl: undefined,
      dataDir: './data',
      redisUrl: undefined,
      rootKeys: undefined,
      importedSiteSecrets: [],
      accounts: [],
      anonymousCreate: true,
      ttlDefault: 7 * 24 * 3600,
      ttlMaxAnonymous: 7 * 24 * 3600,
      ttlMaxAccount: 30 * 24 * 3600,
      secretMaxBytes: 10_000,
      secretMaxBytesAnonymous: undefined,
      smtpUrl: undefined,
      mailFrom: undefined,
      shareDomains: [],
      region: undefined,
      regions: [],
      trustProxy: 0,
      corsOrigins: undefined,
      rateLimits: {
        create: { limit: 1000, windowMs: 1_200_000 },
        reveal: { limit: 1000, windowMs: 1_200_000 },
        accountCreate: { limit: 10_000, windowMs: 1_200_000 },
        accountReveal: { limit: 10_000, windowMs: 1_200_000 },
        receipt: { limit: 10_000, windowMs: 1_200_000 },
        accountReceipt: { limit: 100_000, windowMs: 1_200_000 },
        signIn: { limit: 100, windowMs: 1_200_000 },
        wrongToken: { limit: 100, windowMs: 1_200_000 },
        unreadableBody: { limit: 200, windowMs: 1_200_000 },
      },
      workers: 1,
      logLevel: 'info',
      metrics: undefined,
      argon2Memory: 19_456,
      argon2Time: 2,
      languageDefault: 'en',
      siteName: 'Emberlink',
      siteLogo: undefined,
      siteAccent: undefined,
      siteLinks: [],
      siteNotice: undefined,
      warnings: [],
    })
  })

  it('is frozen through and through', () => {
    const config = load({ ACCOUNTS: `a@b.co:${TOKEN}` })
    for (const part of [config, config.accounts, config.accounts[0], config.rateLimits?.create]) {
      expect(Object.isFrozen(part)).toBe(true)
    }
  })
})

describe('a value that is accepted', () => {
  const accepted: readonly [name: string, text: string, key: string, value: unknown][] = [
    ['PORT', '0', 'port', 0],
    ['PORT', '65535', 'port', 65_535],
    ['BIND', '::', 'bind', '::'],
    ['BIND', 'localhost', 'bind', 'localhost'],
    ['PUBLIC_URL', 'https://Secrets.Example.com/', 'publicUrl', 'https://secrets.example.com'],
    ['PUBLIC_URL', 'https://example.com:443/one/time/', 'publicUrl', 'https://example.com/one/time'],
    ['PUBLIC_URL', 'https://Bücher.example.:443/one', 'publicUrl', 'https://xn--bcher-kva.example/one'],
    ['PUBLIC_URL', 'http://[::1]:8080', 'publicUrl', 'http://[::1]:8080'],
    ['DATA_DIR', '/var/lib/ember link', 'dataDir', '/var/lib/ember link'],
    ['ROOT_KEY', HEX, 'rootKeys', [KEY]],
    ['ROOT_KEY', HEX.toUpperCase(), 'rootKeys', [KEY]],
    ['ROOT_KEY', KEY.toString('base64'), 'rootKeys', [KEY]],
    ['ROOT_KEY', KEY.toString('base64url'), 'rootKeys', [KEY]],
    [
      'ACCOUNTS',
      `Ana@Example.com:${TOKEN}:x`,
      'accounts',
      [{ email: 'Ana@Example.com', token: `${TOKEN}:x` }],
    ],
    ['ACCOUNTS', `ána@bücher.example:${TOKEN}`, 'accounts', [{ email: 'ána@bücher.example', token: TOKEN }]],
    ['ANONYMOUS_CREATE', 'off', 'anonymousCreate', false],
    ['ANONYMOUS_CREATE', 'on', 'anonymousCreate', true],
    ['SECRET_MAX_BYTES', '1048576', 'secretMaxBytes', 1_048_576],
    ['SECRET_MAX_BYTES_ANONYMOUS', '1000', 'secretMaxBytesAnonymous', 1000],
    ['MAIL_FROM', 'no-reply@example.com', 'mailFrom', { name: '', address: 'no-reply@example.com' }],
    ['MAIL_FROM', 'ána@bücher.example', 'mailFrom', { name: '', address: 'ána@bücher.example' }],
    ['MAIL_FROM', 'Sécrets <a@b.co>', 'mailFrom', { name: 'Sécrets', address: 'a@b.co' }],
    ['SHARE_DOMAINS', 'Localhost:3000', 'shareDomains', [{ host: 'localhost:3000', accounts: 'all' }]],
    [
      'SHARE_DOMAINS',
      'Bücher.example.:80=a@b.co',
      'shareDomains',
      [{ host: 'xn--bcher-kva.example', accounts: ['a@b.co'] }],
    ],
    [
      'SHARE_DOMAINS',
      'x.example.com=A@b.co|d@e.fr, y.example.com',
      'shareDomains',
      [
        { host: 'x.example.com', accounts: ['a@b.co', 'd@e.fr'] },
        { host: 'y.example.com', accounts: 'all' },
      ],
    ],
    ['REGION', 'eu-1', 'region', 'eu-1'],
    [
      'REGIONS',
      'eu=https://eu.example.com,us=https://us.example.com/x/',
      'regions',
      [
        { name: 'eu', url: 'https://eu.example.com' },
        { name: 'us', url: 'https://us.example.com/x' },
      ],
    ],
    ['TRUST_PROXY', '2', 'trustProxy', 2],
    ['TRUST_PROXY', '10.0.0.0/8, ::1', 'trustProxy', ['10.0.0.0/8', '::1']],
    ['RATE_LIMIT', 'off', 'rateLimits', undefined],
    ['CORS_ORIGINS', '*', 'corsOrigins', '*'],
    [
      'CORS_ORIGINS',
      'https://App.Example.com:443, http://[::1]:8080,https://bücher.example',
      'corsOrigins',
      ['https://app.example.com', 'http://[::1]:8080', 'https://xn--bcher-kva.example'],
    ],
    [
      'CORS_ORIGINS',
      'chrome-extension://abcdefghijklmnopabcdefghijklmnop',
      'corsOrigins',
      ['chrome-extension://abcdefghijklmnopabcdefghijklmnop'],
    ],
    ['IMPORTED_SITE_SECRET', 'a: b,c', 'importedSiteSecrets', ['a: b,c']],
    ['IMPORTED_SITE_SECRET', 'new\r\nold', 'importedSiteSecrets', ['new', 'old']],
    ['METRICS', '0.0.0.0:9090', 'metrics', { host: '0.0.0.0', port: 9090 }],
    ['METRICS', '[::1]:9090', 'metrics', { host: '::1', port: 9090 }],
    ['METRICS', 'off', 'metrics', undefined],
    ['LOG_LEVEL', 'silent', 'logLevel', 'silent'],
    ['SITE_NAME', '秘密 & Co', 'siteName', '秘密 & Co'],
    ['SITE_ACCENT', '#1F6feb', 'siteAccent', '#1F6feb'],
    [
      'SITE_LINKS',
      'Privacy=https://example.com/privacy?a=b#c, Impressum = http://bücher.example,Hilfe=mailto:help@example.com?subject=x',
      'siteLinks',
      [
        { label: 'Privacy', url: 'https://example.com/privacy?a=b#c' },
        { label: 'Impressum', url: 'http://xn--bcher-kva.example/' },
        { label: 'Hilfe', url: 'mailto:help@example.com?subject=x' },
      ],
    ],
    [
      'SITE_NOTICE',
      '<b>For employees</b> & friends, "only".',
      'siteNotice',
      '<b>For employees</b> & friends, "only".',
    ],
    ['SITE_NOTICE', '秘'.repeat(500), 'siteNotice', '秘'.repeat(500)],
    ['LANGUAGE_DEFAULT', 'de', 'languageDefault', 'de'],
    ['LANGUAGE_DEFAULT', 'zh-TW', 'languageDefault', 'zh-TW'],
  ]

  it.each(accepted)('%s=%s', (name, text, key, value) => {
    expect(load({ [name]: text })).toHaveProperty(key, value)
  })

  it.each([
    'smtp://mail.example.com',
    'smtps://u:p%40@[::1]:465',
    'smtp://u:p@h:587?tls=required',
    'smtp://u:p@h:587?tls=off',
  ])('SMTP_URL=%s', (url) => {
    expect(load({ SMTP_URL: url, MAIL_FROM: 'a@b.co' }).smtpUrl).toBe(url)
  })

  it.each(['redis://localhost', 'rediss+cluster://u:p@one:6379,two:6379', 'redis+sentinel://h:26379/name'])(
    'REDIS_URL=%s',
    (url) => {
      expect(load({ REDIS_URL: url, ROOT_KEY: HEX }).redisUrl).toBe(url)
    },
  )

  it('keeps the order of several root keys, newest first', () => {
    const older = randomBytes(32)
    expect(load({ ROOT_KEY: `${HEX},${older.toString('hex')}` }).rootKeys).toEqual([KEY, older])
  })

  it('changes only the rate limits that RATE_LIMIT names', () => {
    const changed = 'reveal=5/60,account-create=7/90,sign-in=3/30,wrong-token=2/20'
    expect(load({ RATE_LIMIT: changed }).rateLimits).toEqual({
      create: { limit: 1000, windowMs: 1_200_000 },
      reveal: { limit: 5, windowMs: 60_000 },
      accountCreate: { limit: 7, windowMs: 90_000 },
      accountReveal: { limit: 10_000, windowMs: 1_200_000 },
      receipt: { limit: 10_000, windowMs: 1_200_000 },
      accountReceipt: { limit: 100_000, windowMs: 1_200_000 },
      signIn: { limit: 3, windowMs: 30_000 },
      wrongToken: { limit: 2, windowMs: 20_000 },
      unreadableBody: { limit: 200, windowMs: 1_200_000 },
    })
  })
})

describe('a value that is rejected (promise 3)', () => {
  const rejected: Readonly<Record<string, readonly string[]>> = {
    PORT: ['', ' 80', '80a', '-1', '65536', '3e3', '0x50', '1.5', '080', '٣'],
    BIND: ['http://localhost', '[::1]', '990.0', 'a b', '1.2.3.4:80', '-x'],
    PUBLIC_URL: [
      'example.com',
      'ftp://example.com',
      'https://',
      'https://.',
      'https://example.com..',
      'https:example.com',
      'https://u:p@example.com',
      'https://u@example.com',
      'https://example.com/?a',
      'https://example.com/#a',
      'https://example.com//a',
      'https://example.com/a b',
      'https://example.com\\a',
      'https://example.com/a%2fb',
      'https://example.com/"',
    ],
    ANONYMOUS_CREATE: ['', 'true', 'false', 'ON', 'Off', 'yes', '0', 'off '],
    TTL_DEFAULT: ['59', '0', '-1', '60.5', '1d', '315360001', 'Infinity'],
    TTL_MAX_ANONYMOUS: ['59', 'never'],
    TTL_MAX_ACCOUNT: ['59', '1e9'],
    SECRET_MAX_BYTES: ['0', '1048577', '10k'],
    SECRET_MAX_BYTES_ANONYMOUS: ['0', '1048577', '1k'],
    MAIL_FROM: [
      'nobody',
      'ana@localhost',
      'Ana <ana@localhost>',
      'a@b.c',
      'a@b.co, d@e.fr',
      'Name a@b.co',
      'Na\nme <a@b.co>',
      '"N" <a@b.co>',
      '<a@b.co>',
    ],
    SHARE_DOMAINS: [
      'https://x.example.com',
      'x.example.com/',
      'a@x.example.com',
      'x.example.com=',
      'x.example.com=nobody',
      'x.example.com=ana@localhost',
      'x.example.com=a@b.co=d@e.fr',
      'x.example.com,',
      'x.example.com,X.example.com',
      'x.example.com,X.example.com.',
      '*.example.com',
      'x..example.com',
      '-x.example.com',
      'x y',
      'x.example.com:99999',
    ],
    REGION: ['EU', 'e u', 'e=u'],
    REGIONS: [
      'eu',
      'eu=eu.example.com',
      'eu=https://a.b/?x',
      'eu=https://a.b,eu=https://c.d',
      '=https://a.b',
    ],
    TRUST_PROXY: [
      '17',
      '-1',
      'loopback',
      'true',
      '10.0.0.0/33',
      '0.0.0.0/0',
      '::/0',
      '10.0.0.1,',
      '010.1',
      '::%.',
    ],
    CORS_ORIGINS: [
      '',
      'on',
      'app.example.com',
      'https://app.example.com/',
      'https://app.example.com/path',
      'https://app.example.com?x',
      'https://app.example.com#x',
      'https://u:p@app.example.com',
      'https://*.example.com',
      'https://app.example.com,*',
      '*,*',
      'null',
      'file:///tmp',
      'https://',
      'https:app.example.com',
      'https://app.example.com:99999',
      'https://a b',
      'https://app.example.com,https://APP.example.com:443',
      'https://app.example.com,',
    ],
    RATE_LIMIT: [
      'on',
      '',
      '1000',
      'create=0/60',
      'create=10',
      'create=10/0',
      'create=1/1,create=2/2',
      'toString=1/1',
    ],
    WORKERS: ['0', '65', 'AUTO', 'auto,1', '1.5'],
    LOG_LEVEL: ['INFO', 'verbose'],
    METRICS: ['on', '9090', ':9090', '::1:9090', '[1.2.3.4]:80', 'host:99999', 'http://h:1'],
    ARGON2_MEMORY: ['19455', '1048577'],
    ARGON2_TIME: ['1', '17'],
    SITE_NAME: [' a', 'a ', 'a\nb', 'x'.repeat(61)],
    SITE_LOGO: ['logo.gif', 'logo', 'a\0.svg'],
    SITE_ACCENT: ['red', '#fff', '#12345g', '#1234567', 'url(x)'],
    SITE_LINKS: [
      '',
      'https://example.com',
      '=https://example.com',
      'Privacy',
      'Privacy=',
      'Privacy=example.com',
      'Privacy=/privacy',
      'Privacy=//example.com',
      'Privacy=javascript:alert(1)',
      'Privacy=data:text/html,x',
      'Privacy=ftp://example.com',
      'Privacy=https://',
      'Privacy=https://a b',
      'Privacy=https://a.b\\c',
      'Privacy=https://u:p@example.com',
      'Help=mailto:',
      'Help=mailto:help',
      'Help=mailto:a@example.com%2Cb@example.com',
      'Privacy=https://a.b,Privacy=https://c.d',
      'Privacy=https://a.b,',
      `${'x'.repeat(41)}=https://a.b`,
      'Pri\u202evacy=https://a.b',
    ],
    SITE_NOTICE: ['', ' x', 'x ', 'a\nb', 'a\0b', 'x'.repeat(501)],
    LANGUAGE_DEFAULT: ['', 'DE', 'pt-PT', 'pt_BR', 'zh-tw', 'german', 'de,en'],
    DATA_DIR: ['', 'a\0b'],
  }

  const cases = Object.entries(rejected).flatMap(([name, texts]) =>
    texts.map((text) => [name, text] as const),
  )

  it.each(cases)('%s=%j', (name, text) => {
    const faults = faultsOf({ [name]: text })
    expect(faults.length).toBeGreaterThan(0)
    for (const fault of faults) expect(fault).toMatch(new RegExp(`^${name}: .+; it takes .+`))
  })

  it('is reported with its setting, its text, and what is accepted', () => {
    expect(faultsOf({ PORT: '80a' })).toEqual([
      'PORT: "80a" is not accepted; it takes a whole number from 0 to 65535',
    ])
    expect(faultsOf({ ANONYMOUS_CREATE: 'false' })).toEqual([
      'ANONYMOUS_CREATE: "false" is not accepted; it takes `on` or `off`',
    ])
    expect(faultsOf({ LANGUAGE_DEFAULT: 'sv' })).toEqual([
      'LANGUAGE_DEFAULT: "sv" is not accepted; it takes one of `ar` `de` `en` `es` `fr` `it` `ja` `nl` `pl` `pt` `pt-BR` `uk` `zh` `zh-TW`',
    ])
  })

  it('is reported with its position in a list', () => {
    const [fault] = faultsOf({ REGIONS: 'eu=https://eu.example.com,us' })
    expect(fault).toContain('REGIONS: entry 2 ')
  })

  it.each([
    ['https://app.example.com/', 'an origin has no path, not even a slash'],
    ['https://*.example.com', 'is no pattern here; list each host'],
    ['https://app.example.com,*', 'entry 2 is *, which must stand alone'],
    ['app.example.com', 'does not begin with http:// or https://'],
    ['null', 'names no site'],
  ])('of CORS_ORIGINS, %s, is reported with what is wrong', (text, reason) => {
    expect(faultsOf({ CORS_ORIGINS: text })).toEqual([expect.stringContaining(reason)])
  })

  it('names what is wrong with a link of SITE_LINKS', () => {
    const reasonOf = (text: string) =>
      /^SITE_LINKS: (.+?); it takes/.exec(faultsOf({ SITE_LINKS: text })[0] ?? '')?.[1]
    expect(reasonOf('A=https://a.b,B=javascript:x')).toBe(
      'entry 2 has an address that does not begin with https://, http:// or mailto:',
    )
    expect(reasonOf('A=https://a.b/ /')).toBe('entry 1 has a malformed address')
    expect(reasonOf('A=https://a.b,A=https://c.d')).toBe('entry 2 repeats the label of an earlier one')
    expect(reasonOf('A=mailto:help')).toBe('entry 1 has an invalid email address after mailto:')
    expect(reasonOf('https://a.b')).toBe('entry 1 lacks a label, an equals sign or an address')
    expect(reasonOf('A=https://a.b/c,d')).toBe('entry 2 lacks a label, an equals sign or an address')
  })

  it('names what is wrong with SITE_NOTICE, without repeating a long text', () => {
    const reasonOf = (text: string) =>
      /^SITE_NOTICE: (.+?); it takes/.exec(faultsOf({ SITE_NOTICE: text })[0] ?? '')?.[1]
    expect(reasonOf('x'.repeat(501))).toBe('has 501 characters')
    expect(reasonOf('a\nb')).toBe('has a line break or another control character')
  })

  it('is reported for an account that is listed twice, however its letters are composed', () => {
    const [composed, decomposed] = ['한@example.com', '한@example.com'.normalize('NFD')]
    const token = '0123456789abcdef'
    expect(faultsOf({ ACCOUNTS: `${composed}:${token},${decomposed}:${token}` })).toEqual([
      expect.stringContaining('ACCOUNTS: entry 2 repeats the email address'),
    ])
  })

  it('is reported with all others of one start, each on one line', () => {
    const env = {
      PORT: 'x',
      BIND: 'a b',
      REDIS_URL: 'redis://h',
      SMTP_URL: 'smtp://h',
      TTL_DEFUALT: '1',
      WORKERS: '',
    }
    const faults = faultsOf(env, {}, 'nonsense\nCOLOUR=red\n')
    const subjects = [
      '.env line 1',
      '.env: COLOUR',
      'TTL_DEFUALT',
      'PORT',
      'BIND',
      'WORKERS',
      'ROOT_KEY',
      'MAIL_FROM',
    ]
    expect(faults).toHaveLength(subjects.length)
    for (const [index, subject] of subjects.entries()) expect(faults[index]).toMatch(`${subject}`)
    expect(() => load(env)).toThrow(/^(.+\n)+.+$/)
  })

  it('is quoted on one line, whatever it contains', () => {
    expect(faultsOf({ BIND: 'a\nb\u001b[2J' })[0]).toBe(
      'BIND: "a\\nb\\u001b[2J" is not accepted; it takes an IP address or a host name',
    )
  })
})

describe('settings that do not go together', () => {
  it.each([
    [{ REDIS_URL: 'redis://h' }, /^ROOT_KEY: is required with REDIS_URL/],
    [{ SMTP_URL: 'smtp://h' }, /^MAIL_FROM: is required with SMTP_URL/],
    [{ TTL_MAX_ANONYMOUS: '60', TTL_MAX_ACCOUNT: '60' }, undefined],
    [{ TTL_DEFAULT: '61', TTL_MAX_ANONYMOUS: '60' }, undefined],
    [{ TTL_DEFAULT: '61', TTL_MAX_ANONYMOUS: '60', TTL_MAX_ACCOUNT: '61' }, undefined],
    [{ TTL_DEFAULT: '61', TTL_MAX_ANONYMOUS: '60', TTL_MAX_ACCOUNT: '60' }, /^TTL_DEFAULT: is above both/],
    [{ SECRET_MAX_BYTES_ANONYMOUS: '10001' }, /^SECRET_MAX_BYTES_ANONYMOUS: is above SECRET_MAX_BYTES$/],
    [
      { SECRET_MAX_BYTES_ANONYMOUS: '100', SECRET_MAX_BYTES: '99' },
      /^SECRET_MAX_BYTES_ANONYMOUS: is above SECRET_MAX_BYTES$/,
    ],
    [{ SECRET_MAX_BYTES_ANONYMOUS: '100', SECRET_MAX_BYTES: '100' }, undefined],
    [{ SECRET_MAX_BYTES: '99' }, undefined],
    [{ REGION: 'asia', REGIONS: 'eu=https://eu.example.com' }, /^REGION: is not one of REGIONS/],
    [{ REGION: 'eu', REGIONS: 'eu=https://eu.example.com' }, undefined],
    [{ SHARE_DOMAINS: 'x.example.com,x.example.com:80' }, /^SHARE_DOMAINS: has a domain twice/],
    [{ SHARE_DOMAINS: 'x.example.com,x.example.com:443' }, undefined],
    [
      { SHARE_DOMAINS: 'x.example.com,x.example.com:443', PUBLIC_URL: 'https://example.com' },
      /^SHARE_DOMAINS: has a domain twice/,
    ],
    [{ SITE_LOGO: 'missing.svg' }, /^SITE_LOGO: the file cannot be read/],
    [{ METRICS: '127.0.0.1:3000' }, /^METRICS: has the port of PORT/],
    [{ METRICS: '0.0.0.0:80', PORT: '80' }, /^METRICS: has the port of PORT/],
    [{ METRICS: '10.0.0.1:80', PORT: '80', BIND: '0.0.0.0' }, /^METRICS: has the port of PORT/],
    [{ METRICS: '127.0.0.1:80', PORT: '80', BIND: '::', PUBLIC_URL: 'http://h' }, /^METRICS: has the port/],
    [{ METRICS: 'localhost:3000' }, /^METRICS: has the port of PORT/],
    [{ METRICS: '10.0.0.1:3000' }, undefined],
    [{ METRICS: '[::1]:80', PORT: '80', BIND: '0.0.0.0' }, undefined],
    [{ METRICS: '127.0.0.1:0', PORT: '0' }, undefined],
    [{ METRICS: '127.0.0.1:3000', PORT: '3001' }, undefined],
    // Whatever else is wrong, there is nothing to compare.
    [{ METRICS: '127.0.0.1:3000', PORT: '3000x' }, /^PORT: /],
    [{ METRICS: '127.0.0.1:3000', BIND: '1.2.3.4.5.6:x' }, /^BIND: /],
  ] as const)('%j', (env, fault) => {
    const faults = faultsOf(env)
    expect(faults).toHaveLength(fault === undefined ? 0 : 1)
    if (fault !== undefined) expect(faults[0]).toMatch(fault)
  })

  it('include a logo only if it can be read', () => {
    expect(load({ SITE_LOGO: 'logo.svg' }, { 'logo.svg': '<svg/>' }).siteLogo).toBe('logo.svg')
  })
})

describe('a secret setting', () => {
  const secrets: Readonly<Record<string, readonly string[]>> = {
    REDIS_URL: ['http://:hunter22@h', 'redis+socket://:hunter22@h', 'hunter22', 'redis://hunter22 x'],
    ROOT_KEY: ['hunter22', `${HEX},hunter22`, `${HEX},${HEX}`, HEX.slice(1)],
    ACCOUNTS: [
      'hunter22',
      `ana@localhost:${TOKEN}`,
      'a@b.co:hunter22',
      `a@b.co:${TOKEN},A@B.CO:${TOKEN}`,
      `a@b.co:${TOKEN},`,
      `:${TOKEN}`,
    ],
    SMTP_URL: [
      'http://u:hunter22@h',
      'smtp://u:hunter22@',
      'smtp://u:hunter22@h/path',
      'smtp://u:hunter22@h?tls=no',
      'smtp://u:hunter22@h?tls=required&pool=true',
      'smtp://u:hunter22%@h',
      'smtp://%:40hunter22@h',
      'smtp://u:hunter22@.',
      'smtp://u:hunter22@%',
      'smtp://u:hunter22@h#x',
    ],
  }

  it.each(Object.entries(secrets).flatMap(([name, texts]) => texts.map((text) => [name, text] as const)))(
    '%s is rejected when malformed, and never shown: %s',
    (name, text) => {
      const faults = faultsOf({
        [name]: text,
        MAIL_FROM: 'a@b.co',
        ...(name === 'REDIS_URL' && { ROOT_KEY: HEX }),
      })
      expect(faults).toHaveLength(1)
      expect(faults[0]).toMatch(new RegExp(`^${name}: .+; it takes .+`))
      for (const part of ['hunter22', HEX.slice(1), TOKEN, 'A@B.CO']) expect(faults[0]).not.toContain(part)
    },
  )

  const weak = {
    'all bytes equal': Buffer.alloc(32, 7),
    'a pattern repeated': Buffer.alloc(32, randomBytes(16)),
    'counting up': Buffer.from(Array.from({ length: 32 }, (_, index) => index)),
    'counting down by three': Buffer.from(Array.from({ length: 32 }, (_, index) => 200 - 3 * index)),
    'readable text': Buffer.from('Sphinx of black quartz, judge my'),
  }

  it.each(Object.entries(weak))('ROOT_KEY is rejected when it is guessable: %s (F16)', (_, key) => {
    const faults = faultsOf({ ROOT_KEY: `${HEX},${key.toString('hex')}` })
    expect(faults[0]).toContain('ROOT_KEY: entry 2 follows a pattern')
  })

  it('comes from the file that NAME_FILE names, without its final newline', () => {
    const files = {
      '/run/key': `${HEX}\n`,
      '/run/accounts': `a@b.co:${TOKEN}\r\n`,
      '/run/redis': 'redis://h',
    }
    const env = { ROOT_KEY_FILE: '/run/key', ACCOUNTS_FILE: '/run/accounts', REDIS_URL_FILE: '/run/redis' }
    expect(load(env, files)).toMatchObject({
      rootKeys: [KEY],
      accounts: [{ email: 'a@b.co', token: TOKEN }],
      redisUrl: 'redis://h',
    })
  })

  it('is rejected when it is given both ways, in the environment or in .env', () => {
    const files = { '/run/key': HEX }
    const fault = [expect.stringMatching(/^ROOT_KEY: is set together with ROOT_KEY_FILE/)]
    expect(faultsOf({ ROOT_KEY: HEX, ROOT_KEY_FILE: '/run/key' }, files)).toEqual(fault)
    expect(faultsOf({ ROOT_KEY_FILE: '/run/key' }, files, `ROOT_KEY=${HEX}`)).toEqual(fault)
  })

  it('is rejected when its file is missing or empty', () => {
    expect(faultsOf({ ROOT_KEY_FILE: '/none' })).toEqual(['ROOT_KEY_FILE: the file cannot be read'])
    expect(faultsOf({ ROOT_KEY_FILE: '/e' }, { '/e': '\n' })).toEqual([
      expect.stringMatching(/^ROOT_KEY: is empty/),
    ])
  })
})

describe('F42: a rejected setting names the usual cause', () => {
  const ESCAPING = /: in a user or password, `#` must be written as `%23`, .*; it takes /
  const QUOTES = /: the quotes around it are part of the value, .*; it takes /
  const BLANK = /: it begins or ends with a blank or a line break; it takes /

  it.each(['#', '/', '?', '@', '%', ' '])('a %s in the password of REDIS_URL', (character) => {
    const forms = ['redis://:', 'redis://user:', 'redis://user:63', 'rediss+cluster://user:']
    for (const form of forms) {
      const REDIS_URL = `${form}hunter${character}zz22@cache.example:6379/0`
      const faults = faultsOf({ REDIS_URL, ROOT_KEY: HEX })
      expect(faults).toEqual([expect.stringMatching(/^REDIS_URL: /)])
      expect(faults[0]).toMatch(ESCAPING)
      expect(faults[0]).not.toMatch(/hunter|zz22|cache/)
    }
  })

  it.each(['#', '/', '?', '%'])('a %s in the password of SMTP_URL', (character) => {
    for (const form of ['smtp://user:', 'smtps://user:25']) {
      const faults = faultsOf({ SMTP_URL: `${form}hunter${character}zz22@mail.example`, MAIL_FROM: 'a@b.co' })
      expect(faults).toEqual([expect.stringMatching(/^SMTP_URL: /)])
      expect(faults[0]).toMatch(ESCAPING)
      expect(faults[0]).not.toMatch(/hunter|zz22|mail\.example/)
    }
  })

  it.each([
    ['PORT', '"3000"', QUOTES],
    ['DATA_DIR', "'/data'", QUOTES],
    ['SITE_NAME', '"Secrets"', QUOTES],
    ['REDIS_URL', '"redis://:hunter22@h"', QUOTES],
    ['ACCOUNTS', `'ana@example.com:${TOKEN}'`, QUOTES],
    ['SMTP_URL', "'smtp://h'", QUOTES],
    ['PORT', '3000 ', BLANK],
    ['DATA_DIR', '/data ', BLANK],
    ['REDIS_URL', 'redis://h\r', BLANK],
    ['LOG_LEVEL', ' info', BLANK],
    [
      'TTL_DEFAULT',
      '7d',
      /: "7d" is not accepted: write the number without a unit; it takes a whole number of seconds/,
    ],
    ['TTL_MAX_ACCOUNT', '2 weeks', /: write the number without a unit;/],
    ['SECRET_MAX_BYTES', '10k', /: write the number without a unit; it takes a whole number of bytes/],
    ['ARGON2_MEMORY', '64MiB', /: write the number without a unit; it takes a whole number of KiB/],
    ['PUBLIC_URL', 'secrets.example.com', /: does not begin with http:\/\/ or https:\/\/;/],
    ['PUBLIC_URL', 'https://$(HOST) x', /: it contains a placeholder that was not filled in;/],
    [
      'ROOT_KEY',
      '<output of: openssl rand -hex 32>',
      /^ROOT_KEY: entry 1 is malformed; `openssl rand -hex 32` generates a key/,
    ],
    ['MAIL_FROM', 'ana@localhost', /it takes an email address with a dot in its domain/],
  ])('%s=%s', (name, text, cause) => {
    const both = { ROOT_KEY: HEX, MAIL_FROM: 'a@b.co', [name]: text }
    const faults = faultsOf(both)
    expect(faults).toEqual([expect.stringMatching(new RegExp(`^${name}: `))])
    expect(faults[0]).toMatch(cause)
    expect(faults[0]).not.toMatch(/hunter22|tok_/)
  })

  it('in a file, too, and the file itself', () => {
    const fail = (code: string) => () => {
      throw Object.assign(new Error(`${code}: open '/run/hunter22'`), { code })
    }
    const faultOf = (readFile: () => string, path = '/run/hunter22') => {
      try {
        loadConfig({ ROOT_KEY_FILE: path }, readFile)
      } catch (error) {
        return (error as ConfigError).message
      }
      return undefined
    }
    expect(faultOf(fail('ENOENT'))).toBe(
      'ROOT_KEY_FILE: the file does not exist; is it the path of a file, not the value itself?',
    )
    expect(faultOf(fail('ENAMETOOLONG'))).toMatch(/^ROOT_KEY_FILE: the file does not exist; /)
    expect(faultOf(fail('EISDIR'))).toBe('ROOT_KEY_FILE: the path is a folder, not a file')
    expect(faultOf(fail('EACCES'))).toBe(
      `ROOT_KEY_FILE: the file cannot be read: permission denied; user ${process.geteuid?.()} or group ${process.getegid?.()} must be able to read it`,
    )
    expect(faultOf(() => '', '')).toBe('ROOT_KEY_FILE: is empty')
    expect(faultOf(() => '\n')).toMatch(/^ROOT_KEY: is empty in the file that ROOT_KEY_FILE names; it takes /)
    expect(faultOf(() => `"${HEX}"\n`)).toMatch(
      /^ROOT_KEY: the value is not accepted in the file that ROOT_KEY_FILE names: the quotes around it /,
    )
  })

  it('together with all others, also where a store or the SMTP server would be opened later', () => {
    const faults = faultsOf({
      REDIS_URL: 'redis://a,b',
      SMTP_URL: 'smtp://h/path',
      PORT: '3000 ',
      SITE_LOGO: 'missing.svg',
      ACCOUNTS: 'ana@example.com:passwordpassword',
    })
    const names = ['PORT', 'REDIS_URL', 'ACCOUNTS', 'SMTP_URL', 'ROOT_KEY', 'MAIL_FROM', 'SITE_LOGO']
    expect(faults.map((fault) => fault.split(':', 1)[0])).toEqual(names)
  })
})

describe('a token in ACCOUNTS', () => {
  it.each([
    'passwordpassword',
    'aaaaaaaaaaaaaaaa',
    'ana.maria@example.com',
    'ANA.MARIA@EXAMPLE.COM!!',
    'maria@example.com',
    'changeme-changeme-1',
  ])('is rejected when it is no random text, and never shown: %s', (token) => {
    const faults = faultsOf({ ACCOUNTS: `bo@example.com:${TOKEN},ana.maria@example.com:${token}` })
    expect(faults).toEqual([
      expect.stringMatching(
        /^ACCOUNTS: entry 2 has a token that repeats itself or its email address; `openssl/,
      ),
    ])
    expect(faults[0]).not.toContain(token)
  })

  it('is a warning when it is shorter than 32 characters, without its account', () => {
    const long = 'e0c1f2a3948576b7d6e5f40312a3b4c5'
    const ACCOUNTS = `a@b.co:${TOKEN},c@b.co:${long},d@b.co:${long.slice(1)}`
    expect(load({ ACCOUNTS }).warnings).toEqual([
      'ACCOUNTS: the token is shorter than 32 characters in entry 1, 3; `openssl rand -hex 20` generates a good one',
    ])
    expect(load({ ACCOUNTS: `c@b.co:${long}` }).warnings).toEqual([])
  })
})

describe('F41: a server that others can reach, without PUBLIC_URL, is a warning', () => {
  it.each([
    [{ BIND: '0.0.0.0' }, 'http://127.0.0.1:3000'],
    [{ BIND: '::', PORT: '80' }, 'http://127.0.0.1'],
    [{ BIND: '192.0.2.7', PORT: '8080' }, 'http://192.0.2.7:8080'],
    [{ BIND: '2001:db8::1' }, 'http://[2001:db8::1]:3000'],
    [{ BIND: 'box.example' }, 'http://box.example:3000'],
    [{ BIND: '0.0.0.0', PORT: '0' }, 'the address it listens at'],
  ])('that names what links begin with: %o, %s', (env, links) => {
    expect(load(env).warnings).toEqual([
      `PUBLIC_URL is not set, although BIND is ${env.BIND}: all links will begin with ${links}`,
    ])
    expect(load({ ...env, PUBLIC_URL: 'https://secrets.example.com' }).warnings).toEqual([])
  })

  it.each(['127.0.0.1', '127.8.9.1', '::1', '0:0:0:0:0:0:0:1', 'localhost', '::ffff:127.0.0.1'])(
    'but not on this machine: BIND=%s',
    (BIND) => expect(load({ BIND }).warnings).toEqual([]),
  )
})

describe('.env', () => {
  it('gives the settings that the environment does not', () => {
    const dotenv = 'PORT=4000\nBIND=0.0.0.0\n'
    expect(load({ PORT: '5000' }, {}, dotenv)).toMatchObject({ port: 5000, bind: '0.0.0.0' })
  })

  it('needs quotes around a colour, and says so', () => {
    expect(load({}, {}, 'SITE_ACCENT="#123456"').siteAccent).toBe('#123456')
    expect(faultsOf({}, {}, 'SITE_ACCENT=#123456')).toEqual([
      expect.stringMatching(/^\.env line 1: .*quote a value that contains #/),
    ])
  })
})

describe('the warnings of a configuration', () => {
  it('name what other software may have set in the environment', () => {
    expect(load({ REDIS_PASSWORD: 'hunter22', SMTP_HOST: 'h' }).warnings).toEqual([
      'ignored in the environment, not a setting: REDIS_PASSWORD, SMTP_HOST',
    ])
    expect(faultsOf({}, {}, 'REDIS_PASSWORD=hunter22')).toEqual(['.env: REDIS_PASSWORD is not a setting'])
  })
})
