import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { committedPactPath, keepPact, newPact } from './committed-pact.ts';

test.skipIf(process.env.UPDATE_PACTS === '1')(
  'a pact that is not what is committed fails with what to do, and nothing is written',
  async () => {
    const pact = await newPact('nobody', 'nothing');
    await writeFile(join(pact.dir, 'nobody-nothing.json'), '{}');
    await expect(keepPact(pact)).rejects.toThrow(/UPDATE_PACTS=1 npm test and commit the file/);
    await expect(access(committedPactPath('nobody', 'nothing'))).rejects.toThrow('ENOENT');
  },
);
