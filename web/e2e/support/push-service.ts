/** A push service on this machine, with the browser behind it: it takes messages and opens them with the keys of the browser (RFC 8291). */
import { createDecipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';

const TAG_BYTES = 16;

export class PushService {
  readonly messages: string[] = [];
  private readonly key = createECDH('prime256v1');
  private readonly auth = randomBytes(16);

  private constructor(private readonly server: Server) {
    this.key.generateKeys();
  }

  static async start(): Promise<PushService> {
    const server = createServer();
    const service = new PushService(server);
    server.on('request', (request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        service.messages.push(service.open(Buffer.concat(parts)));
        response.writeHead(201).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return service;
  }

  /** What `PushSubscription.toJSON()` answers. */
  get subscription(): { endpoint: string; keys: { p256dh: string; auth: string } } {
    const { port } = this.server.address() as AddressInfo;
    return {
      endpoint: `http://127.0.0.1:${port}/push/1`,
      keys: { p256dh: this.key.getPublicKey().toString('base64url'), auth: this.auth.toString('base64url') },
    };
  }

  /** The browser of the tests has no push service of its own: what it would be given comes from here. */
  async standInFor(page: Page): Promise<void> {
    await page.addInitScript((given) => {
      let current: object | null = null;
      const made = { options: { applicationServerKey: null }, toJSON: () => given, unsubscribe: () => Promise.resolve(((current = null), true)) };
      PushManager.prototype.subscribe = () => Promise.resolve((current = made) as unknown as PushSubscription);
      PushManager.prototype.getSubscription = () => Promise.resolve(current as PushSubscription | null);
    }, this.subscription);
  }

  private open(body: Buffer): string {
    const salt = body.subarray(0, 16);
    const theirs = body.subarray(21, 21 + body.readUInt8(20));
    const sealed = body.subarray(21 + theirs.length);
    const info = Buffer.concat([Buffer.from('WebPush: info\0'), this.key.getPublicKey(), theirs]);
    const input = hkdfSync('sha256', this.key.computeSecret(theirs), this.auth, info, 32);
    const derived = (name: string, length: number) => Buffer.from(hkdfSync('sha256', Buffer.from(input), salt, `Content-Encoding: ${name}\0`, length));
    const cipher = createDecipheriv('aes-128-gcm', derived('aes128gcm', 16), derived('nonce', 12));
    cipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    const plain = Buffer.concat([cipher.update(sealed.subarray(0, -TAG_BYTES)), cipher.final()]);
    // The mark of the last record.
    return plain.subarray(0, plain.lastIndexOf(2)).toString();
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
