/** Parses the reply to INFO: https://redis.io/docs/latest/commands/info/ */
export function parseInfo(info: string): ReadonlyMap<string, string> {
  return new Map(
    info.split('\r\n').map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon), line.slice(colon + 1)]
    }),
  )
}
