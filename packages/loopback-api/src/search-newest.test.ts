import { okAsync } from "neverthrow";
import { describe, expect, it } from "vitest";
import { searchNewest } from "./search-newest.ts";

describe("searchNewest", () => {
  const asked: number[] = [];
  const log = (length: number) => ({
    read(limit: number) {
      asked.push(limit);
      return okAsync<number[]>(Array.from({ length: Math.min(limit, length) }, (_, at) => at));
    },
  });
  const search = async (length: number, wanted: number) => {
    asked.length = 0;
    const searched = await searchNewest(log(length), 10, (records) => records.find((one) => one === wanted));
    return { ...searched._unsafeUnwrap(), asked };
  };

  it("reads no further back than where it finds", async () => {
    expect(await search(100_000, 5)).toMatchObject({ found: 5, asked: [10] });
    expect(await search(100_000, 500)).toMatchObject({ found: 500, asked: [10, 80, 640] });
  });

  it("ends where there is no more to read, with all of it", async () => {
    const { found, records } = await search(30, 99);
    expect([found, records.length]).toEqual([undefined, 30]);
    expect(asked.length).toBe(3);
  });
});
