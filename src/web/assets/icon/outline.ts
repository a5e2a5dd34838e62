/** A point of an outline, in units of the drawing. */
export type Point = readonly [x: number, y: number]

/** A closed line of straight edges. */
export type Outline = readonly Point[]

const EDGES_PER_CURVE = 12
const COMMAND = /([McsZ])([^McsZ]*)/g
const NUMBER = /-?(?:\d+\.?\d*|\.\d+)/g

/**
 * Reads the outline of an SVG path of cubic curves (SVG 2 section 9.3), each as a few straight edges.
 *
 * @param d One closed path of the commands `M`, `c`, `s` and `Z`.
 */
export function parseOutline(d: string): Outline {
  let at: Point = [0, 0]
  // Relative to `at`: what `s` mirrors.
  let lastControl: Point = [0, 0]
  const outline: Point[] = []
  const curve = (control1: Point, control2: Point, end: Point) => {
    const [x, y] = at
    for (let edge = 1; edge <= EDGES_PER_CURVE; edge++) {
      const t = edge / EDGES_PER_CURVE
      const along = (axis: 0 | 1) =>
        3 * (1 - t) ** 2 * t * control1[axis] + 3 * (1 - t) * t ** 2 * control2[axis] + t ** 3 * end[axis]
      outline.push([x + along(0), y + along(1)])
    }
    at = [x + end[0], y + end[1]]
    lastControl = [control2[0] - end[0], control2[1] - end[1]]
  }
  for (const [, command, text = ''] of d.matchAll(COMMAND)) {
    const points = pointsOf(text)
    if (command === 'M') at = points[0] ?? at
    while (command === 'c' && points.length > 0) curve(next(points), next(points), next(points))
    while (command === 's' && points.length > 0) {
      curve([-lastControl[0], -lastControl[1]], next(points), next(points))
    }
  }
  return outline
}

/** Returns the outline of a square with round corners. */
export function roundedSquare(size: number, radius: number): Outline {
  const centres = [
    [size - radius, size - radius],
    [radius, size - radius],
    [radius, radius],
    [size - radius, radius],
  ] as const
  return centres.flatMap(([x, y], corner) =>
    Array.from({ length: EDGES_PER_CURVE + 1 }, (_, edge): Point => {
      const angle = ((corner + edge / EDGES_PER_CURVE) * Math.PI) / 2
      return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)]
    }),
  )
}

function pointsOf(text: string): Point[] {
  const numbers = (text.match(NUMBER) ?? []).map(Number)
  return numbers.flatMap((x, index) => (index % 2 === 0 ? [[x, numbers[index + 1] ?? 0] as const] : []))
}

function next(points: Point[]): Point {
  return points.shift() ?? [0, 0]
}
