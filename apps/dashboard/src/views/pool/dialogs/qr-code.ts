/**
 * QR codes of short texts (ISO/IEC 18004): bytes, lowest error correction, versions 1 to 5, which have one block each.
 * A general library weighs a tenth of the whole page.
 */

/** Data and error correction bytes, by version. */
const VERSIONS = [
  { data: 19, check: 7 },
  { data: 34, check: 10 },
  { data: 55, check: 15 },
  { data: 80, check: 20 },
  { data: 108, check: 26 },
] as const;
/** Level L with mask 0, with its own error correction and mask (section 7.9). */
const FORMAT = 0b11_1011_1110_00100;

/** The modules of a text, row by row, dark ones true; undefined where it is too long (over 106 bytes). */
export function qrCode(text: string): readonly (readonly boolean[])[] | undefined {
  const bytes = new TextEncoder().encode(text);
  const version = VERSIONS.findIndex(({ data }) => bytes.length + 2 <= data) + 1;
  const sizes = VERSIONS[version - 1];
  if (!sizes) return undefined;
  const data = padded(bytes, sizes.data);
  const matrix = functionPatterns(17 + 4 * version, version);
  placeData(matrix, [...data, ...checkBytes(data, sizes.check)]);
  return matrix.map((row) => row.map((module) => module === true));
}

/** Mode and length before the text, an end and filler after it. */
function padded(bytes: Uint8Array, size: number): number[] {
  const nibbles = [
    4,
    bytes.length >> 4,
    bytes.length & 15,
    ...[...bytes].flatMap((byte) => [byte >> 4, byte & 15]),
    0,
  ];
  const data: number[] = [];
  for (let at = 0; at < nibbles.length; at += 2)
    data.push(((nibbles[at] ?? 0) << 4) | (nibbles[at + 1] ?? 0));
  for (let filler = 0xec; data.length < size; filler ^= 0xec ^ 0x11) data.push(filler);
  return data;
}

/** The remainder of the data by the generator polynomial over GF(256) (section 7.5). */
function checkBytes(data: readonly number[], count: number): number[] {
  let generator = [1];
  for (let root = 1, step = 0; step < count; step += 1, root = times(root, 2)) {
    const shifted = [...generator, 0];
    generator = shifted.map((value, at) => value ^ times(generator[at - 1] ?? 0, root));
  }
  const rest = [...data, ...Array.from<number>({ length: count }).fill(0)];
  for (let at = 0; at < data.length; at += 1) {
    const lead = rest[at] ?? 0;
    for (const [offset, value] of generator.entries()) {
      rest[at + offset] = (rest[at + offset] ?? 0) ^ times(value, lead);
    }
  }
  return rest.slice(data.length);
}

/** Multiplication in GF(256) by 0x11d. */
function times(a: number, b: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit -= 1) {
    product = (product << 1) ^ (product & 0x80 ? 0x11d : 0);
    if ((b >> bit) & 1) product ^= a;
  }
  return product;
}

type Matrix = (boolean | undefined)[][];

/** What is there whatever the text is; undefined where data goes. */
function functionPatterns(size: number, version: number): Matrix {
  const matrix: Matrix = Array.from({ length: size }, () =>
    Array.from<boolean | undefined>({ length: size }),
  );
  const set = (x: number, y: number, dark: boolean): void => {
    const row = matrix[y];
    if (row && x >= 0 && x < size) row[x] = dark;
  };
  for (let at = 0; at < size; at += 1) {
    set(6, at, at % 2 === 0);
    set(at, 6, at % 2 === 0);
  }
  const square = (x: number, y: number, radius: number, light: readonly number[]): void => {
    for (let dy = -radius; dy <= radius; dy += 1) {
      for (let dx = -radius; dx <= radius; dx += 1) {
        set(x + dx, y + dy, !light.includes(Math.max(Math.abs(dx), Math.abs(dy))));
      }
    }
  };
  if (version > 1) square(size - 7, size - 7, 2, [1]);
  for (const [x, y] of [
    [3, 3],
    [size - 4, 3],
    [3, size - 4],
  ] as const)
    square(x, y, 4, [2, 4]);
  for (let bit = 0; bit < 15; bit += 1) {
    const dark = ((FORMAT >> bit) & 1) === 1;
    const near = bit < 6 ? bit : bit < 8 ? bit + 1 : 14 - bit;
    set(bit < 8 ? 8 : bit === 8 ? 7 : near, bit < 8 ? near : 8, dark);
    set(bit < 8 ? size - 1 - bit : 8, bit < 8 ? 8 : size - 15 + bit, dark);
  }
  set(8, size - 8, true);
  return matrix;
}

/** Bit by bit from the lower right, up and down in pairs of columns, under mask 0. */
function placeData(matrix: Matrix, bytes: readonly number[]): void {
  const size = matrix.length;
  let bit = 0;
  for (let right = size - 1, isUp = true; right > 0; right -= 2, isUp = !isUp) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step += 1) {
      const y = isUp ? size - 1 - step : step;
      for (const x of [right, right - 1]) {
        const row = matrix[y];
        if (!row || row[x] !== undefined) continue;
        const isSet = (((bytes[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) === 1;
        row[x] = isSet !== ((x + y) % 2 === 0);
        bit += 1;
      }
    }
  }
}
