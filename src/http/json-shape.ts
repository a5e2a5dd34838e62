const MAX_VALUES = 1000
const MAX_DEPTH = 20

const [QUOTE, BACKSLASH, COMMA, OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = Buffer.from('"\\,{}[]')

/**
 * Tells what is excessive about JSON before it is parsed, which would take a hundred times as long: its depth or the number
 * of its values. Undefined for JSON of a reasonable shape; whether it is valid is for the parser to tell.
 *
 * @param json In UTF-8. In it, no byte of a longer character equals one of ASCII.
 */
export function excessiveShape(json: Buffer): string | undefined {
  let depth = 0
  let values = 0
  for (let i = 0; i < json.length; i += 1) {
    switch (json[i]) {
      case QUOTE:
        i += 1
        while (i < json.length && json[i] !== QUOTE) i += json[i] === BACKSLASH ? 2 : 1
        break
      case OPEN_OBJECT:
      case OPEN_ARRAY:
        depth += 1
        values += 1
        if (depth > MAX_DEPTH) return `JSON nested more than ${MAX_DEPTH} levels deep`
        break
      case CLOSE_OBJECT:
      case CLOSE_ARRAY:
        depth -= 1
        break
      case COMMA:
        values += 1
        break
    }
    if (values > MAX_VALUES) return `more than ${MAX_VALUES} values in JSON`
  }
  return undefined
}
