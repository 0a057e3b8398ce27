import { describe, expect, it } from "vitest";
import { ownerIn } from "./peer-owner.ts";

const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:0D6A 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 100 1
   1: 0100007F:0D6A 0100007F:D431 01 00000000:00000000 00:00000000 00000000  1000        0 101 1
   2: 0100007F:D431 0100007F:0D6A 01 00000000:00000000 00:00000000 00000000  1001        0 102 1
   3: 0100007F:D432 0100007F:0D6A 06 00000000:00000000 03:00000000 00000000     0        0 0 3`;

describe("ownerIn", () => {
  it("is the user of the client's end, not of the server's", () => {
    expect(ownerIn(TABLE, { remotePort: 0xd431, localPort: 0xd6a })).toBe(1001);
  });

  it("is nobody for a connection that is over or not there", () => {
    expect(ownerIn(TABLE, { remotePort: 0xd432, localPort: 0xd6a })).toBeUndefined();
    expect(ownerIn("", { remotePort: 1, localPort: 2 })).toBeUndefined();
  });
});
