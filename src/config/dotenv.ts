// NAME=value with the value in quotes, or bare and then without blanks before, quotes at the front or a `#` inside.
const LINE =
  /^\s*(?:export\s+)?(?<name>[A-Za-z_]\w*)\s*=\s*(?:"(?<double>[^"\\]*)"|'(?<single>[^']*)'|(?<bare>[^\s"'`#][^#]*?|))\s*(?:(?<=[\s"'])#.*)?$/

/** What a `.env` file says. */
export interface Dotenv {
  readonly values: ReadonlyMap<string, string>
  /** One line for each line of the file that is not understood. */
  readonly faults: readonly string[]
}

/**
 * Reads the `.env` format, one setting a line. Node's `util.parseEnv` gives the same for every line accepted here,
 * but passes over a line without `=`, joins it with the next one, and cuts a bare value at a `#`: a token or a
 * setting would be lost without a word.
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
        `.env line ${index + 1}: takes NAME=value; a value with # or quotes inside stands in quotes`,
      )
    } else if (values.has(name)) {
      faults.push(`.env line ${index + 1}: ${name} is set on an earlier line too`)
    } else {
      values.set(name, double ?? single ?? bare ?? '')
    }
  }
  return { values, faults }
}
