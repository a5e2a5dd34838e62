import { FALLBACK_LOCALE, LOCALES } from '../i18n/catalog.ts'
import { corsOrigins } from './cors-origins.ts'
import { accounts, mailbox, redisUrl, rootKeys, siteSecrets, smtpUrl } from './credentials.ts'
import { host, listenOrOff, port, regions, siteUrl, trustedProxies } from './network.ts'
import { DEFAULT_RATE_LIMITS, rateLimits } from './rate-limits.ts'
import { shareDomains } from './share-domains.ts'
import { siteLinks } from './site-links.ts'
import { siteNotice } from './site-notice.ts'
import { pemFile } from './tls-files.ts'
import { matching, oneOf, onOff, type ValueType, wholeNumber, wholeSeconds, wordOr } from './value-types.ts'

/** A row of the settings table. */
export interface Setting {
  /** The environment variable. */
  readonly name: string
  readonly type: ValueType<unknown>
  /** The text used when the setting is absent. Without a default, the setting is optional. */
  readonly default?: string
  /** Describes what happens without the setting, for the documentation. Only without a default. */
  readonly otherwise?: string
  /** What the setting is for, in one or two sentences. */
  readonly meaning: string
  /** The value is never shown, and NAME_FILE can name a file with it. The example is not a usable value. */
  readonly secret?: true
  readonly example: string
}

/** The maximum number of worker processes. */
export const MAXIMUM_WORKERS = 64

const MAXIMUM_TTL = 10 * 365 * 24 * 3600
const ttl = wholeSeconds(60, MAXIMUM_TTL)

