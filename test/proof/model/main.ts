import { fileURLToPath } from 'node:url'
import { assertAccepted, readOptions } from '../../support/read-options.ts'
import { BUGS } from './bugs.ts'
import { checkSetting, type Row, searchScope } from './check.ts'
import { differences, matrix, readStories, writeStories } from './expected.ts'
import { SETTINGS } from './settings.ts'
import { findTools } from './tools.ts'

const NAMES = SETTINGS.map(({ name }) => name)
const USAGE = `usage: npm run model -- [--setting NAME] [--write]
       NAME is one of ${NAMES.join(', ')}`
/** From where this is compiled to. */
const FOLDER = fileURLToPath(new URL('../../../../../test/proof/model/', import.meta.url))

const { setting: only, write } = readArguments()
const model = { tools: await findTools(), folder: FOLDER }
const faults: string[] = []

const rows: Row[] = []
for (const setting of SETTINGS) {
  if (only !== undefined && only !== setting.name) continue
  const row = await checkSetting(model, setting)
  rows.push(row)
  say(`${setting.name}: ${row.states} states, ${row.seconds.toFixed(1)} s`)
  for (const [promise, story] of Object.entries(row.stories)) say([`  ${promise}:`, ...story].join('\n    '))
}
if (only === undefined) {
  for (const { name, title, scope, breaks } of BUGS) {
    const { story } = await searchScope(model, [...scope, name], [breaks], 'any')
    say(`${name} breaks ${breaks}: ${story === undefined ? 'NOT FOUND' : 'found'}`)
    if (story === undefined) faults.push(`not found: ${title}`)
  }
  if (write) writeStories(FOLDER, rows)
}
const expected = readStories(FOLDER)
faults.push(...rows.flatMap((row) => differences(row, expected)))
say(`\n${matrix(rows.map(({ setting }) => setting))}\n`)
say(`${rows.reduce((sum, { states }) => sum + states, 0)} states`)
say(faults.length === 0 ? 'as expected' : faults.join('\n'))
process.exitCode = faults.length === 0 ? 0 : 1

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function readArguments() {
  const options = readOptions(
    { setting: { type: 'string' }, write: { type: 'boolean', default: false } },
    USAGE,
  )
  if (options.setting !== undefined) assertAccepted('--setting', options.setting, NAMES)
  return options
}
