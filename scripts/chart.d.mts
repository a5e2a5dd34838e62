import type { Setting } from '../src/config/settings.ts'

export function chartFiles(settings: readonly Setting[]): Readonly<Record<string, string>>
