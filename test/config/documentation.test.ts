import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { describe, expect, it } from 'vitest'
import { envExample, settingsTable } from '../../src/config/documentation.ts'
import { ConfigError, loadConfig } from '../../src/config/load.ts'
import { type Setting, settings } from '../../src/config/settings.ts'
import { readCertificate } from '../support/certificates.ts'

const root = new URL('../../', import.meta.url)
const committed = (name: string) => readFileSync(new URL(name, root), 'utf8')
const rows: readonly Setting[] = Object.values(settings)

const { cert, key } = readCertificate('valid')

/** Every file exists. Those for TLS fit together. */
const exists = (path: string) => String(path.endsWith('.key') ? key : path.endsWith('.pem') ? cert : '')

describe('the documentation of the settings', () => {
  it('is up to date in .env.example (run npm run docs)', () => {
    expect(committed('.env.example')).toBe(envExample())
  })

  it('is up to date in README.md (run npm run docs)', () => {
    const [, table] = /<!-- settings:begin -->\n(.*)<!-- settings:end -->/s.exec(committed('README.md')) ?? []
    expect(table).toBe(settingsTable())
  })

  it('names every setting', () => {
    for (const { name } of rows) {
      expect(envExample()).toContain(`#${name}=`)
      expect(settingsTable()).toContain(`\`${name}\``)
    }
  })

  it('sets nothing when .env.example is copied unchanged', () => {
    expect(parseEnv(envExample())).toEqual({})
  })

  it('gives examples that are accepted unchanged', () => {
    const open = rows.filter(({ secret }) => !secret).map(({ name }) => name)
    const lines = envExample()
      .split('\n')
      .filter((line) => open.some((name) => line.startsWith(`#${name}=`)))
    expect(lines).toHaveLength(open.length)
    const requires = {
      REDIS_URL: 'rediss://redis.example.com',
      ROOT_KEY: randomBytes(32).toString('hex'),
      SMTP_URL: 'smtps://mail.example.com',
    }
    const config = loadConfig(requires, exists, lines.map((line) => line.slice(1)).join('\n'))
    expect(config).toMatchObject({ port: 8080, siteAccent: '#1f6feb', anonymousCreate: false })
  })

  it.each(['ROOT_KEY', 'ACCOUNTS'])(
    'gives no working secret: the example of %s is rejected (F16)',
    (name) => {
      const example = rows.find((row) => row.name === name)?.example
      expect(() => loadConfig({ [name]: example }, exists)).toThrow(ConfigError)
    },
  )
})
