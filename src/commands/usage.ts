import type { Command, Option } from './command.ts'

const HELP_OPTION = ['-h, --help', 'Print this help'] as const
const VERSION_OPTION = ['--version', 'Print the version'] as const

/** Returns the syntax of a command, on one line. */
function synopsis({ name, arguments: names, options }: Command): string {
  const rows = Object.entries(options)
  const required = rows.filter(([, { required }]) => required).map(flag)
  const optional = rows.some(([, { required }]) => !required) ? ['[OPTIONS]'] : []
  return ['emberlink', name, ...required, ...optional, ...names].join(' ')
}

/** Returns the help text of the program. */
export function overview(commands: readonly Command[]): string {
  return [
    'Usage: emberlink [COMMAND]',
    section('Commands', [...commands.map(summaryRow), ['help [COMMAND]', 'Print the help of a command']]),
    section('Options', [HELP_OPTION, VERSION_OPTION]),
    'Settings come from the environment and from .env; see .env.example.\n',
  ].join('\n\n')
}

/** Returns the help text of a command. */
export function help(command: Command): string {
  const options = Object.entries(command.options).map((row) => [flag(row), row[1].summary] as const)
  return [usage([command]), `${command.summary}.`, `${section('Options', [...options, HELP_OPTION])}\n`].join(
    '\n\n',
  )
}

/** Returns the help text of commands with the same first word. */
export function helpOnGroup(commands: readonly Command[]): string {
  return `Usage: emberlink COMMAND\n\n${section('Commands', commands.map(summaryRow))}\n`
}

/** Returns the usage of commands, one line each. */
export function usage(commands: readonly Command[]): string {
  return commands
    .map((command, index) => `${index === 0 ? 'Usage:' : '      '} ${synopsis(command)}`)
    .join('\n')
}

function summaryRow(command: Command): readonly [string, string] {
  return [synopsis(command).replace('emberlink ', '').replace(' [OPTIONS]', ''), command.summary]
}

function flag([name, { value }]: readonly [string, Option]): string {
  return value === undefined ? `--${name}` : `--${name} ${value}`
}

function section(title: string, rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length))
  return [`${title}:`, ...rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`)].join('\n')
}
