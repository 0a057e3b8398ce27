import { useEffect, useState } from "preact/hooks";
import { GROUPS, type GroupName } from "./Group.tsx";
import { OriginKey } from "./Origin.tsx";

/** The groups of the page, each with an address of its own, and what the origins' shapes mean. */
export function Nav() {
  const current = useGroup();
  return (
    <aside class="set-nav">
      <nav aria-label="Settings sections">
        {GROUPS.map(([name, word]) => (
          <a key={name} href={`#/settings/${name}`} aria-current={name === current ? "true" : undefined}>
            {word}
          </a>
        ))}
      </nav>
      <OriginKey />
    </aside>
  );
}

/** The group that the address names; it is brought into sight, and reading goes on there. */
function useGroup(): GroupName {
  const [group, setGroup] = useState(groupOf(location.hash));
  useEffect(() => {
    const follow = (): void => setGroup(groupOf(location.hash));
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  useEffect(() => {
    if (group === undefined) return undefined;
    // After the shell, which begins every new view at its top.
    const frame = requestAnimationFrame(() => {
      document.querySelector(`#s-${group}`)?.scrollIntoView();
      const heading = document.querySelector(`#h-${group}`);
      if (heading instanceof HTMLElement) heading.focus({ preventScroll: true });
    });
    return () => cancelAnimationFrame(frame);
  }, [group]);
  return group ?? "strategy";
}

function groupOf(hash: string): GroupName | undefined {
  const [, , name] = hash.split("/");
  return GROUPS.find(([known]) => known === name)?.[0];
}
