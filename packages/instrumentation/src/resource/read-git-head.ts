import { readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

export interface GitHead {
  readonly commit: string | undefined;
  /** undefined when a commit is checked out without a branch, as CI does. */
  readonly branch: string | undefined;
}

/**
 * What is checked out in the repository around this folder, read from its files without a git program: loose and
 * packed refs, worktrees and submodules. undefined when there is no repository.
 */
export function readGitHead(folder: string): GitHead | undefined {
  const gitFolder = findGitFolder(folder);
  if (gitFolder === undefined) return undefined;
  const head = read(join(gitFolder, 'HEAD'));
  if (head === undefined) return undefined;
  const ref = refOf(head);
  if (ref === undefined) return { commit: commitOf(head), branch: undefined };
  return {
    commit: resolveRef(gitFolder, ref),
    branch: ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : undefined,
  };
}

function findGitFolder(folder: string): string | undefined {
  const git = join(folder, '.git');
  const stats = statSync(git, { throwIfNoEntry: false });
  if (stats?.isDirectory()) return git;
  if (stats?.isFile()) return linkedFolder(git);
  const parent = dirname(folder);
  return parent === folder ? undefined : findGitFolder(parent);
}

/** In a worktree or submodule `.git` is a file that says where the folder is. */
function linkedFolder(file: string): string | undefined {
  const target = /^gitdir: (.+)$/m.exec(read(file) ?? '')?.[1];
  return target === undefined ? undefined : resolve(dirname(file), target);
}

/** A worktree has its own HEAD; branches are kept in the folder that `commondir` names. */
function resolveRef(gitFolder: string, ref: string): string | undefined {
  const common = read(join(gitFolder, 'commondir'));
  const folders = common === undefined ? [gitFolder] : [gitFolder, resolve(gitFolder, common)];
  for (const folder of folders) {
    const commit = commitOf(read(join(folder, ref)) ?? '') ?? packedCommit(folder, ref);
    if (commit !== undefined) return commit;
  }
  return undefined;
}

function packedCommit(folder: string, ref: string): string | undefined {
  const lines = (read(join(folder, 'packed-refs')) ?? '').split('\n');
  const line = lines.find((candidate) => candidate.endsWith(` ${ref}`));
  return line === undefined ? undefined : commitOf(line.slice(0, -ref.length - 1));
}

function refOf(text: string): string | undefined {
  return /^ref: (refs\/[^\0]+)$/.exec(text)?.[1];
}

/** Git names commits by SHA-1 or SHA-256. */
function commitOf(text: string): string | undefined {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text) ? text : undefined;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}
