import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ok } from "neverthrow";
import { parseStore } from "../../src/parse-store.ts";
import { namesIn, openTestStore, until } from "../support.ts";
import { BYSTANDERS, bystandersIn, rotationOf, withCredentials } from "./rotation.ts";
import type { Life } from "./victim.ts";

/** The store of killed processes: one folder, and between which rotations its store must be. */
export class Tortured {
  readonly folder: string;
  readonly #violations: string[];
  #oldest = 0;
  #newest = 0;
  #hitAt = "";

  constructor(folder: string, violations: string[]) {
    this.folder = folder;
    this.#violations = violations;
  }

  async create(): Promise<void> {
    const { store } = await openTestStore(this.folder);
    (await store.update((state) => ok(withCredentials(state))))._unsafeUnwrap();
    await store.close();
  }

  /** What a process found that the one before it left, and what it left itself. */
  async examine({ opened, begun, done, lastStep }: Life): Promise<void> {
    if (opened !== undefined) {
      this.#require(opened.rotation, "the next load");
      if (opened.bystanders !== BYSTANDERS.length) this.#violate(`${opened.bystanders} other accounts`);
      if (opened.leftovers !== "-") this.#violate(`left beside the store: ${opened.leftovers}`);
      this.#oldest = opened.rotation;
      this.#newest = opened.rotation;
    }
    this.#oldest = Math.max(this.#oldest, done);
    this.#newest = Math.max(this.#newest, begun);
    this.#hitAt = lastStep;
    for (const name of ["store.json", "store.json.lkg"]) {
      const parsed = parseStore(await readFile(join(this.folder, name)));
      if (parsed.kind === "store" && parsed.broken.length === 0)
        this.#require(rotationOf(parsed.store), name);
      else this.#violate(`${name} is ${parsed.kind}`);
    }
  }

  async finish(): Promise<void> {
    const { store } = await openTestStore(this.folder);
    this.#require(rotationOf(store.state()), "the last load");
    if (bystandersIn(store.state()) !== BYSTANDERS.length) this.#violate("an account is gone");
    await until(async () => (await namesIn(this.folder)).join() === "store.json,store.json.lkg", 2000);
  }

  #require(rotation: number, where: string): void {
    if (rotation < this.#oldest || rotation > this.#newest)
      this.#violate(`${where} holds rotation ${rotation}, not ${this.#oldest} to ${this.#newest}`);
  }

  #violate(what: string): void {
    this.#violations.push(`killed after ${this.#hitAt}: ${what}`);
  }
}
