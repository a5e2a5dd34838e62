import type { Rgb } from '../colour.ts'
import type { Outline } from './outline.ts'

const LINES_PER_PIXEL = 4

/** Bytes of a pixel. */
export const CHANNELS = 4

/** A square picture. */
export interface Picture {
  /** Pixels on each side. */
  readonly size: number
  /** Red, green, blue and alpha of each pixel, row by row. */
  readonly pixels: Buffer
}

/** Creates a transparent picture. */
export function blankPicture(size: number): Picture {
  return { size, pixels: Buffer.alloc(size * size * CHANNELS) }
}

/**
 * Fills an outline with a colour.
 *
 * @param scale Pixels per unit of the outline.
 */
export function fill({ size, pixels }: Picture, outline: Outline, scale: number, colour: Rgb): void {
  const covered = coverage(outline, scale, size)
  for (let index = 0; index < covered.length; index++) {
    const share = Math.min(1, covered[index] ?? 0)
    if (share === 0) continue
    const at = index * CHANNELS
    const below = ((pixels[at + 3] ?? 0) / 255) * (1 - share)
    const alpha = share + below
    for (let channel = 0; channel < 3; channel++) {
      const mixed = (colour[channel] ?? 0) * share + (pixels[at + channel] ?? 0) * below
      pixels[at + channel] = Math.round(mixed / alpha)
    }
    pixels[at + 3] = Math.round(alpha * 255)
  }
}

/** Returns the share of each pixel that is inside an outline, from 0 to 1 but for rounding. */
function coverage(outline: Outline, scale: number, size: number): Float64Array {
  const covered = new Float64Array(size * size)
  for (let line = 0; line < size * LINES_PER_PIXEL; line++) {
    const row = Math.floor(line / LINES_PER_PIXEL) * size
    const crossings = crossingsAt(outline, (line + 0.5) / LINES_PER_PIXEL / scale)
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const from = Math.max(0, (crossings[i] ?? 0) * scale)
      const to = Math.min(size, (crossings[i + 1] ?? 0) * scale)
      for (let x = Math.floor(from); x < to; x++) {
        const inside = Math.min(to, x + 1) - Math.max(from, x)
        covered[row + x] = (covered[row + x] ?? 0) + inside / LINES_PER_PIXEL
      }
    }
  }
  return covered
}

/** Returns where the edges of an outline cross a horizontal line, from left to right. */
function crossingsAt(outline: Outline, y: number): number[] {
  const crossings: number[] = []
  let before = outline.at(-1)
  for (const point of outline) {
    if (before !== undefined && before[1] <= y !== point[1] <= y) {
      const along = (y - before[1]) / (point[1] - before[1])
      crossings.push(before[0] + along * (point[0] - before[0]))
    }
    before = point
  }
  return crossings.sort((a, b) => a - b)
}
