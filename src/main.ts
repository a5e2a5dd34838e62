#!/usr/bin/env node
import { ConfigError } from './config/load.ts'
import { DomainError } from './errors.ts'

const USAGE = `Usage: emberlink COMMAND

  serve                           serve the API and the pages (the default)
  serve --ephemeral               serve for tests of other software; see docs/testing.md
  check                           say whether the settings and the store are good
  account create EMAIL            make an account and print its API token, once
  account rotate EMAIL            replace an account's API token and print it, once
  account delete EMAIL            remove an account
  account list                    list the accounts
  backup FOLDER                   copy the embedded store while it is in use
  migrate --to redis|folder       copy everything to the other store
  rootkey rotate                  make a new root key for the embedded store

Settings come from the environment and from .env; see .env.example.`

/** Thrown text that is meant for the person at the terminal. */
function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.message
  if (error instanceof DomainError && error.cause instanceof Error)
    return `${error.code}: ${error.cause.message}`
  return error instanceof Error ? error.message : String(error)
}

async function run([command = 'serve', ...args]: string[]): Promise<number> {
  switch (command) {
    case 'serve':
      return (await import('./commands/serve.ts')).serve(args)
    case 'check':
      return (await import('./commands/check.ts')).check()
    case 'account':
      return (await import('./commands/account.ts')).account(args)
    case 'backup':
      return (await import('./commands/backup.ts')).backup(args)
    case 'migrate':
      return (await import('./commands/migrate.ts')).migrate(args)
    case 'rootkey':
      return (await import('./commands/rootkey.ts')).rootkey(args)
    case 'help':
    case '--help':
      process.stdout.write(`${USAGE}\n`)
      return 0
    default:
      process.stderr.write(`${USAGE}\n`)
      return 2
  }
}

try {
  process.exitCode = await run(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`emberlink: ${explain(error).replaceAll('\n', '\nemberlink: ')}\n`)
  process.exitCode = 1
}
