import { type ParseArgsConfig, parseArgs } from 'node:util'
import type { Command, OptionValues } from './command.ts'
import { UsageError } from './errors.ts'

const HELP = { type: 'boolean', short: 'h' } as const

/** What a command line asks of a command. */
export interface Call {
  readonly help: boolean
  readonly args: readonly string[]
  readonly options: OptionValues<Command['options']>
}

/**
 * Parses what follows the name of a command.
 *
 * @returns As many arguments as the command names, and its options; none of either when help is asked for.
 * @throws UsageError when an option or argument is unknown, malformed or missing.
 */
export function parseCall(command: Command, words: readonly string[]): Call {
  const { values, positionals } = parse(words, { ...command.options, help: HELP })
  const { help, ...options } = values
  if (help === true) return { help, args: [], options: {} }
  for (const [name, { required, value }] of Object.entries(command.options)) {
    if (required && options[name] === undefined) throw new UsageError(`missing option --${name} ${value}`)
  }
  const missing = command.arguments[positionals.length]
  if (missing !== undefined) throw new UsageError(`missing argument ${missing}`)
  rejectMoreThan(command.arguments.length, positionals)
  return { help: false, args: positionals, options: options as Call['options'] }
}

/**
 * Parses a command line that names no command.
 *
 * @throws UsageError when it asks for anything but help or the version.
 */
export function parseGlobal(words: readonly string[]): 'help' | 'version' {
  const { values, positionals } = parse(words, { help: HELP, version: { type: 'boolean' } })
  rejectMoreThan(0, positionals)
  if (values['help'] === values['version']) throw new UsageError('expected a command, --help or --version')
  return values['version'] === true ? 'version' : 'help'
}

function parse(words: readonly string[], options: NonNullable<ParseArgsConfig['options']>) {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true })
  } catch (error) {
    throw new UsageError(reasonOf(error as Error))
  }
}

// An argument may be an API token in the wrong place, so none is quoted.
function rejectMoreThan(count: number, args: readonly string[]): void {
  if (args.length > count) throw new UsageError('too many arguments')
}

// After the reason, node:util goes on with advice on how to pass such text as an argument.
function reasonOf({ message }: Error): string {
  const [reason = message] = message.split(/\n|\. /, 1)
  return reason.charAt(0).toLowerCase() + reason.slice(1)
}
