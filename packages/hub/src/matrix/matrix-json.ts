// Hot path: a matrix is 150 kB in which versions and names come again in every row. Joining their texts, each written once, takes a
// fifth of what building the objects and writing them takes.
import { describeReason, type JudgedRow, noticeType } from '@concordat/domain';
import { halTimestamp, pathTo } from '../http/hal.ts';
import type { MatrixAnswer } from './answer-question.ts';
import { type EnvironmentRow, NO_DETAILS, type VersionDetails } from './version-details-store.ts';

/** What is needed to show an answer. */
export interface MatrixView {
  readonly answer: MatrixAnswer;
  readonly details: ReadonlyMap<number, VersionDetails>;
  readonly baseUrl: string;
  readonly environmentSummary: (row: EnvironmentRow, baseUrl: string) => object;
}

/** The matrix as JSON text; unlike in other resources what is not known is null. */
export function matrixJson(view: MatrixView): string {
  const { verdict, rows, hasIgnored } = view.answer;
  const notices = verdict.reasons.map((reason) => ({
    type: noticeType(reason),
    text: describeReason(reason),
  }));
  const summary = {
    deployable: verdict.deployable,
    reason: notices.map(({ text }) => text).join('\n'),
    success: verdict.success,
    failed: verdict.failed,
    unknown: verdict.unknown,
    ...(hasIgnored ? { ignored: verdict.ignored } : {}),
  };
  const texts = new RowTexts(view);
  const matrix = rows.map((row) => texts.row(row)).join(',');
  return `{"summary":${JSON.stringify(summary)},"notices":${JSON.stringify(notices)},"matrix":[${matrix}]}`;
}

type Pacticipant = JudgedRow['consumer'];
type Version = JudgedRow['consumerVersion'];

/** The texts of one answer's rows; what several rows say is written once. */
class RowTexts {
  readonly #view: MatrixView;
  /** The base URL as it stands inside a JSON text. */
  readonly #base: string;
  readonly #sides = new Map<number, { readonly start: string; readonly end: string }>();
  readonly #versions = new Map<number, { readonly text: string; readonly segment: string }>();
  readonly #environments = new Map<number, string>();
  readonly #pairs = new Map<string, string>();
  readonly #metadata = new Map<string, string>();

  constructor(view: MatrixView) {
    this.#view = view;
    this.#base = JSON.stringify(view.baseUrl).slice(1, -1);
  }

  row(row: JudgedRow): string {
    const { consumer, provider, consumerVersion, providerVersion } = row;
    const pair = this.#pair(consumer, provider);
    const own = this.#side(consumer);
    const other = this.#side(provider);
    const version = this.#version(consumer, consumerVersion);
    const otherText =
      providerVersion === undefined ? 'null' : this.#version(provider, providerVersion).text;
    return `{"consumer":${own.start}${version.text}${own.end},"provider":${other.start}${otherText}${other.end},"pact":{"createdAt":"${halTimestamp(row.publishedAt)}","_links":{"self":{"href":"${pair}/version${version.segment}"}}},"verificationResult":${this.#result(row, pair)}${row.isIgnored ? ',"ignored":true}' : '}'}`;
  }

  #result({ verification, sha, consumerVersion }: JudgedRow, pair: string): string {
    if (verification === undefined) return 'null';
    const { success, verifiedAt, number } = verification;
    const href = `${pair}/pact-version/${sha}/metadata/${this.#metadataOf(consumerVersion.number)}/verification-results/${number}`;
    return `{"success":${success},"verifiedAt":"${halTimestamp(verifiedAt)}","_links":{"self":{"href":"${href}"}}}`;
  }

  /** What stands before and after a version of the pacticipant. */
  #side({ id, name }: Pacticipant): { readonly start: string; readonly end: string } {
    return once(this.#sides, id, () => ({
      start: `{"name":${JSON.stringify(name)},"version":`,
      end: `,"_links":{"self":{"href":"${this.#base}${pathTo('pacticipants', name)}"}}}`,
    }));
  }

  #pair(consumer: Pacticipant, provider: Pacticipant): string {
    return once(this.#pairs, `${consumer.id} ${provider.id}`, () => {
      const path = pathTo('pacts', 'provider', provider.name, 'consumer', consumer.name);
      return `${this.#base}${path}`;
    });
  }

  #metadataOf(number: string): string {
    return once(this.#metadata, number, () =>
      Buffer.from(`cvn=${encodeURIComponent(number)}`, 'utf8').toString('base64url'),
    );
  }

  #version(
    owner: Pacticipant,
    version: Version,
  ): { readonly text: string; readonly segment: string } {
    return once(this.#versions, version.id, () => {
      const segment = pathTo(version.number);
      return { text: this.#describe(owner, version, segment), segment };
    });
  }

  #describe(owner: Pacticipant, version: Version, segment: string): string {
    const { branches, tags, environments } = this.#view.details.get(version.id) ?? NO_DETAILS;
    const pacticipant = `${this.#base}${pathTo('pacticipants', owner.name)}`;
    const self = `${pacticipant}/versions${segment}`;
    const branchTexts = branches.map(({ name, isLatest }) => {
      const quoted = JSON.stringify(name);
      const href = `${pacticipant}${pathTo('branches', name)}/versions${segment}`;
      return `{"name":${quoted},"latest":${isLatest},"_links":{"self":{"title":"Branch version","name":${quoted},"href":"${href}"}}}`;
    });
    const tagTexts = tags.map(({ name, isLatest }) => {
      const href = `${self}${pathTo('tags', name)}`;
      return `{"name":${JSON.stringify(name)},"latest":${isLatest},"_links":{"self":{"href":"${href}"}}}`;
    });
    const branch = JSON.stringify(branches.at(-1)?.name ?? null);
    const places = environments.map((row) => this.#environment(row)).join(',');
    return `{"number":${JSON.stringify(version.number)},"branch":${branch},"branches":[${branchTexts}],"branchVersions":[${branchTexts}],"environments":[${places}],"_links":{"self":{"href":"${self}"}},"tags":[${tagTexts}]}`;
  }

  #environment(row: EnvironmentRow): string {
    const { environmentSummary, baseUrl } = this.#view;
    return once(this.#environments, row.id, () => JSON.stringify(environmentSummary(row, baseUrl)));
  }
}

function once<K, V>(texts: Map<K, V>, key: K, write: () => V): V {
  const known = texts.get(key);
  if (known !== undefined) return known;
  const written = write();
  texts.set(key, written);
  return written;
}
