import { Skeleton } from "../../components/empty.tsx";

/** The pool's geometry in blocks: only where no earlier state is known. */
export function PoolSkeleton() {
  return (
    <div class="skel" aria-busy="true">
      <h1 class="vh">Loading the pool</h1>
      <div class="hero">
        <div>
          <Skeleton width={380} height={30} />
          <Skeleton width={420} height={12} />
        </div>
        <div class="facts">
          {[50, 72, 60, 54].map((width) => (
            <div key={width}>
              <Skeleton width={84} />
              <Skeleton width={`${width}%`} />
            </div>
          ))}
        </div>
        <div class="run">
          <div class="run-t" />
          <Skeleton width="100%" height={14} />
          <div class="run-x" />
        </div>
      </div>
      <section class="panel bleed">
        <div class="p-head">
          <Skeleton width={84} height={12} />
        </div>
        {Array.from({ length: 6 }, (_, index) => (
          <div key={index} class="row">
            <div class="who">
              <Skeleton width={70 + index * 9} height={12} />
              <Skeleton width={150 - index * 8} />
            </div>
            <Skeleton width="100%" height={8} />
            <Skeleton width="100%" height={8} />
            <Skeleton width={72} />
          </div>
        ))}
      </section>
    </div>
  );
}
