import { parseColour, WHITE } from '../colour.ts'
import { encodeIco } from './ico.ts'
import { type Outline, parseOutline, roundedSquare } from './outline.ts'
import { blankPicture, fill } from './paint.ts'
import { encodePng, squarePngSize } from './png.ts'

const FAVICON_SIZE = 32
const TOUCH_SIZE = 180

/** What the icons of a site are made of. */
export interface IconSource {
  /** The built-in icon, an SVG: a square with round corners in the colour `currentColor`, and a white path on it. */
  readonly drawing: string
  /** `#rrggbb`. */
  readonly accent: string
  readonly logo: { readonly bytes: Buffer; readonly type: 'svg' | 'png' } | undefined
}

/** The icons of a site. Those made of pixels are drawn when a client first asks for one, because few do. */
export interface SiteIcons {
  readonly main: { readonly bytes: Buffer; readonly type: 'svg' | 'png' }
  /** Pixels on each side of the main icon; undefined for any. */
  readonly mainSize: number | undefined
  /** Returns an ICO, for clients that look for no other format. */
  readonly favicon: () => Buffer
  /** Returns a PNG for home screens, which cut off its corners. */
  readonly touch: () => Buffer
  /** Pixels on each side of that PNG. */
  readonly touchSize: number
}

/**
 * Returns the icons of a site: its logo if that is square, else the built-in icon in the accent. Only a browser can draw a logo
 * that is an SVG, so the icons made of pixels are then a bare square in the accent.
 */
export function siteIcons({ drawing, accent, logo }: IconSource): SiteIcons {
  const size = logo?.type === 'png' ? squarePngSize(logo.bytes) : undefined
  if (logo !== undefined && size !== undefined) {
    const [favicon, touch] = [() => encodeIco(logo.bytes, size), () => logo.bytes]
    return { main: logo, mainSize: size, favicon, touch, touchSize: size }
  }
  const isLogo = logo?.type === 'svg' && isSquareSvg(logo.bytes)
  const builtIn = { bytes: Buffer.from(drawing.replaceAll('currentColor', accent)), type: 'svg' } as const
  const draw = (size: number, corner: number) => {
    const shape = isLogo ? [] : parseOutline(attributeOf(drawing, 'd'))
    return drawIcon({ size, units: Number(attributeOf(drawing, 'width')), corner, shape, accent })
  }
  return {
    main: isLogo ? logo : builtIn,
    mainSize: undefined,
    favicon: () => encodeIco(draw(FAVICON_SIZE, Number(attributeOf(drawing, 'rx'))), FAVICON_SIZE),
    touch: () => draw(TOUCH_SIZE, 0),
    touchSize: TOUCH_SIZE,
  }
}

/** How to draw an icon. */
interface Drawing {
  /** Pixels on each side. */
  readonly size: number
  /** Units of the outlines on each side. */
  readonly units: number
  /** Radius of the corners, in units. */
  readonly corner: number
  readonly shape: Outline
  readonly accent: string
}

function drawIcon({ size, units, corner, shape, accent }: Drawing): Buffer {
  const picture = blankPicture(size)
  fill(picture, roundedSquare(units, corner), size / units, parseColour(accent))
  fill(picture, shape, size / units, WHITE)
  return encodePng(picture)
}

function isSquareSvg(bytes: Buffer): boolean {
  const [root = ''] = /<svg\b[^>]*>/.exec(bytes.toString()) ?? []
  const [, , width, height] = attributeOf(root, 'viewBox').split(/[\s,]+/)
  return width !== undefined && Number(width) === Number(height)
}

function attributeOf(markup: string, name: string): string {
  return new RegExp(`\\s${name}="([^"]*)"`).exec(markup)?.[1]?.trim() ?? ''
}
