#!/usr/bin/env node
import { run } from './commands/run.ts'

// The build bundles it as CommonJS, which cannot await here.
void run(process.argv.slice(2)).then((status) => {
  process.exitCode = status
})
