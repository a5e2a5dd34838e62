import { Rejection, type ValueType } from './value-types.ts'

const MAX_CHARACTERS = 500

/** The operator's plain text at the top of every page. */
export const siteNotice: ValueType<string> = {
  accepts: `1 to ${MAX_CHARACTERS} characters in one line, without a blank at either end`,
  parse: (text) => {
    const characters = Array.from(text).length
    if (characters > MAX_CHARACTERS) throw new Rejection(`has ${characters} characters`)
    if (/\p{Cc}/u.test(text)) throw new Rejection('has a line break or another control character')
    if (text === '' || text !== text.trim()) throw new Rejection()
    return text
  },
}
