/** What a process wrote, and how it ended. */
interface Written {
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** Returns the lines on both outputs of a server that are not lines of its log. A kill may cut the last ones off. */
export function strayLines({ signal, stdout, stderr }: Written): string[] {
  return [stdout, stderr].flatMap((text) => {
    const lines = text.split('\n')
    const last = lines.pop() ?? ''
    return (signal === 'SIGKILL' || last === '' ? lines : [...lines, last]).filter((line) => !isLogLine(line))
  })
}

/** Returns the messages in the lines of a log, one a line, as a person would read them. */
export function messagesOf(log: string): string {
  return log.replaceAll(/^.+$/gm, (line) => (JSON.parse(line) as { msg: string }).msg)
}

/** Returns the failure of a command as a terminal shows it. `serve` writes it in JSON elsewhere. */
export function failureAtTerminal(command: string, stderr: string): string {
  return command === 'serve' ? messagesOf(stderr).replaceAll(/^(?=.)/gm, 'emberlink: ') : stderr
}

function isLogLine(line: string): boolean {
  try {
    const { level, time, pid, msg } = JSON.parse(line) as Record<string, unknown>
    return [level, time, pid].every(Number.isInteger) && typeof msg === 'string'
  } catch {
    return false
  }
}
