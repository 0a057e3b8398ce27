/** Loaded into the gateway before its own program: tells what it has in use after a collection, whenever it is asked. */
process.on("message", () => {
  globalThis.gc?.();
  process.send?.(process.memoryUsage().heapUsed);
});
// The question must not keep a gateway alive that was told to end.
process.channel?.unref();
// A soak that was called off leaves no gateway behind.
process.on("disconnect", () => process.exit(1));
