/** Why the hub did not do what was asked for. */
export function Refusal({ words }: { readonly words: string | undefined }) {
  if (words === undefined) return null;
  return (
    <p className="field-problem" role="alert">
      {words}
    </p>
  );
}
