import type { ComponentChildren } from "preact";

/** A view that has nothing to show yet: what it will show, and how to get there. */
export function Empty({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <div class="first">
      <h1>{title}</h1>
      <p>{children}</p>
    </div>
  );
}

/** Blocks of the size of what will stand there. */
export function Skeleton({
  width,
  height = 10,
}: {
  readonly width: number | string;
  readonly height?: number;
}) {
  return <span class="sk" style={{ width, height, maxWidth: "100%" }} />;
}

/** Loading, only where no earlier state is known: a heading for the ear, blocks for the eye. */
export function Loading({ what, rows = 6 }: { readonly what: string; readonly rows?: number }) {
  return (
    <div class="skel" aria-busy="true">
      <h1 class="vh">Loading {what}</h1>
      <Skeleton width={380} height={30} />
      <section class="panel bleed skel-rows">
        {Array.from({ length: rows }, (_, index) => (
          <div key={index} class="skel-row">
            <Skeleton width={`${28 - index}%`} height={12} />
            <Skeleton width={`${40 + index * 3}%`} />
          </div>
        ))}
      </section>
    </div>
  );
}
