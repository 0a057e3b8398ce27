import type { NextContext } from "./context.ts";

/** Whether the person has given OpenCode an OpenAI key of their own: then it is used, and not the pool. */
export async function usesOwnKey({ integration }: Pick<NextContext, "integration">): Promise<boolean> {
  try {
    const active = await integration?.connection?.active("openai");
    // A variable of the environment is there for many programs; only a stored key was chosen for OpenCode.
    if (active?.type !== "credential") return false;
    return (await integration?.connection?.resolve(active))?.type === "key";
  } catch {
    return false;
  }
}
