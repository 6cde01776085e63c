/** An SVG of the server as an image: the policy of the page allows no markup from elsewhere. */
export function Picture({
  svg,
  alt,
  className,
}: {
  svg: string
  alt: string
  className?: string | undefined
}) {
  return <img className={className} src={`data:image/svg+xml,${encodeURIComponent(svg)}`} alt={alt} />
}
