import { describe, expect, it } from 'vitest'
import { unknownInEnvironment, unknownInFile } from '../../src/config/names.ts'

function refusal(name: string, value = 'x'): string | undefined {
  return unknownInEnvironment({ [name]: value })[0]
}

describe('a misspelt name in the environment (F21)', () => {
  it.each([
    ['TTL_DEFUALT', 'TTL_DEFAULT'],
    ['TTL_MAX', 'TTL_'],
    ['REDIS_URI', 'REDIS_URL'],
    ['REDIS_HOST', 'REDIS_URL'],
    ['REDIS_PORT', 'REDIS_URL'],
    ['REDIS_PASSWORD', 'REDIS_URL'],
    ['SMTP_URLS', 'SMTP_URL'],
    ['SMTP_HOST', 'SMTP_URL'],
    ['ANONYMOUS_CREATES', 'ANONYMOUS_CREATE'],
    ['ANONYMOUS', 'ANONYMOUS_CREATE', 'passes'],
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
  ])('%s is refused with the name it resembles, %s', (name, ours, passes?: string) => {
    const fault = refusal(name)
    if (passes) expect(fault).toBeUndefined()
    else expect(fault).toMatch(new RegExp(`^${name} is not a setting; did you mean ${ours}`))
  })

  it('is refused by its first word alone, even when nothing of ours is near', () => {
    expect(refusal('EMBERLINK_COLOUR')).toBe('EMBERLINK_COLOUR is not a setting')
  })

  it('is reported without its value', () => {
    expect(refusal('ROOTKEY', 'hunter22')).not.toContain('hunter22')
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
    ...['VITEST', 'VITEST_POOL_ID', 'REDIS_VERSION', 'REDIS_DOWNLOAD_URL', 'REDIS_DOWNLOAD_SHA'],
  ])('%s passes', (name) => {
    expect(refusal(name)).toBeUndefined()
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
  ])('%s=%s passes: Kubernetes and Docker set it for a service', (name, value) => {
    expect(refusal(name, value)).toBeUndefined()
  })
})

describe('an unknown name in .env', () => {
  it('is refused whatever it is, with our name where one is near', () => {
    expect(unknownInFile(['PORT', 'ROOT_KEY_FILE', 'NODE_ENV', 'PROT', 'MAIL_FROM_FILE'])).toEqual([
      '.env: NODE_ENV is not a setting',
      '.env: PROT is not a setting; did you mean PORT?',
      '.env: MAIL_FROM_FILE is not a setting; did you mean MAIL_FROM?',
    ])
  })
})
