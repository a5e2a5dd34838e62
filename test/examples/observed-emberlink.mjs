// Runs the command in this process, after writing down its id. With HOLE, the ready line names that address in place of its own.
import { appendFileSync } from 'node:fs'

const { PROCESS_IDS, HOLE } = process.env
appendFileSync(PROCESS_IDS, `${process.pid}\n`)
if (HOLE !== undefined) {
  const write = process.stdout.write.bind(process.stdout)
  process.stdout.write = (chunk, ...rest) =>
    write(String(chunk).replace(/"url":"[^"]*"/, `"url":"${HOLE}"`), ...rest)
}
await import(new URL('../../dist/main.js', import.meta.url).href)
