import { strict as assert } from 'node:assert'
import { fileURLToPath } from 'node:url'
import { readEphemeralOptions } from '../../../src/commands/ephemeral-options.ts'
import { UsageError } from '../../../src/commands/errors.ts'
import { type ImportOptions, parseImport } from '../../../src/commands/import-options.ts'
import { parseCall, parseGlobal } from '../../../src/commands/parse.ts'
import { commands } from '../../../src/commands/table.ts'
import { accepted } from '../accepted.ts'
import type { Target } from '../target.ts'

// Of an option that names a file, a file that exists.
const FILE = fileURLToPath(import.meta.url)

const isUsageError = (error: unknown) => error instanceof UsageError

/** The words of a command line. */
export const target: Target = {
  name: 'command-lines',
  input: 'words with a zero byte between them',
  seeds: () => [
    'import onetime-secret\0--from\0redis://old\0--site-secret-file=x\0--move',
    'account create\0ada@example.com',
    'conformance\0http://localhost\0--only\0v1\0--json=-',
    'serve\0--ephemeral\0--account=a@b.example:0123456789abcdef\0--set\0PORT=1\0-h',
    '--version',
  ],
  run(input) {
    const [name = '', ...words] = input.toString().split('\0')
    accepted(() => parseGlobal([name, ...words]), isUsageError)
    const command = commands.find((each) => each.name === name)
    const call = command && accepted(() => parseCall(command, words), isUsageError)
    if (command === undefined || call === undefined || call.help) return
    assert.ok(call.args.length <= command.arguments.length)
    for (const option of Object.keys(call.options)) assert.ok(Object.hasOwn(command.options, option))
    if (name === 'serve') accepted(() => readEphemeralOptions(call.options as never), isUsageError)
    if (name !== 'import onetime-secret') return
    const options = { ...call.options, 'site-secret-file': FILE, 'previous-site-secret-file': [FILE] }
    const parsed = accepted(() => parseImport(options as unknown as ImportOptions), isUsageError)
    assert.ok(parsed === undefined || parsed.address.form === 'single')
  },
}
