// Writes the generated files: .env.example, the table between the two markers in README.md and the schema of the Helm chart
// from the settings, and the OpenAPI documents from the routes.
import { readFileSync, writeFileSync } from 'node:fs'
import { v1Routes } from '../compiled/api/v1/routes.js'
import { v2Routes } from '../compiled/api/v2/routes.js'
import { envExample, settingsTable } from '../compiled/config/documentation.js'
import { settings } from '../compiled/config/settings.js'
import { caller } from '../compiled/http/caller.js'
import { credentials } from '../compiled/http/credentials.js'
import { chartFiles } from './chart.mjs'
import { describeApi } from './openapi.mjs'

const MARKED = /(?<=<!-- settings:begin -->\n).*(?=<!-- settings:end -->)/s

writeFileSync('.env.example', envExample())
const readme = readFileSync('README.md', 'utf8')
if (!MARKED.test(readme)) throw new Error('README.md lacks the markers around its settings table')
writeFileSync(
  'README.md',
  readme.replace(MARKED, () => settingsTable()),
)
for (const [path, text] of Object.entries(chartFiles(Object.values(settings)))) writeFileSync(path, text)
for (const [version, routes] of Object.entries({ v1: v1Routes, v2: v2Routes, v3: v2Routes })) {
  const document = await describeApi(version, [caller, credentials, routes])
  writeFileSync(`src/http/openapi/${version}.json`, JSON.stringify(document))
}
