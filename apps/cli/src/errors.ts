/** An error in the command line: exit code 2. */
export class UsageError extends Error {}

/** An error in a file, its contents, or the machine: exit code 1. */
export class DataError extends Error {}

/** Everything about it has been printed, and the program ends with this exit code. */
export class AlreadyTold extends Error {
  readonly exitCode: number

  constructor(message: string, exitCode: number) {
    super(message)
    this.exitCode = exitCode
  }
}

const REASONS: Record<string, string> = {
  ENOENT: 'no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'part of the path is a file, not a folder',
  ENOSPC: 'no space left on the device',
  EROFS: 'the file system is read-only',
  ELOOP: 'its symbolic links form a loop',
  ENAMETOOLONG: 'the name is too long',
}

/** The operating system's error in words. */
export function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code
  if (code !== undefined && code in REASONS) return REASONS[code]
  return error instanceof Error ? error.message : String(error)
}
