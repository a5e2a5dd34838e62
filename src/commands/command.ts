/** An option of a command: its `parseArgs` configuration, and its documentation. */
export interface Option {
  readonly type: 'string' | 'boolean'
  readonly multiple?: boolean
  /** The placeholder for the value in usage. */
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

type ArgumentValue<Name> = Name extends `[${string}]` ? string | undefined : string

/** The parsed options, by name. */
export type OptionValues<Rows extends Options> = {
  readonly [Name in keyof Rows]: Rows[Name] extends { required: true }
    ? OptionValue<Rows[Name]>
    : OptionValue<Rows[Name]> | undefined
}

/** One command: its syntax, its documentation and its code. */
export interface Command<
  Names extends readonly string[] = readonly string[],
  Rows extends Options = Options,
> {
  /** One word, or two for a subcommand. */
  readonly name: string
  /** The placeholders for the arguments in usage. Those in brackets, at the end, may be left out. */
  readonly arguments: Names
  readonly options: Rows
  /** One line in the imperative, without a full stop. */
  readonly summary: string
  /**
   * Runs the command.
   *
   * @param args One for each name in `arguments`, as far as they are given.
   * @returns The exit status.
   * @throws CommandError when the command fails.
   */
  run(
    args: { readonly [Index in keyof Names]: ArgumentValue<Names[Index]> },
    options: OptionValues<Rows>,
  ): Promise<number>
}

/** Types a row of the table, so that its `run` can use only the arguments and options that the row declares. */
export function command<const Names extends readonly string[], const Rows extends Options>(
  row: Command<Names, Rows>,
): Command {
  return row as unknown as Command
}
