import { DomainError } from '../errors.ts'
import { VERSION } from '../version.ts'
import type { Command } from './command.ts'
import { CommandError, UsageError } from './errors.ts'
import { parseCall, parseGlobal } from './parse.ts'
import { commands } from './table.ts'
import { help, overview, usage } from './usage.ts'

const DEFAULT_COMMAND = 'serve'

/**
 * Runs a command line. What goes wrong is written here and nowhere else, each line with the program's name in front.
 *
 * @param args What follows the name of the program.
 * @returns The exit status: 0 when done, 1 when the command failed, 2 when it was called wrongly.
 */
export async function run(args: readonly string[]): Promise<number> {
  const words = args.length === 0 ? [DEFAULT_COMMAND] : args
  try {
    if (words[0] === 'help') return print(helpOn(words.slice(1)))
    if (words[0]?.startsWith('-')) {
      return print(parseGlobal(words) === 'version' ? `${VERSION}\n` : overview(commands))
    }
    return await runCommand(words)
  } catch (error) {
    process.stderr.write(`emberlink: ${explain(error).replaceAll('\n', '\nemberlink: ')}\n`)
    if (error instanceof UsageError) process.stderr.write(usageOf(words))
    return error instanceof CommandError ? error.exitStatus : 1
  }
}

async function runCommand(words: readonly string[]): Promise<number> {
  const { named, rest } = select(words)
  const [command, ...siblings] = named
  if (command === undefined) throw new UsageError(`unknown command ${words[0]}`)
  if (siblings.length > 0) {
    const [word] = rest
    if (word === '-h' || word === '--help') return print(help(named))
    throw new UsageError(word === undefined ? 'missing subcommand' : `unknown subcommand ${word}`)
  }
  const call = parseCall(command, rest)
  return call.help ? print(help(named)) : command.run(call.args, call.options)
}

function helpOn(words: readonly string[]): string {
  if (words.length === 0) return overview(commands)
  const { named, rest } = select(words)
  if (named.length === 0) throw new UsageError(`unknown command ${words[0]}`)
  if (rest.length > 0) throw new UsageError('too many arguments')
  return help(named)
}

/** Finds the command that a line names, or all those of a group when it does not say which, or none. */
function select(words: readonly string[]): {
  readonly named: readonly Command[]
  readonly rest: readonly string[]
} {
  const [first, second] = words
  const group = commands.filter(({ name }) => name.split(' ', 1)[0] === first)
  const only = group.find(({ name }) => name === first || name === `${first} ${second}`)
  if (only === undefined) return { named: group, rest: words.slice(1) }
  return { named: [only], rest: words.slice(only.name.split(' ').length) }
}

function usageOf(words: readonly string[]): string {
  const { named } = select(words[0] === 'help' ? words.slice(1) : words)
  return named.length > 0 ? `${usage(named)}\n` : overview(commands)
}

function explain(error: unknown): string {
  if (error instanceof DomainError && error.cause instanceof Error)
    return `${error.code}: ${error.cause.message}`
  return error instanceof Error ? error.message : String(error)
}

function print(text: string): 0 {
  process.stdout.write(text)
  return 0
}
