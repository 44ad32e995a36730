import type { LatestBy } from './matrix-row.ts';
import type { MatrixDestination, MatrixSelector } from './matrix-selector.ts';

/** What to ignore, as asked; undefined names are a defect. */
export interface AskedIgnore {
  readonly pacticipant: string | undefined;
  readonly version: string | undefined;
}

/** A selector as asked, its name possibly missing. */
export type AskedSelector = Omit<MatrixSelector, 'pacticipant'> & {
  readonly pacticipant: string | undefined;
};

/** A matrix question before it is known to make sense. */
export interface AskedMatrix {
  readonly selectors: readonly AskedSelector[];
  readonly ignored: readonly AskedIgnore[];
  readonly destination: MatrixDestination;
  readonly latestBy: string | undefined;
  readonly limit: string | undefined;
}

/** Which of the names in the question exist. */
export interface KnownNames {
  readonly pacticipants: ReadonlySet<string>;
  readonly environments: ReadonlySet<string>;
}

/** All that is wrong with the question, in the broker's words; empty when it can be answered. */
export function matrixDefects(asked: AskedMatrix, known: KnownNames): readonly string[] {
  return [
    ...selectorDefects(asked.selectors, known),
    ...(asked.ignored.some(({ pacticipant }) => pacticipant === undefined)
      ? ['Please specify the pacticipant name to ignore']
      : []),
    ...destinationDefects(asked.destination),
    ...environmentDefects(asked, known),
    ...shapeDefects(asked),
  ];
}

function selectorDefects(
  selectors: readonly AskedSelector[],
  known: KnownNames,
): readonly string[] {
  if (selectors.length === 0) return ['Please provide 1 or more version selectors.'];
  const names = [...new Set(selectors.flatMap(({ pacticipant }) => pacticipant ?? []))];
  return [
    ...(selectors.some(({ pacticipant }) => pacticipant === undefined)
      ? ['Please specify the pacticipant name']
      : []),
    ...names
      .filter((name) => !known.pacticipants.has(name))
      .map((name) => `Pacticipant ${name} not found`),
    ...selectors
      .filter(({ version, latest }) => version !== undefined && latest === true)
      .map(
        ({ pacticipant }) =>
          `A version number and latest flag cannot both be specified for ${pacticipant}`,
      ),
  ];
}

function environmentDefects(
  { selectors, destination }: AskedMatrix,
  known: KnownNames,
): readonly string[] {
  const asked = [...selectors, destination].flatMap(({ environment }) => environment ?? []);
  return [...new Set(asked)]
    .filter((name) => !known.environments.has(name))
    .map((name) => `Environment with name '${name}' does not exist`);
}

function shapeDefects({ limit, latestBy }: AskedMatrix): readonly string[] {
  const defects: string[] = [];
  if (limit !== undefined && !/^0*[1-9]\d*$/.test(limit)) {
    defects.push('The limit must be 1 or greater.');
  }
  if (latestBy !== undefined && !isLatestBy(latestBy)) {
    defects.push(`latestby must be one of: cvpv, cvp, cp (not '${latestBy}').`);
  }
  return defects;
}

export function isLatestBy(text: string): text is LatestBy {
  return text === 'cvpv' || text === 'cvp' || text === 'cp';
}

function destinationDefects(destination: MatrixDestination): readonly string[] {
  const { tag, environment, mainBranch, latest } = destination;
  const defects: string[] = [];
  const given = [tag !== undefined, environment !== undefined, mainBranch === true];
  if (given.filter(Boolean).length > 1) {
    defects.push('Cannot specify more than one of tag, environment and mainBranch.');
  }
  if (latest === true && environment !== undefined) {
    defects.push('Cannot specify both latest=true and an environment.');
  }
  return defects;
}
