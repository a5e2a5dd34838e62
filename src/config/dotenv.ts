// Matches NAME=value. A value without quotes must not begin with a blank or a quote, or contain a `#`.
const LINE =
  /^\s*(?:export\s+)?(?<name>[A-Za-z_]\w*)\s*=\s*(?:"(?<double>[^"\\]*)"|'(?<single>[^']*)'|(?<bare>[^\s"'`#][^#]*?|))\s*(?:(?<=[\s"'])#.*)?$/

/** The content of a `.env` file. */
export interface Dotenv {
  readonly values: ReadonlyMap<string, string>
  /** One message for each malformed line. */
  readonly faults: readonly string[]
}

/**
 * Parses the `.env` format, one setting per line. Every line accepted here means the same to Node's `util.parseEnv`, unless it
 * has white space other than blanks: Node takes a byte order mark for a part of the name or value, and Node 20 a tab too. Node
 * also joins a line without `=` to the next and cuts a bare value at a `#`, silently losing a setting or part of a token.
 *
 * @param text The file, with any line endings.
 * @returns The values by name, and the faults with their line numbers. Faults quote no values.
 */
export function parseDotenv(text: string): Dotenv {
  const values = new Map<string, string>()
  const faults: string[] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(#.*)?$/.test(line)) continue
    const { name, double, single, bare } = LINE.exec(line)?.groups ?? {}
    // Node drops a carriage return that ends no line.
    if (name === undefined || line.includes('\r')) {
      faults.push(`.env line ${index + 1}: must be NAME=value; quote a value that contains # or quotes`)
    } else if (values.has(name)) {
      faults.push(`.env line ${index + 1}: ${name} is already set on an earlier line`)
    } else {
      values.set(name, double ?? single ?? bare ?? '')
    }
  }
  return { values, faults }
}