/** All settings, by their names in the code. The documentation is generated from this table. */
export const settings = {
  port: {
    name: 'PORT',
    type: port,
    default: '3000',
    meaning: 'Port to listen on. 0 lets the system choose one.',
    example: '8080',
  },
  bind: {
    name: 'BIND',
    type: host,
    default: '127.0.0.1',
    meaning: 'Address to listen on. Use `0.0.0.0` in a container, or wherever clients connect directly.',
    example: '0.0.0.0',
  },
  publicUrl: {
    name: 'PUBLIC_URL',
    type: siteUrl,
    otherwise: 'http://BIND:PORT',
    meaning: 'Public address of the site. All links start with it.',
    example: 'https://secrets.example.com',
  },
  dataDir: {
    name: 'DATA_DIR',
    type: matching('the path of a folder', /^(?!\s)[^\0]+(?<!\s)$/),
    default: './data',
    meaning: 'Folder of the embedded store and of its root keys.',
    example: '/var/lib/emberlink',
  },
  redisUrl: {
    name: 'REDIS_URL',
    type: redisUrl,
    otherwise: 'the embedded store',
    meaning: 'Address of Redis, to use it instead of the embedded store. Requires `ROOT_KEY`.',
    secret: true,
    example: 'redis://emberlink:<password>@redis:6379',
  },
  redisTlsCa: {
    name: 'REDIS_TLS_CA',
    type: pemFile('certificates of authorities'),
    otherwise: 'those that Node.js trusts',
    meaning: 'The only authorities that may have signed the certificates of Redis and its sentinels.',
    example: '/etc/emberlink/redis-ca.pem',
  },
  redisTlsCert: {
    name: 'REDIS_TLS_CERT',
    type: pemFile('a certificate, and those between it and its authority'),
    otherwise: 'none',
    meaning: 'Certificate that Redis and its sentinels require of clients. Requires `REDIS_TLS_KEY`.',
    example: '/etc/emberlink/redis-client.pem',
  },
  redisTlsKey: {
    name: 'REDIS_TLS_KEY',
    type: pemFile('a private key'),
    otherwise: 'none',
    meaning: 'Private key of `REDIS_TLS_CERT`.',
    example: '/etc/emberlink/redis-client.key',
  },
  rootKeys: {
    name: 'ROOT_KEY',
    type: rootKeys,
    otherwise: 'generated in `DATA_DIR` at the first start',
    meaning:
      'Root keys. It takes a root key and the key in a link to open a secret. The first one seals; all of them open.',
    secret: true,
    example: '<output of: openssl rand -hex 32>',
  },
  importedSiteSecrets: {
    name: 'IMPORTED_SITE_SECRET',
    type: siteSecrets,
    otherwise: 'none',
    meaning:
      'Site secret of the Onetime Secret server up to 0.23 that secrets were imported from. Needed as long as imported secrets with a passphrase wait; `emberlink check` says until when.',
    secret: true,
    example: '<the `secret` of its configuration>',
  },
  accounts: {
    name: 'ACCOUNTS',
    type: accounts,
    otherwise: 'none',
    meaning: 'Accounts for tests and small installations. They exist only while they are listed here.',
    secret: true,
    example: 'ana@example.com:<token>',
  },
  anonymousCreate: {
    name: 'ANONYMOUS_CREATE',
    type: onOff,
    default: 'on',
    meaning: 'Whether secrets can be created without an account. Revealing one never requires an account.',
    example: 'off',
  },
  ttlDefault: {
    name: 'TTL_DEFAULT',
    type: ttl,
    default: '604800',
    meaning: 'Default lifetime of a secret. The two maximums below apply to it too.',
    example: '86400',
  },
  ttlMaxAnonymous: {
    name: 'TTL_MAX_ANONYMOUS',
    type: ttl,
    default: '604800',
    meaning: 'Maximum lifetime of a secret created without an account.',
    example: '604800',
  },
  ttlMaxAccount: {
    name: 'TTL_MAX_ACCOUNT',
    type: ttl,
    default: '2592000',
    meaning: 'Maximum lifetime of a secret created with an account.',
    example: '1209600',
  },
  secretMaxBytes: {
    name: 'SECRET_MAX_BYTES',
    type: wholeNumber(1, 1_048_576, 'bytes'),
    default: '10000',
    meaning: 'Maximum size of a secret in UTF-8.',
    example: '65536',
  },
  secretMaxBytesAnonymous: {
    name: 'SECRET_MAX_BYTES_ANONYMOUS',
    type: wholeNumber(1, 1_048_576, 'bytes'),
    otherwise: 'as `SECRET_MAX_BYTES`',
    meaning: 'Maximum size of a secret created without an account; at most `SECRET_MAX_BYTES`.',
    example: '1000',
  },
  smtpUrl: {
    name: 'SMTP_URL',
    type: smtpUrl,
    otherwise: 'no emails are sent',
    meaning:
      'SMTP server that sends the emails to recipients. Requires `MAIL_FROM`. STARTTLS is used if the server offers it, and required for a password unless the server is on this machine; `?tls=off` turns it off.',
    secret: true,
    example: 'smtp://mailer:<password>@mail.example.com:587?tls=required',
  },
  smtpTlsCa: {
    name: 'SMTP_TLS_CA',
    type: pemFile('certificates of authorities'),
    otherwise: 'those that Node.js trusts',
    meaning: 'The only authorities that may have signed the certificate of the SMTP server.',
    example: '/etc/emberlink/smtp-ca.pem',
  },
  mailFrom: {
    name: 'MAIL_FROM',
    type: mailbox,
    otherwise: 'none',
    meaning: 'Sender of the emails. Replies go to the account that shared the secret.',
    example: 'Emberlink <no-reply@example.com>',
  },
  shareDomains: {
    name: 'SHARE_DOMAINS',
    type: shareDomains,
    otherwise: 'none',
    meaning:
      'Additional domains that links may be created on, in Unicode or ASCII, and the accounts that may use them.',
    example: 'links.example.com,team.example.org=ana@example.com|bo@example.com',
  },
  region: {
    name: 'REGION',
    type: matching('a name of lower-case letters, digits and `-`', /^[a-z0-9-]{1,32}$/),
    otherwise: 'none',
    meaning: "Name of this server's region. Must be one of `REGIONS` if both are set.",
    example: 'eu',
  },
  regions: {
    name: 'REGIONS',
    type: regions,
    otherwise: 'none',
    meaning: 'Regions that the pages link to. They share no data.',
    example: 'eu=https://eu.example.com,us=https://us.example.com',
  },
  trustProxy: {
    name: 'TRUST_PROXY',
    type: trustedProxies,
    default: '0',
    meaning: 'Proxies whose forwarding headers are trusted, read from right to left.',
    example: '10.0.0.0/8,fd00::/8',
  },
  corsOrigins: {
    name: 'CORS_ORIGINS',
    type: corsOrigins,
    otherwise: 'none',
    meaning:
      'Origins whose pages may call the API from a browser, each with an API token of its own or anonymously. Cookies never count.',
    example: 'https://app.example.com,https://intranet.example.com:8443',
  },
  rateLimits: {
    name: 'RATE_LIMIT',
    type: rateLimits,
    default: DEFAULT_RATE_LIMITS,
    meaning:
      'Rate limits: the number of requests that a client network or an account may make in a number of seconds. Limits that are not named keep their defaults.',
    example: 'create=100/3600,reveal=500/3600',
  },
  workers: {
    name: 'WORKERS',
    type: wordOr('auto', wholeNumber(1, MAXIMUM_WORKERS)),
    default: '1',
    meaning: 'Number of worker processes; `auto` for one for each processor core that is available.',
    example: 'auto',
  },
  logLevel: {
    name: 'LOG_LEVEL',
    type: oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'),
    default: 'info',
    meaning: 'Lowest level of messages to log.',
    example: 'warn',
  },
  metrics: {
    name: 'METRICS',
    type: listenOrOff,
    default: 'off',
    meaning: 'Separate address for Prometheus metrics.',
    example: '127.0.0.1:9090',
  },
  argon2Memory: {
    name: 'ARGON2_MEMORY',
    type: wholeNumber(19_456, 1_048_576, 'KiB'),
    default: '19456',
    meaning: 'Memory of one passphrase hash (Argon2id).',
    example: '65536',
  },
  argon2Time: {
    name: 'ARGON2_TIME',
    type: wholeNumber(2, 16),
    default: '2',
    meaning: 'Number of passes over that memory.',
    example: '3',
  },
  languageDefault: {
    name: 'LANGUAGE_DEFAULT',
    type: oneOf(...LOCALES),
    default: FALLBACK_LOCALE,
    meaning:
      'Language of pages and emails if neither the choice on a page nor Accept-Language names one of these.',
    example: 'de',
  },
  siteName: {
    name: 'SITE_NAME',
    type: matching('1 to 60 characters, without a blank at either end', /^(?!\s)[^\p{Cc}]{1,60}(?<!\s)$/u),
    default: 'Emberlink',
    meaning: 'Name of the site on its pages and in its emails.',
    example: 'Example Secrets',
  },
  siteLogo: {
    name: 'SITE_LOGO',
    type: matching('the path of a `.svg` or `.png` file', /^(?!\s)[^\0]+\.(svg|png)$/),
    otherwise: 'the built-in one',
    meaning: 'Logo of the site.',
    example: './logo.svg',
  },
  siteAccent: {
    name: 'SITE_ACCENT',
    type: matching('a colour as `#rrggbb`', /^#[0-9a-fA-F]{6}$/),
    otherwise: 'the built-in one',
    meaning: 'Accent colour of the pages.',
    example: '#1f6feb',
  },
  siteLinks: {
    name: 'SITE_LINKS',
    type: siteLinks,
    otherwise: 'none',
    meaning: 'Links at the foot of every page, such as those to the privacy policy, the imprint and help.',
    example: 'Privacy=https://example.com/privacy,Help=mailto:help@example.com',
  },
  siteNotice: {
    name: 'SITE_NOTICE',
    type: siteNotice,
    otherwise: 'none',
    meaning: 'Plain text at the top of every page.',
    example: 'For employees of Example Inc. only.',
  },
} as const satisfies Record<string, Setting>
