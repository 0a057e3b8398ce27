import { compressTime, type VirtualTime } from "./virtual-time.ts";

const start = process.env["SOAK_NOW"];

/** The clock that the driver sets; none where the soak runs on the wall clock. */
export const time: VirtualTime | undefined = start === undefined ? undefined : compressTime(Number(start));
