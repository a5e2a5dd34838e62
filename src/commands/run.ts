import { VERSION } from '../version.ts'
import type { Command } from './command.ts'
import { CommandError, explain, UsageError } from './errors.ts'
import { watchOutput } from './output-errors.ts'
import { parseCall, parseGlobal } from './parse.ts'
import { commands } from './table.ts'
import { help, helpOnGroup, overview, usage } from './usage.ts'

const DEFAULT_COMMAND = 'serve'

/**
 * Runs a command line. All errors are printed here, each line prefixed with the program's name.
 *
 * @param args The command line after the program's name.
 * @returns The exit status: 0 on success, 1 on failure, 2 for incorrect usage.
 */
export async function run(args: readonly string[]): Promise<number> {
  const words = args.length === 0 ? [DEFAULT_COMMAND] : args
  const assertPrinted = watchOutput()
  try {
    const status = await runWords(words)
    await assertPrinted()
    return status
  } catch (error) {
    process.stderr.write(`emberlink: ${explain(error).replaceAll('\n', '\nemberlink: ')}\n`)
    if (error instanceof UsageError) process.stderr.write(usageOf(words))
    return error instanceof CommandError ? error.exitStatus : 1
  }
}

async function runWords(words: readonly string[]): Promise<number> {
  if (words[0] === 'help') return print(helpOn(words.slice(1)))
  if (words[0]?.startsWith('-')) {
    return print(parseGlobal(words) === 'version' ? `${VERSION}\n` : overview(commands))
  }
  return runCommand(words)
}

async function runCommand(words: readonly string[]): Promise<number> {
  const { command, group, rest } = select(words)
  if (command !== undefined) {
    const call = parseCall(command, rest)
    return call.help ? print(help(command)) : command.run(call.args, call.options)
  }
  const [word] = rest
  if (group.length === 0) throw new UsageError(`unknown command ${words[0]}`)
  if (word === undefined) throw new UsageError('missing subcommand')
  if (word !== '-h' && word !== '--help') throw new UsageError(`unknown subcommand ${word}`)
  return print(helpOnGroup(group))
}

function helpOn(words: readonly string[]): string {
  const [first] = words
  if (first === undefined || ['help', '--help', '-h'].includes(first)) return overview(commands)
  const { command, group, rest } = select(words)
  if (group.length === 0) throw new UsageError(`unknown command ${words[0]}`)
  if (rest.length > 0) throw new UsageError('too many arguments')
  return command === undefined ? helpOnGroup(group) : help(command)
}

/** The command that a line names, the commands with the same first word, and the words after the name. */
interface Selection {
  readonly command: Command | undefined
  readonly group: readonly Command[]
  readonly rest: readonly string[]
}

function select(words: readonly string[]): Selection {
  const [first, second] = words
  const group = commands.filter(({ name }) => name.split(' ', 1)[0] === first)
  const named = (name: string | undefined) => group.find((command) => command.name === name)
  const command = named(`${first} ${second}`) ?? named(first)
  return { command, group, rest: words.slice(command?.name.split(' ').length ?? 1) }
}

function usageOf(words: readonly string[]): string {
  const { command, group } = select(words[0] === 'help' ? words.slice(1) : words)
  if (group.length === 0) return overview(commands)
  return `${usage(command === undefined ? group : [command])}\n`
}

function print(text: string): 0 {
  process.stdout.write(text)
  return 0
}
