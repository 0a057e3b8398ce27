import { basename } from "node:path";

/** What else this product keeps in a store's folder. */
const OTHERS_OF_OURS =
  /^(quarantine|snapshots|decisions|activity|audit\..*|opencode-install\.json.*|(refresh|probe)-.*\.lock.*|server\.(json|token|lock).*)$/;

/** Where the store lies unless the person names another file. */
const DEFAULT_NAME = "store.json";

/** Whether a folder's names are all ours, if `file` is the store in it. */
export function allOurs(names: readonly string[], file: string): boolean {
  const store = basename(file);
  // A file that was named by mistake has no snapshot of ours beside it.
  const isKnown = names.includes(`${store}.lkg`);
  return names.every(
    (name) =>
      OTHERS_OF_OURS.test(name) ||
      name === DEFAULT_NAME ||
      name.startsWith(`${store}.`) ||
      (name === store && isKnown),
  );
}

/** Whether a file that cannot be understood may be a store of ours that broke: only by its name, in a folder of ours. */
export const mayBeOurs = (names: readonly string[], file: string): boolean =>
  basename(file) === DEFAULT_NAME && allOurs(names, file);
