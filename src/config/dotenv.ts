// NAME=value with the value quoted, or bare and then without a leading blank, a leading quote or a `#`.
const LINE =
  /^\s*(?:export\s+)?(?<name>[A-Za-z_]\w*)\s*=\s*(?:"(?<double>[^"\\]*)"|'(?<single>[^']*)'|(?<bare>[^\s"'`#][^#]*?|))\s*(?:(?<=[\s"'])#.*)?$/

/** The content of a `.env` file. */
export interface Dotenv {
  readonly values: ReadonlyMap<string, string>
  /** One line for each malformed line of the file. */
  readonly faults: readonly string[]
}

/**
 * Parses the `.env` format, one setting a line. Node's `util.parseEnv` gives the same for every line accepted here,
 * but joins a line without `=` with the next one, and cuts a bare value at a `#`: a token or a setting would be lost
 * silently.
 *
 * @param text The file, with any line ends.
 * @returns The values by name, and the faults by line number; they quote nothing of the file.
 */
export function parseDotenv(text: string): Dotenv {
  const values = new Map<string, string>()
  const faults: string[] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(#.*)?$/.test(line)) continue
    const { name, double, single, bare } = LINE.exec(line)?.groups ?? {}
    if (name === undefined) {
      faults.push(
        `.env line ${index + 1}: takes NAME=value; a value that contains # or quotes must be quoted`,
      )
    } else if (values.has(name)) {
      faults.push(`.env line ${index + 1}: ${name} is already set on an earlier line`)
    } else {
      values.set(name, double ?? single ?? bare ?? '')
    }
  }
  return { values, faults }
}
