// Writes what is generated from the table of settings, which is .env.example and the table in README.md between its two
// markers, and from the routes, which is the OpenAPI document.
import { readFileSync, writeFileSync } from 'node:fs'
import { v1Routes } from '../dist/api/v1/routes.js'
import { envExample, settingsTable } from '../dist/config/documentation.js'
import { caller } from '../dist/http/caller.js'
import { describeApi } from './openapi.mjs'

const MARKED = /(?<=<!-- settings:begin -->\n).*(?=<!-- settings:end -->)/s

writeFileSync('.env.example', envExample())
const readme = readFileSync('README.md', 'utf8')
if (!MARKED.test(readme)) throw new Error('README.md lacks the markers of its table of settings')
writeFileSync(
  'README.md',
  readme.replace(MARKED, () => settingsTable()),
)
writeFileSync('src/http/openapi.json', JSON.stringify(await describeApi([caller, v1Routes])))
