/** The lab's own certificate authority and the leaves it signs: good ones and each kind of bad one. */
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(crypto);

const KEY = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 86_400_000;

type KeyPair = Awaited<ReturnType<typeof generateKeys>>;

function generateKeys() {
  return crypto.subtle.generateKey(KEY, true, ['sign', 'verify']);
}

/** A certificate with its private key, both PEM. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

export type LeafKind = 'good' | 'wrong-host' | 'expired' | 'not-yet-valid' | 'untrusted';

/** A certificate authority; the same CA signs every leaf but `untrusted`. */
export class LabAuthority {
  /** PEM of the root. */
  readonly ca: string;
  readonly #root: x509.X509Certificate;
  readonly #keys: KeyPair;
  #stranger: Promise<LabAuthority> | null = null;

  private constructor(root: x509.X509Certificate, keys: KeyPair) {
    this.#root = root;
    this.#keys = keys;
    this.ca = root.toString('pem');
  }

  static async create(name = 'Gopherbar Lab Root'): Promise<LabAuthority> {
    const keys = await generateKeys();
    const root = await x509.X509CertificateGenerator.createSelfSigned({
      name: `CN=${name}`,
      notBefore: new Date(Date.now() - DAY_MS),
      notAfter: new Date(Date.now() + 365 * DAY_MS),
      signingAlgorithm: KEY,
      keys,
      extensions: [
        new x509.BasicConstraintsExtension(true, 1, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      ],
    });
    return new LabAuthority(root, keys);
  }

  /** Signs a leaf for names and IP addresses. */
  async leaf(kind: LeafKind, hosts: readonly string[]): Promise<Identity> {
    if (kind === 'untrusted') {
      // One for all, however many ask at once: an interceptor has one authority.
      this.#stranger ??= LabAuthority.create('Somebody Else Root');
      return (await this.#stranger).leaf('good', hosts);
    }
    const from = kind === 'expired' ? -30 : kind === 'not-yet-valid' ? 10 : -1;
    const to = kind === 'expired' ? -2 : 90;
    const names = kind === 'wrong-host' ? ['elsewhere.lab'] : hosts;
    const keys = await generateKeys();
    const cert = await x509.X509CertificateGenerator.create({
      subject: `CN=${names[0]}`,
      issuer: this.#root.subject,
      notBefore: new Date(Date.now() + from * DAY_MS),
      notAfter: new Date(Date.now() + to * DAY_MS),
      signingKey: this.#keys.privateKey,
      publicKey: keys.publicKey,
      signingAlgorithm: KEY,
      extensions: [
        new x509.BasicConstraintsExtension(false),
        new x509.ExtendedKeyUsageExtension(['1.3.6.1.5.5.7.3.1']),
        new x509.SubjectAlternativeNameExtension(
          names.map((name) => ({ type: /^[\d.:]+$/.test(name) ? 'ip' : 'dns', value: name }) as const),
        ),
      ],
    });
    const key = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
    return {
      cert: `${cert.toString('pem')}\n${this.ca}`,
      key: `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n`,
    };
  }
}
