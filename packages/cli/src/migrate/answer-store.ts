import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What a broker has answered and will answer again, on disk: an import that was interrupted goes on where it was. */
export class AnswerStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The text kept under the key; else what `ask` says, which is kept unless it is nothing. */
  async remember(key: string, ask: () => Promise<string | undefined>): Promise<string | undefined> {
    const known = await this.find(key);
    if (known !== undefined) return known;
    const text = await ask();
    if (text !== undefined) await this.keep(key, text);
    return text;
  }

  async find(key: string): Promise<string | undefined> {
    try {
      return await readFile(this.#pathOf(key), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Written beside its place first: what is in its place is whole. */
  async keep(key: string, text: string): Promise<void> {
    const path = this.#pathOf(key);
    await mkdir(dirname(path), { recursive: true });
    const beside = `${path}.${randomUUID()}.part`;
    await writeFile(beside, text, { mode: 0o600 });
    await rename(beside, path);
  }

  #pathOf(key: string): string {
    const name = createHash('sha256').update(key).digest('hex');
    return join(this.#folder, name.slice(0, 2), name.slice(2));
  }
}
