import { type ParseArgsConfig, parseArgs } from 'node:util'
import type { Command, OptionValues } from './command.ts'
import { UsageError } from './errors.ts'

const HELP = { type: 'boolean', short: 'h' } as const

/** A parsed call of a command. */
export interface Call {
  readonly help: boolean
  readonly args: readonly string[]
  readonly options: OptionValues<Command['options']>
}

/**
 * Parses the words after the name of a command.
 *
 * @returns All arguments and options of the command; none when help is requested.
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
  if (missing !== undefined && !missing.startsWith('[')) throw new UsageError(`missing argument ${missing}`)
  rejectMoreThan(command.arguments.length, positionals)
  return { help: false, args: positionals, options: options as Call['options'] }
}

/**
 * Parses a command line that begins with an option instead of a command.
 *
 * @throws UsageError for anything but `--help` or `--version`.
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

// Does not quote the arguments: one may be an API token in the wrong place.
function rejectMoreThan(count: number, args: readonly string[]): void {
  if (args.length > count) throw new UsageError('too many arguments')
}

// Drops the advice that node:util adds after the reason.
function reasonOf({ message }: Error): string {
  const [reason = message] = message.split(/\n|\. /, 1)
  return reason.charAt(0).toLowerCase() + reason.slice(1)
}
