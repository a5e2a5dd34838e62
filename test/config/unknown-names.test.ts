import { describe, expect, it } from 'vitest'
import { unknownInEnvironment, unknownInFile } from '../../src/config/unknown-names.ts'

function faultOf(name: string, value = 'x'): string | undefined {
  return unknownInEnvironment({ [name]: value }).faults[0]
}

function warningOf(name: string, value = 'x'): string | undefined {
  return unknownInEnvironment({ [name]: value }).warnings[0]
}

describe('a misspelt setting in the environment (F21)', () => {
  it.each([
    ['TTL_DEFUALT', 'TTL_DEFAULT'],
    ['REDIS_URI', 'REDIS_URL'],
    ['SMTP_URLS', 'SMTP_URL'],
    ['ANONYMOUS_CREATES', 'ANONYMOUS_CREATE'],
    ['ANONYMOUS_CREATION', 'ANONYMOUS_CREATE'],
    ['ANONYMUS_CRAETE', 'ANONYMOUS_CREATE'],
    ['SHARE_DOMAIN', 'SHARE_DOMAINS'],
    ['SECRETS_MAX_BYTE', 'SECRET_MAX_BYTES'],
    ['ROOTKEY', 'ROOT_KEY'],
    ['ROOT_KEYS', 'ROOT_KEY'],
    ['ROOT_KEYS_FILE', 'ROOT_KEY'],
    ['ROOT_KEY_FIEL', 'ROOT_KEY'],
    ['ACCOUNT', 'ACCOUNTS'],
    ['LOGLEVEL', 'LOG_LEVEL'],
    ['PUBLIC_URI', 'PUBLIC_URL'],
    ['TRUSTED_PROXY', 'TRUST_PROXY'],
    ['WORKER', 'WORKERS'],
    ['REGOIN', 'REGION'],
    ['redis_url', 'REDIS_URL'],
    ['Port', 'PORT'],
    ['MAIL_FROM_FILE', 'MAIL_FROM'],
    ['PORT_FILE', 'PORT'],
    ['EMBERLINK_PORT', 'PORT'],
    ['EMBERLINK_ROOT_KEY', 'ROOT_KEY'],
  ])('stops the start: %s, with the setting that it resembles, %s', (name, ours) => {
    expect(faultOf(name)).toMatch(new RegExp(`^${name} is not a setting; did you mean ${ours}`))
    expect(warningOf(name)).toBeUndefined()
  })

  it.each(['EMBERLINK_COLOUR', 'TTL_MAX', 'TTL_MAXIMUM', 'ARGON2_LANES'])(
    'stops the start when it begins as only settings do, even if it resembles none: %s',
    (name) => {
      expect(faultOf(name)).toBe(`${name} is not a setting`)
    },
  )

  it('is reported without its value', () => {
    expect(faultOf('ROOTKEY', 'hunter22')).not.toContain('hunter22')
  })
})

describe('a name in the environment that other software uses too (F21)', () => {
  it.each(['REDIS_HOST', 'REDIS_PORT', 'REDIS_PASSWORD', 'REDIS_VERSION', 'SMTP_HOST', 'SMTP_PASSWORD'])(
    'is a warning that does not stop the start: %s',
    (name) => {
      expect(faultOf(name)).toBeUndefined()
      expect(warningOf(name, 'hunter22')).toBe(`ignored in the environment, not a setting: ${name}`)
    },
  )

  it('shares one warning with all others', () => {
    expect(unknownInEnvironment({ REDIS_HOST: 'h', PATH: '/bin', SMTP_HOST: 'h', TTL_DEFUALT: '1' })).toEqual(
      {
        faults: ['TTL_DEFUALT is not a setting; did you mean TTL_DEFAULT?'],
        warnings: ['ignored in the environment, not a setting: REDIS_HOST, SMTP_HOST'],
      },
    )
  })
})

