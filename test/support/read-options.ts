import { type ParseArgsConfig, parseArgs } from 'node:util'

type Options = NonNullable<ParseArgsConfig['options']>
type Values<T extends Options> = ReturnType<typeof parseArgs<{ options: T }>>['values']

/**
 * Reads the command line of a program. Prints the usage and ends the process: with 0 after `--help`, with 2 after anything that is
 * not among the options.
 *
 * @param options As `parseArgs` takes them, without `help`.
 */
export function readOptions<const T extends Options>(
  options: T,
  usage: string,
  args: readonly string[] = process.argv.slice(2),
): Values<T> {
  if (args.includes('--help')) {
    process.stdout.write(`${usage}\n`)
    process.exit(0)
  }
  try {
    return parseArgs({ options, args: [...args] }).values as Values<T>
  } catch (error) {
    const [message = ''] = (error as Error).message.split(/\. |\n/)
    return refuse(message, usage)
  }
}

/** Ends the process with 2 unless a value is among the accepted ones, which it lists. @param option Such as `--setting`. */
export function assertAccepted(option: string, value: string, accepted: readonly string[]): void {
  if (!accepted.includes(value)) refuse(`${option} ${value}: must be one of ${accepted.join(', ')}`)
}

/** Which numbers an option takes. */
interface Range {
  readonly minimum?: number
  readonly maximum?: number
  /** Whether it takes fractions. */
  readonly fractions?: boolean
}

/** Returns the number that an option has for a value, and ends the process with 2 when it is out of its range. */
export function numberOf(
  option: string,
  value: string,
  { minimum = -Infinity, maximum = Infinity, fractions = false }: Range = {},
): number {
  const number = value.trim() === '' ? Number.NaN : Number(value)
  const isRight = fractions ? Number.isFinite(number) : Number.isInteger(number)
  if (isRight && number >= minimum && number <= maximum) return number
  const kind = fractions ? 'a number' : 'a whole number'
  const least = minimum === -Infinity ? '' : ` of at least ${minimum}`
  const range = maximum === Infinity ? least : ` from ${minimum} to ${maximum}`
  return refuse(`${option} ${value}: must be ${kind}${range}`)
}

/** Says on stderr what is wrong with the command line, and ends the process with 2. */
export function refuse(...lines: readonly string[]): never {
  process.stderr.write(`${lines.join('\n')}\n`)
  process.exit(2)
}
