import type { FunctionComponent } from "preact";
import { useEffect, useState } from "preact/hooks";

/** Fetches the panel when it is first shown: whoever leaves the flag off never gets its code. */
export function Antigravity() {
  const [loaded, setLoaded] = useState<{ readonly Panel: FunctionComponent }>();
  useEffect(() => {
    let isLeft = false;
    const load = async (): Promise<void> => {
      const { AntigravityPanel } = await import("./AntigravityPanel.tsx");
      if (!isLeft) setLoaded({ Panel: AntigravityPanel });
    };
    void load();
    return () => {
      isLeft = true;
    };
  }, []);
  return loaded === undefined ? null : <loaded.Panel />;
}
