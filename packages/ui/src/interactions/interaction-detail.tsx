import type { InteractionResource } from '@concordat/api';

type Part = InteractionResource['parts'][number];

/** One interaction in full: HTTP, message or a plugin's; whatever it contains is shown as text. */
export function InteractionDetail({ interaction }: { readonly interaction: InteractionResource }) {
  const { providerStates, pending, transport, comments, plugins, markup, parts } = interaction;
  return (
    <div className="interaction-detail">
      {providerStates.map(({ name, parameters }) => (
        <p key={`${name} ${parameters}`} className="given">
          given {name} {parameters !== null && <code>{parameters}</code>}
        </p>
      ))}
      {pending && <p className="note">Pending: it may fail without failing the verification.</p>}
      {transport !== null && <p className="given">over {transport}</p>}
      {comments.map((comment) => (
        <p key={comment} className="given">
          {comment}
        </p>
      ))}
      <div className="interaction-parts">
        {parts.map((part) => (
          <PartDetail key={`${part.name} ${parts.indexOf(part)}`} part={part} />
        ))}
      </div>
      {plugins.map(({ name, version, configuration }) => (
        <section key={name}>
          <h3>
            Plugin {name} {version}
          </h3>
          <pre>{configuration}</pre>
        </section>
      ))}
      {markup !== null && <pre>{markup.text}</pre>}
    </div>
  );
}

function PartDetail({ part }: { readonly part: Part }) {
  const { name, headline, headers, body, rules, generators } = part;
  return (
    <section className="interaction-part">
      <h3>
        {name} {headline !== '' && <code>{headline}</code>}
      </h3>
      {headers.length > 0 && (
        <pre>{headers.map((header) => `${header.name}: ${header.value}`).join('\n')}</pre>
      )}
      {body !== null && (
        <>
          <p className="given">
            {body.form === 'base64' ? 'binary contents as base64' : 'body'} {body.mediaType}
          </p>
          <pre>{body.text}</pre>
        </>
      )}
      {rules.length + generators.length > 0 && (
        <ul className="hit-lines">
          {rules.map(({ place, text }) => (
            <li key={`${place} ${text}`}>
              <code>{place}</code> {text}
            </li>
          ))}
          {generators.map(({ place, text }) => (
            <li key={`generated ${place}`}>
              <code>{place}</code> is made by {text}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
