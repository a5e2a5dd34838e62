type Rgb = readonly [red: number, green: number, blue: number]

const BLACK: Rgb = [0, 0, 0]
const WHITE: Rgb = [255, 255, 255]

// What text is read on, see public/style.css: the darkest ground of the light pages, the lightest of the dark ones.
const LIGHT_GROUND = parse('#f1eeea')
const DARK_GROUND = parse('#2b2723')

// WCAG 2.2, success criterion 1.4.3, with a little to spare for rounding.
const READABLE = 4.6

/**
 * @param accent `#rrggbb`, any colour.
 * @returns Custom properties of CSS by which the accent stays readable: as a ground with `--on-accent` upon it, and as
 *   `--accent-ink` for text on light and on dark pages.
 */
export function accentStyle(accent: string): string {
  const colour = parse(accent)
  const onAccent = contrast(colour, WHITE) >= READABLE ? WHITE : better(colour)
  return [
    `:root{--accent:${hex(colour)};--on-accent:${hex(onAccent)};--accent-ink:${hex(inkOn(LIGHT_GROUND, colour, BLACK))}}`,
    `@media(prefers-color-scheme:dark){:root{--accent-ink:${hex(inkOn(DARK_GROUND, colour, WHITE))}}}`,
  ].join('\n')
}

function better(ground: Rgb): Rgb {
  return contrast(ground, WHITE) > contrast(ground, BLACK) ? WHITE : BLACK
}

/** @returns The colour, moved towards black or white by as little as makes it readable. */
function inkOn(ground: Rgb, colour: Rgb, towards: Rgb): Rgb {
  for (let share = 0; share < 1; share += 0.02) {
    const mixed = mix(colour, towards, share)
    if (contrast(mixed, ground) >= READABLE) return mixed
  }
  return towards
}

function mix([r1, g1, b1]: Rgb, [r2, g2, b2]: Rgb, share: number): Rgb {
  const between = (a: number, b: number) => Math.round(a + (b - a) * share)
  return [between(r1, r2), between(g1, g2), between(b1, b2)]
}

/** @returns The contrast ratio of WCAG 2.2, from 1 to 21. */
function contrast(a: Rgb, b: Rgb): number {
  const [darker, lighter] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number]
  return (lighter + 0.05) / (darker + 0.05)
}

/** @returns The relative luminance of WCAG 2.2, from 0 to 1. */
function luminance([red, green, blue]: Rgb): number {
  const linear = (value: number) =>
    value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

function parse(text: string): Rgb {
  const number = Number.parseInt(text.slice(1), 16)
  return [number >> 16, (number >> 8) & 255, number & 255]
}

function hex(colour: Rgb): string {
  return `#${colour.map((value) => value.toString(16).padStart(2, '0')).join('')}`
}
