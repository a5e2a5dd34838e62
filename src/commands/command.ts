/** An option of a command, as `parseArgs` of node:util reads it, and as usage shows it. */
export interface Option {
  readonly type: 'string' | 'boolean'
  readonly multiple?: boolean
  /** What usage calls the value. */
  readonly value?: string
  readonly required?: boolean
  readonly summary: string
}

type Options = Readonly<Record<string, Option>>

type OptionValue<Row extends Option> = Row extends { type: 'boolean' }
  ? boolean
  : Row extends { multiple: true }
    ? string[]
    : string

/** The options that were given, by name. */
export type OptionValues<Rows extends Options> = {
  readonly [Name in keyof Rows]: Rows[Name] extends { required: true }
    ? OptionValue<Rows[Name]>
    : OptionValue<Rows[Name]> | undefined
}

/** One command: everything that parses it, documents it and runs it. */
export interface Command<
  Names extends readonly string[] = readonly string[],
  Rows extends Options = Options,
> {
  /** One word, or two for a subcommand. */
  readonly name: string
  /** What usage calls the arguments. All of them are required. */
  readonly arguments: Names
  readonly options: Rows
  /** What it does: one line, in the imperative. */
  readonly summary: string
  /**
   * Runs the command.
   *
   * @param args One for each name in `arguments`.
   * @returns The exit status.
   * @throws CommandError when it cannot be carried out.
   */
  run(args: { readonly [Index in keyof Names]: string }, options: OptionValues<Rows>): Promise<number>
}

/** Checks that a row of the table reads only the arguments and options that it declares. */
export function command<const Names extends readonly string[], const Rows extends Options>(
  row: Command<Names, Rows>,
): Command {
  return row as unknown as Command
}
