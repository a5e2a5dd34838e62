/** Changes to a text, by their places in the original. */
export class Edits {
  readonly #text: string
  readonly #before = new Map<number, string>()
  readonly #after = new Map<number, string>()
  readonly #replaced = new Map<number, { readonly end: number; readonly by: string }>()

  /** Begins with no change. @param text The original. */
  constructor(text: string) {
    this.#text = text
  }

  /** Inserts a text before what begins at a place; a later one goes further in. */
  before(place: number, text: string): void {
    this.#before.set(place, (this.#before.get(place) ?? '') + text)
  }

  /** Inserts a text after what ends at a place; a later one goes further in. */
  after(place: number, text: string): void {
    this.#after.set(place, text + (this.#after.get(place) ?? ''))
  }

  /** Replaces a range. */
  replace(start: number, end: number, by: string): void {
    this.#replaced.set(start, { end, by })
  }

  /** Returns the changed text. */
  apply(): string {
    const places = new Set([...this.#before.keys(), ...this.#after.keys(), ...this.#replaced.keys()])
    let changed = ''
    let copied = 0
    for (const place of [...places].sort((a, b) => a - b)) {
      changed += this.#text.slice(copied, place) + (this.#after.get(place) ?? '')
      copied = place
      const replaced = this.#replaced.get(place)
      if (replaced !== undefined) {
        changed += replaced.by
        copied = replaced.end
      }
      // What is replaced is never empty, so the next thing begins at another place.
      changed += this.#before.get(place) ?? ''
    }
    return changed + this.#text.slice(copied)
  }
}
