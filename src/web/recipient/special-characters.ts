// Letters and marks of the scripts in which a joiner changes the form of its neighbours.
const JOINED = ['Arab', 'Syrc', 'Nkoo', 'Mong', 'Deva', 'Beng', 'Guru', 'Gujr', 'Orya', 'Taml', 'Telu']
  .concat(['Knda', 'Mlym', 'Sinh', 'Khmr', 'Mymr', 'Tibt'])
  .map((script) => `\\p{Script=${script}}`)
  .join('')

const NARROW_SPACES = '\\u00a0\\u2007\\u2009\\u202f'

// Where characters that may deceive belong to the text: Windows line breaks, emoji, joined scripts, variants of ideographs, and
// the spaces of French punctuation and of numbers.
const EXPECTED = [
  '\\r\\n',
  '\\p{RGI_Emoji}',
  '\\p{Extended_Pictographic}[\\ufe0e\\ufe0f]',
  `(?<=[${JOINED}])[\\u200c\\u200d](?=[${JOINED}])`,
  '\\p{Script=Han}[\\ufe00-\\ufe0f\\u{e0100}-\\u{e01ef}]',
  '\\p{Script=Mong}[\\u180b-\\u180f]',
  `(?<=[«\\d])[${NARROW_SPACES}]`,
  `[${NARROW_SPACES}](?=[»:;!?%€°])`,
].join('|')

// Invisible characters, controls, and what looks like a space. Default_Ignorable_Code_Point (UAX 44) has the zero-width
// characters, the direction controls, the soft hyphen, the byte order mark, and the tags.
const SPECIAL =
  '[[\\p{Default_Ignorable_Code_Point}\\p{Cc}\\p{Zl}\\p{Zp}\\p{Zs}\\u2800\\ufff9-\\ufffb]--[\\t\\n \\u3000]]'

// The compiler rejects a literal with this flag, which Node.js 20 has.
const CHARACTER = new RegExp(`(?:${EXPECTED})|(?<special>${SPECIAL})`, 'gv')

// Limits the work of the server and the size of the page. Nobody reads the marks of a text that has more.
const MAX_RUNS = 10_000

/** A part of a text. */
export interface Part {
  readonly text: string
  /** Whether all its characters are invisible, change the direction, or look like a space without being one. */
  readonly special: boolean
}

/**
 * Splits a text into runs of special characters and what is between them. Characters where they belong are not special: a
 * joiner inside an emoji, or a no-break space before a French colon.
 *
 * @param value Of any size. Beyond 10,000 runs, special characters are not told apart.
 * @returns The parts, which together are the text.
 */
export function splitSpecial(value: string): Part[] {
  const parts: Part[] = []
  let end = 0
  for (const [start, stop] of runsOf(value)) {
    if (start > end) parts.push({ text: value.slice(end, start), special: false })
    parts.push({ text: value.slice(start, stop), special: true })
    end = stop
  }
  if (end < value.length) parts.push({ text: value.slice(end), special: false })
  return parts
}

function runsOf(value: string): [start: number, stop: number][] {
  const runs: [start: number, stop: number][] = []
  for (const { index, 0: text, groups } of value.matchAll(CHARACTER)) {
    if (groups?.['special'] === undefined) continue
    const last = runs.at(-1)
    if (last?.[1] === index) last[1] += text.length
    else if (runs.length === MAX_RUNS) break
    else runs.push([index, index + text.length])
  }
  return runs
}
