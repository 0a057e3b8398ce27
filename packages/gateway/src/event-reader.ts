/** Takes server-sent events apart whose data is read as a whole. */
export interface EventReader {
  /** Takes the next bytes; false where an event is larger than is kept. */
  push(chunk: Uint8Array): boolean;
}

const LARGEST_EVENT = 64 * 1024 * 1024;

/** Hands on the data of each event, whatever the chunks it comes in. */
export function createEventReader(onData: (data: string) => void): EventReader {
  const decoder = new TextDecoder();
  let rest = "";
  let data: string[] = [];
  let size = 0;

  function take(line: string): void {
    if (line === "") {
      if (data.length > 0) onData(data.join("\n"));
      data = [];
      size = 0;
    } else if (line.startsWith("data:")) {
      const value = line.slice(line[5] === " " ? 6 : 5);
      data.push(value);
      size += value.length;
    }
  }

  return {
    push(chunk) {
      // Only what is new is looked through: a picture is one line of many chunks.
      const [end = "", ...lines] = decoder.decode(chunk, { stream: true }).split("\n");
      rest += end;
      for (const line of lines) {
        take(rest.endsWith("\r") ? rest.slice(0, -1) : rest);
        rest = line;
      }
      return size + rest.length <= LARGEST_EVENT;
    },
  };
}
