#!/usr/bin/env node
import { run } from './commands/run.ts'

// A command that never settles leaves the event loop empty, and Node.js exits: that is no success.
process.exitCode = 1

// The build bundles it as CommonJS, which cannot await here.
void run(process.argv.slice(2)).then((status) => {
  process.exitCode = status
})
