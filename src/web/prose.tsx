/** A sentence of the daemon's, with what stands in backticks as code. */
export function Prose({ text }: { text: string }) {
  const pieces = text.split('`');
  return <>{pieces.map((piece, i) => (i % 2 === 0 ? piece : <code key={piece}>{piece}</code>))}</>;
}
