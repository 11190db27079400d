/** An identity provider of this machine: OpenID Connect, with one person who is logged in there. */
import { createHash, createSign, generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Code {
  clientId: string;
  redirectUri: string;
  nonce: string;
  challenge: string;
}

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

async function bodyOf(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const part of request) text += String(part);
  return new URLSearchParams(text);
}

export class IdentityServer {
  /** Who is logged in there; null gives the login up. */
  account: Record<string, unknown> | null = { sub: 'account-1', email: 'maria@example.org', email_verified: true, name: 'Марія Гайда' };
  private readonly keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  private readonly codes = new Map<string, Code>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<IdentityServer> {
    const server = createServer();
    const provider = new IdentityServer(server);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void provider.answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return provider;
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.issuer);
    if (url.pathname === '/authorize') {
      response.writeHead(302, { location: this.authorize(url.searchParams) }).end();
      return;
    }
    const answers: Record<string, () => Promise<unknown>> = {
      '/.well-known/openid-configuration': () => Promise.resolve(this.metadata()),
      '/keys': () => Promise.resolve({ keys: [{ ...this.keys.publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'RS256' }] }),
      '/token': async () => this.token(await bodyOf(request)),
    };
    const answer = await answers[url.pathname]?.();
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(answer ?? {}));
  }

  private metadata(): unknown {
    const { issuer } = this;
    return { issuer, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/keys` };
  }

  private authorize(asked: URLSearchParams): string {
    const of = (name: string): string => asked.get(name) ?? '';
    const back = new URL(of('redirect_uri'));
    back.searchParams.set('state', of('state'));
    if (this.account === null) {
      back.searchParams.set('error', 'access_denied');
      return back.href;
    }
    const code = randomUUID();
    this.codes.set(code, { clientId: of('client_id'), redirectUri: of('redirect_uri'), nonce: of('nonce'), challenge: of('code_challenge') });
    back.searchParams.set('code', code);
    return back.href;
  }

  private token(form: URLSearchParams): unknown {
    const code = this.codes.get(form.get('code') ?? '');
    this.codes.delete(form.get('code') ?? '');
    const challenge = createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url');
    if (code === undefined || code.challenge !== challenge || code.redirectUri !== form.get('redirect_uri')) return { error: 'invalid_grant' };
    const now = Math.floor(Date.now() / 1_000);
    const claims = { iss: this.issuer, aud: code.clientId, nonce: code.nonce, iat: now, exp: now + 300, auth_time: now, ...this.account };
    const message = `${encoded({ alg: 'RS256', kid: 'one', typ: 'JWT' })}.${encoded(claims)}`;
    return { token_type: 'Bearer', access_token: 'access', id_token: `${message}.${createSign('RSA-SHA256').update(message).sign(this.keys.privateKey, 'base64url')}` };
  }
}
