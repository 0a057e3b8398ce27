import { generateKeyPairSync, randomBytes, sign, type KeyObject } from "node:crypto";

/** What a server on this machine needs to speak TLS, and what its clients need to trust it. All of it in PEM. */
export interface ServerCertificate {
  readonly key: string;
  readonly certificate: string;
  /** Of an authority made for this server alone; its own key is nowhere. */
  readonly authority: string;
}

const DAY_MS = 86_400_000;

/** Makes a certificate for 127.0.0.1, localhost and the given names, good from yesterday on for a month. RFC 5280, P-256. */
export function serverCertificate(names: readonly string[], now: number): ServerCertificate {
  const [authority, server] = [newKeys(), newKeys()];
  const issuer = name(`upstream-sim ${randomBytes(4).toString("hex")}`);
  const validity = sequence(utcTime(now - DAY_MS), utcTime(now + 30 * DAY_MS));
  const signed = (subject: Buffer, key: KeyObject, extensions: readonly Buffer[]): string =>
    certificate({ issuer, validity, subject, key, extensions }, authority.privateKey);
  return {
    key: server.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    certificate: signed(name("upstream-sim"), server.publicKey, [
      extension(OID.keyUsage, Buffer.from([0x03, 0x02, 0x07, 0x80])),
      extension(OID.extendedKeyUsage, sequence(oid(OID.serverAuth))),
      extension(OID.subjectAltName, sequence(...["localhost", ...names].map(dnsName), LOOPBACK)),
    ]),
    authority: signed(issuer, authority.publicKey, [
      extension(OID.basicConstraints, sequence(Buffer.from([0x01, 0x01, 0xff]))),
      extension(OID.keyUsage, Buffer.from([0x03, 0x02, 0x02, 0x04])),
    ]),
  };
}

const OID = {
  ecdsaWithSha256: [1, 2, 840, 10_045, 4, 3, 2],
  commonName: [2, 5, 4, 3],
  keyUsage: [2, 5, 29, 15],
  subjectAltName: [2, 5, 29, 17],
  basicConstraints: [2, 5, 29, 19],
  extendedKeyUsage: [2, 5, 29, 37],
  serverAuth: [1, 3, 6, 1, 5, 5, 7, 3, 1],
};

const newKeys = () => generateKeyPairSync("ec", { namedCurve: "P-256" });

interface Wanted {
  readonly issuer: Buffer;
  readonly validity: Buffer;
  readonly subject: Buffer;
  readonly key: KeyObject;
  readonly extensions: readonly Buffer[];
}

function certificate({ issuer, validity, subject, key, extensions }: Wanted, signer: KeyObject): string {
  const algorithm = sequence(oid(OID.ecdsaWithSha256));
  // A serial number that begins with a one bit would be negative.
  const serial = tlv(0x02, Buffer.from([0x01, ...randomBytes(8)]));
  const body = sequence(
    tlv(0xa0, tlv(0x02, Buffer.from([2]))),
    serial,
    algorithm,
    issuer,
    validity,
    subject,
    key.export({ type: "spki", format: "der" }),
    tlv(0xa3, sequence(...extensions)),
  );
  const signature = tlv(0x03, Buffer.from([0]), sign("sha256", body, signer));
  const lines = sequence(body, algorithm, signature)
    .toString("base64")
    .match(/.{1,64}/g);
  return ["-----BEGIN CERTIFICATE-----", ...(lines ?? []), "-----END CERTIFICATE-----", ""].join("\n");
}

/** All of ours are critical: whoever does not understand one must not trust the certificate. */
const extension = (id: readonly number[], value: Buffer): Buffer =>
  sequence(oid(id), Buffer.from([0x01, 0x01, 0xff]), tlv(0x04, value));

const LOOPBACK = tlv(0x87, Buffer.from([127, 0, 0, 1]));
const dnsName = (host: string): Buffer => tlv(0x82, Buffer.from(host));
const name = (text: string): Buffer =>
  sequence(tlv(0x31, sequence(oid(OID.commonName), tlv(0x0c, Buffer.from(text)))));

function utcTime(at: number): Buffer {
  const digits = new Date(at).toISOString().replaceAll(/\D/g, "");
  return tlv(0x17, Buffer.from(`${digits.slice(2, 14)}Z`));
}

function oid([first = 0, second = 0, ...rest]: readonly number[]): Buffer {
  return tlv(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(value: number): number[] {
  const groups = [value % 128];
  for (let left = Math.floor(value / 128); left > 0; left = Math.floor(left / 128))
    groups.unshift(128 + (left % 128));
  return groups;
}

const sequence = (...parts: readonly Buffer[]): Buffer => tlv(0x30, ...parts);

function tlv(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
