/** A chain as public servers have it: RSA root → RSA intermediate → P-256 leaf. Created for each run. */
import 'reflect-metadata';
import type { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(crypto);

const RSA = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  publicExponent: new Uint8Array([1, 0, 1]),
  modulusLength: 2048,
};
const P256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 86_400_000;

/** PEM texts: the root to trust; the leaf with its intermediate, and its key. */
export interface Chain {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** A chain for one host name. */
export async function certificates(host: string): Promise<Chain> {
  const rootKeys = await keyPair(RSA);
  const middleKeys = await keyPair(RSA);
  const leafKeys = await keyPair(P256);
  const root = await sign('CN=Bench Root', 'CN=Bench Root', rootKeys.publicKey, rootKeys.privateKey, [
    new x509.BasicConstraintsExtension(true, 2, true),
  ]);
  const middle = await sign('CN=Bench Intermediate', 'CN=Bench Root', middleKeys.publicKey, rootKeys.privateKey, [
    new x509.BasicConstraintsExtension(true, 0, true),
  ]);
  const leaf = await sign(`CN=${host}`, 'CN=Bench Intermediate', leafKeys.publicKey, middleKeys.privateKey, [
    new x509.BasicConstraintsExtension(false),
    new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: host }]),
  ]);
  const key = Buffer.from(await crypto.subtle.exportKey('pkcs8', leafKeys.privateKey)).toString('base64');
  return {
    ca: root.toString('pem'),
    cert: `${leaf.toString('pem')}\n${middle.toString('pem')}\n`,
    key: `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n`,
  };
}

async function keyPair(algorithm: typeof RSA | typeof P256): Promise<webcrypto.CryptoKeyPair> {
  return (await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
}

function sign(
  subject: string,
  issuer: string,
  publicKey: webcrypto.CryptoKey,
  signingKey: webcrypto.CryptoKey,
  extensions: x509.Extension[],
): Promise<x509.X509Certificate> {
  return x509.X509CertificateGenerator.create({
    subject,
    issuer,
    publicKey,
    signingKey,
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + 90 * DAY_MS),
    signingAlgorithm: RSA,
    extensions,
  });
}
