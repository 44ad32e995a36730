/** A readable name for a pacticipant or environment that was given none: `foo-bar_baz` is `Foo Bar Baz`. */
export function displayNameOf(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])|([A-Z]+)([A-Z][a-z])/g, '$1$3 $2$4')
    .split(/[\s\-_]+/)
    .filter((word) => word !== '')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
}