describe('an ordinary environment', () => {
  it.each([
    ...[
      'HOST',
      'HOSTNAME',
      'PWD',
      'OLDPWD',
      'MAIL',
      'MAILCHECK',
      'LOGNAME',
      'USER',
      'HOME',
      'PATH',
      'SHELL',
      'SHLVL',
    ],
    ...[
      'LANG',
      'LC_ALL',
      'TERM',
      'TZ',
      'DISPLAY',
      'EDITOR',
      'TMPDIR',
      'CI',
      '_',
      'XDG_DATA_DIRS',
      'XDG_DATA_HOME',
    ],
    ...[
      'NODE_ENV',
      'NODE_OPTIONS',
      'NODE_VERSION',
      'YARN_VERSION',
      'NODE_EXTRA_CA_CERTS',
      'UV_THREADPOOL_SIZE',
    ],
    ...[
      'npm_lifecycle_event',
      'npm_config_user_agent',
      'npm_package_version',
      'INIT_CWD',
      'http_proxy',
      'NO_PROXY',
    ],
    ...[
      'AWS_REGION',
      'FLY_REGION',
      'AWS_LAMBDA_JS_RUNTIME',
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      'PORT_RANGE',
      'PORTS',
    ],
    ...[
      'DATA_HOME',
      'LOG_DIR',
      'LOG_FORMAT',
      'PUBLIC_DIR',
      'SECRET_KEY_BASE',
      'SITE_ID',
      'ROOT_DIR',
      'BINDIR',
    ],
    ...[
      'INVOCATION_ID',
      'JOURNAL_STREAM',
      'NOTIFY_SOCKET',
      'WATCHDOG_USEC',
      'CREDENTIALS_DIRECTORY',
      'container',
    ],
    ...['VITEST', 'VITEST_POOL_ID', 'ANONYMOUS'],
  ])('is accepted without a warning: %s', (name) => {
    expect(faultOf(name)).toBeUndefined()
    expect(warningOf(name)).toBeUndefined()
  })

  it.each([
    ['KUBERNETES_SERVICE_HOST', '10.0.0.1'],
    ['KUBERNETES_PORT', 'tcp://10.0.0.1:443'],
    ['EMBERLINK_PORT', 'tcp://10.0.0.2:3000'],
    ['EMBERLINK_PORT_3000_TCP', 'tcp://10.0.0.2:3000'],
    ['EMBERLINK_PORT_3000_TCP_ADDR', '10.0.0.2'],
    ['EMBERLINK_SERVICE_HOST', '10.0.0.2'],
    ['EMBERLINK_SERVICE_PORT', '3000'],
    ['EMBERLINK_SERVICE_PORT_HTTP', '3000'],
    ['EMBERLINK_EU_SERVICE_HOST', '10.0.0.2'],
    ['REDIS_SERVICE_HOST', '10.0.0.3'],
    ['REDIS_SERVICE_PORT_REDIS', '6379'],
    ['REDIS_PORT', 'tcp://10.0.0.3:6379'],
    ['REDIS_PORT_6379_TCP', 'tcp://10.0.0.3:6379'],
    ['REDIS_PORT_6379_TCP_PROTO', 'tcp'],
    ['REDIS_NAME', '/emberlink/redis'],
    ['REDIS_ENV_REDIS_VERSION', '7.4'],
    ['SMTP_PORT', 'tcp://10.0.0.4:25'],
  ])(
    'is accepted without a warning when Kubernetes and Docker set it for a service: %s=%s',
    (name, value) => {
      expect(faultOf(name, value)).toBeUndefined()
      expect(warningOf(name, value)).toBeUndefined()
    },
  )
})

describe('an unknown name in .env', () => {
  it('stops the start whatever it is, with the setting that it resembles', () => {
    expect(
      unknownInFile(['PORT', 'ROOT_KEY_FILE', 'NODE_ENV', 'REDIS_HOST', 'PROT', 'MAIL_FROM_FILE']),
    ).toEqual([
      '.env: NODE_ENV is not a setting',
      '.env: REDIS_HOST is not a setting',
      '.env: PROT is not a setting; did you mean PORT?',
      '.env: MAIL_FROM_FILE is not a setting; did you mean MAIL_FROM?',
    ])
  })
})
