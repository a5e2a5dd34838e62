/** A colour: red, green and blue, each from 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number]

/** The background of the pages, as in style/theme.css. */
export const GROUND = { light: '#f7f5f2', dark: '#181513' } as const

/** White. */
export const WHITE: Rgb = [255, 255, 255]

const BLACK: Rgb = [0, 0, 0]

// The text backgrounds in style/theme.css with the least contrast: the darkest light one and the lightest dark one.
const LIGHT_BACKGROUND = parseColour('#f1eeea')
const DARK_BACKGROUND = parseColour('#2b2723')

// WCAG 2.2, success criterion 1.4.3 requires 4.5; the rest is for rounding.
const READABLE = 4.6

/**
 * Returns CSS custom properties that keep any accent readable: `--accent` as a background, `--on-accent` for text on it, and
 * `--accent-ink` for text in that colour on light and dark pages.
 *
 * @param accent Any colour, as `#rrggbb`.
 */
export function accentStyle(accent: string): string {
  const colour = parseColour(accent)
  const onAccent = contrast(colour, WHITE) >= READABLE ? WHITE : better(colour)
  return [
    `:root{--accent:${hex(colour)};--on-accent:${hex(onAccent)};--accent-ink:${hex(inkOn(LIGHT_BACKGROUND, colour, BLACK))}}`,
    `@media(prefers-color-scheme:dark){:root{--accent-ink:${hex(inkOn(DARK_BACKGROUND, colour, WHITE))}}}`,
  ].join('\n')
}

function better(background: Rgb): Rgb {
  return contrast(background, WHITE) > contrast(background, BLACK) ? WHITE : BLACK
}

/** Returns the colour, mixed with just enough black or white to be readable. */
function inkOn(background: Rgb, colour: Rgb, towards: Rgb): Rgb {
  for (let share = 0; share < 1; share += 0.02) {
    const mixed = mix(colour, towards, share)
    if (contrast(mixed, background) >= READABLE) return mixed
  }
  return towards
}

function mix([r1, g1, b1]: Rgb, [r2, g2, b2]: Rgb, share: number): Rgb {
  const between = (a: number, b: number) => Math.round(a + (b - a) * share)
  return [between(r1, r2), between(g1, g2), between(b1, b2)]
}

/** Returns the contrast ratio of WCAG 2.2, from 1 to 21. */
function contrast(a: Rgb, b: Rgb): number {
  const [darker, lighter] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number]
  return (lighter + 0.05) / (darker + 0.05)
}

/** Returns the relative luminance of WCAG 2.2, from 0 to 1. */
function luminance([red, green, blue]: Rgb): number {
  const linear = (value: number) =>
    value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

/** Parses a colour, as `#rrggbb`. */
export function parseColour(text: string): Rgb {
  const number = Number.parseInt(text.slice(1), 16)
  return [number >> 16, (number >> 8) & 255, number & 255]
}

function hex(colour: Rgb): string {
  return `#${colour.map((value) => value.toString(16).padStart(2, '0')).join('')}`
}
