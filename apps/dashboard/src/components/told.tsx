/** What the server says. E-mail addresses in it hide with all others. */
export function Told({ text }: { readonly text: string }) {
  return (
    <>
      {text.split(/([^\s"@]+@[^\s"@,;]+)/).map((part, index) =>
        // Every other part is an address.
        index % 2 === 0 ? (
          part
        ) : (
          // oxlint-disable-next-line react/no-array-index-key -- the text does not change
          <span key={index} class="em">
            <span>{part}</span>
          </span>
        ),
      )}
    </>
  );
}
