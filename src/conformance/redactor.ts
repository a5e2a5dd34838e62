const MAXIMUM_SHOWN = 160
/** Longer ones are not worth the time that it takes to look for what is hidden. */
const MAXIMUM_READ = 256 * 1024
/** As long as no word is, and shorter than every key and token. */
const LIKE_A_KEY = /[A-Za-z0-9]{20,}/g
/** Fields whose values are keys, secrets or links. */
const SENSITIVE = /^(value|secret_value|key|.*_key|.*identifier|.*shortkey|.*shortid|.*_(url|path)|memo)$/

/** Characters that a terminal obeys, or that change the order in which others are read; JSON escapes only the lowest. */
const INVISIBLE = /[\p{Cc}\p{Cf}\u2028\u2029]/gu

/** Writes what came for a person and a log, without keys, secrets and tokens. */
export class Redactor {
  readonly #sensitive = new Set<string>()

  /** Never shows a text from now on. Too short ones are not sensitive: they would match anywhere. */
  hide(text: string | undefined): void {
    if (text !== undefined && text.length >= 4) this.#sensitive.add(text)
  }

  /** Returns a text without what was hidden, and without whatever looks like a key. */
  text(text: string): string {
    let shown = text
    for (const hidden of this.#sensitive) {
      for (const form of formsOf(hidden)) shown = shown.replaceAll(form, '(hidden)')
    }
    return shown.replaceAll(LIKE_A_KEY, '(hidden)')
  }

  /** Returns a value as JSON on one line, cut to a readable length. */
  value(value: unknown): string {
    if (value === undefined) return 'nothing'
    const json = jsonOf(value)
    if (json === undefined) return 'JSON that is nested too deeply'
    if (json.length > MAXIMUM_READ) return `JSON of ${json.length} characters`
    const shown = this.text(json).replaceAll(INVISIBLE, escapeCharacter)
    return shown.length > MAXIMUM_SHOWN ? `${shown.slice(0, MAXIMUM_SHOWN)}…` : shown
  }
}

/** Returns a text as it is, in JSON and in a URL. */
function formsOf(text: string): Set<string> {
  return new Set([text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text)])
}

function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value, (field, inner: unknown) =>
      SENSITIVE.test(field) && typeof inner === 'string' && inner !== '' ? '(hidden)' : inner,
    )
  } catch {
    return undefined
  }
}

function escapeCharacter(character: string): string {
  return [...Array(character.length).keys()]
    .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
    .join('')
}
