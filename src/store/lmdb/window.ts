import type { Budget } from '../../limits/budget.ts'

/** What has been counted against a budget since its window began. */
export interface Window {
  readonly count: number
  /** Unix milliseconds at which counting starts anew. */
  readonly end: number
}

/** @returns The window that runs at `now` (Unix ms): the one that is stored, or a fresh one. */
export function windowAt(stored: Window | undefined, budget: Budget, now: number): Window {
  return stored !== undefined && now < stored.end ? stored : { count: 0, end: now + budget.windowMs }
}

/** @returns Whole seconds, at least 1, until a spent window ends; 0 if it has room. */
export function waitOf(window: Window, budget: Budget, now: number): number {
  return window.count < budget.limit ? 0 : Math.ceil((window.end - now) / 1000)
}

/** @returns The window with one more counted. */
export function counted(window: Window): Window {
  return { count: window.count + 1, end: window.end }
}
