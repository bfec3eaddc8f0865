/** The command line is wrong: exit code 2. */
export class UsageError extends Error {}

/** A file, what is in it, or the machine is wrong: exit code 1. */
export class DataError extends Error {}

const REASONS: Record<string, string> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'part of the path is a file, not a folder',
  ENOSPC: 'no space is left on the device',
  EROFS: 'the file system is read-only',
  ELOOP: 'its symbolic links go round in a circle',
  ENAMETOOLONG: 'the name is too long',
}

/** What the operating system said, in words. */
export function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code
  if (code !== undefined && code in REASONS) return REASONS[code]
  return error instanceof Error ? error.message : String(error)
}
