import { styleText } from 'node:util'
import type { DestinationStream } from 'pino'

type Style = Parameters<typeof styleText>[0]

const LEVELS: Readonly<Record<number, readonly [name: string, style: Style]>> = {
  10: ['TRACE', 'gray'],
  20: ['DEBUG', 'gray'],
  30: ['INFO', 'green'],
  40: ['WARN', 'yellow'],
  50: ['ERROR', 'red'],
  60: ['FATAL', 'red'],
}

/** A line as pino writes it. */
interface Line {
  readonly level: number
  /** Unix milliseconds. */
  readonly time: number
  readonly msg?: string
  /** An error with its stack frames. */
  readonly err?: { readonly at?: readonly string[]; readonly [field: string]: unknown }
  readonly [field: string]: unknown
}

/**
 * Creates a pino destination that turns its JSON into readable lines: `12:00:00 INFO  message field=value`, coloured if the
 * terminal supports it.
 */
export function terminalLines(terminal: NodeJS.WriteStream): DestinationStream {
  const paint = (style: Style, text: string) => styleText(style, text, { stream: terminal })
  return {
    write(json) {
      const { level, time, msg = '', pid: _, err = {}, ...fields } = JSON.parse(json) as Line
      const { at: frames = [], ...error } = err
      const [name, style] = LEVELS[level] ?? [String(level), 'reset']
      const clock = new Date(time).toTimeString().slice(0, 8)
      const details = Object.entries({ ...fields, ...error }).map((field) => ` ${detail(field)}`)
      const stack = frames.map((frame) => `\n    ${frame}`)
      const message = msg.replaceAll(/\p{Cc}/gu, ' ')
      const trailer = paint('gray', [...details, ...stack].join(''))
      terminal.write(`${clock} ${paint(style, name.padEnd(5))} ${message}${trailer}\n`)
    },
  }
}

// JSON escapes characters that could move the cursor or fake another line.
function detail([name, value]: [name: string, value: unknown]): string {
  const isWord = typeof value === 'string' && /^[\x21-\x7e]+$/.test(value)
  return `${name}=${isWord ? value : JSON.stringify(value)}`
}
