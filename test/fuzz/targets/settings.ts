import { strict as assert } from 'node:assert'
import { parseEnv } from 'node:util'
import { parseDotenv } from '../../../src/config/dotenv.ts'
import { ConfigError, loadConfig } from '../../../src/config/load.ts'
import { readSettingFile } from '../../../src/config/setting-file.ts'
import { type Setting, settings } from '../../../src/config/settings.ts'
import { accepted } from '../accepted.ts'
import { assertQuotesNone } from '../quotes.ts'
import type { Target } from '../target.ts'

const SECRET_NAMES = Object.values<Setting>(settings)
  .filter(({ secret }) => secret)
  .map(({ name }) => name)

/** All settings, from a `.env` file. */
export const target: Target = {
  name: 'settings',
  input: 'a .env file',
  seeds: () => [
    ...Object.values<Setting>(settings).map(({ name, default: text }) => `${name}=${text ?? 'x'}`),
    'PORT=3000\nPUBLIC_URL="https://secrets.example.com"\nTRUST_PROXY=1 # behind Caddy\n',
    "export ACCOUNTS='ada@example.com:jr3v0xk7m2q9w5t8n4b6c1z0'\r\nTTL_DEFAULT=3600",
    'ROOT_KEY=0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f1\nREDIS_URL=redis://:pass@h/1',
    'RATE_LIMIT=create=10/60,reveal=5/1\nREGIONS=eu=https://eu.example.com,us=https://us.example.com\nREGION=eu',
    'SHARE_DOMAINS=a.example=ada@example.com;b@c.example,b.example\nCORS_ORIGINS=*',
    'SMTP_URL=smtp://u:p@h\nMAIL_FROM=A <a@b.example>\nROOT_KEY_FILE=/run/secrets/x',
  ],
  run(input) {
    const text = input.toString()
    const { values, faults } = parseDotenv(text)
    const node = parseEnv(text)
    const hasOtherBlanks = /[^\S\r\n ]/.test(text)
    if (faults.length === 0 && !hasOtherBlanks) assert.deepEqual(Object.fromEntries(values), { ...node })
    const readFile = () => 'the content of a file'
    assert.equal(readSettingFile(readFile, '/x'), readFile())
    let message = ''
    const config = accepted(
      () => loadConfig({}, readFile, text),
      (error) => {
        if (error instanceof ConfigError) message = error.message
        return error instanceof ConfigError
      },
    )
    assert.ok(config === undefined || Object.isFrozen(config))
    for (const name of SECRET_NAMES) {
      // Those of other settings may be quoted, and have the same words.
      const others = [...values].filter(([other]) => other !== name).map(([, value]) => value)
      assertQuotesNone(message, values.get(name) ?? '', others.join('\n'))
    }
  },
}
