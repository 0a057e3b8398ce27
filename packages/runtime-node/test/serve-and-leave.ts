// A process that gets ready to serve, and to renew, and then has nothing more to do.
import { openPool } from "../src/index.ts";

const pool = (await openPool({ env: process.env }))._unsafeUnwrap();
(await pool.serve())._unsafeUnwrap();
process.stdout.write("serving\n");
