const MAXIMUM_SHOWN = 160
/** As long as no word is, and shorter than every key and token. */
const LIKE_A_KEY = /[A-Za-z0-9]{20,}/g
/** Fields whose values are keys, secrets or links. */
const SENSITIVE = /^(value|secret_value|key|.*_key|.*identifier|.*shortkey|.*shortid|.*_(url|path)|memo)$/

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
      for (const form of [hidden, encodeURIComponent(hidden)]) shown = shown.replaceAll(form, '(hidden)')
    }
    return shown.replaceAll(LIKE_A_KEY, '(hidden)')
  }

  /** Returns a value as JSON, cut to a readable length. */
  value(value: unknown): string {
    if (value === undefined) return 'nothing'
    const json = JSON.stringify(value, (field, inner: unknown) =>
      SENSITIVE.test(field) && typeof inner === 'string' && inner !== '' ? '(hidden)' : inner,
    )
    const shown = this.text(json)
    return shown.length > MAXIMUM_SHOWN ? `${shown.slice(0, MAXIMUM_SHOWN)}…` : shown
  }
}
