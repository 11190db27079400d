/** A directory of this machine: LDAP in clear text, with one who asks and one person. */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

const ASKER = { dn: 'cn=kartoteka,dc=example,dc=org', password: 'пароль для поиска' };
const PERSON = {
  dn: 'uid=maria,ou=people,dc=example,dc=org',
  password: 'рабочий пароль Марии',
  attributes: { uid: 'maria', cn: 'Марія Гайда', mail: 'maria@example.org', entryUUID: '5b1d6c9e-0000-4000-8000-000000000001' },
};

interface Part {
  tag: number;
  content: Buffer;
}

function lengthAt(bytes: Buffer): { length: number; start: number } | null {
  const first = bytes[1];
  if (first === undefined) return null;
  if (first < 0x80) return { length: first, start: 2 };
  const count = first & 0x7f;
  return bytes.length < 2 + count ? null : { length: bytes.readUIntBE(2, count), start: 2 + count };
}

function parts(content: Buffer): Part[] {
  const found: Part[] = [];
  for (let rest = content; rest.length > 0; ) {
    const at = lengthAt(rest);
    if (at === null) throw new Error('no LDAP');
    found.push({ tag: rest[0] ?? 0, content: rest.subarray(at.start, at.start + at.length) });
    rest = rest.subarray(at.start + at.length);
  }
  return found;
}

function made(tag: number, ...content: (Buffer | string)[]): Buffer {
  const inner = Buffer.concat(content.map((part) => Buffer.from(part)));
  const head = Buffer.alloc(6);
  head.writeUInt8(tag, 0);
  head.writeUInt8(0x84, 1);
  head.writeUInt32BE(inner.length, 2);
  return Buffer.concat([head, inner]);
}

function outcome(tag: number, code: number): Buffer {
  return made(tag, made(0x0a, Buffer.from([code])), made(0x04), made(0x04));
}

export class DirectoryServer {
  readonly asker = ASKER;
  readonly person = PERSON;
  private constructor(private readonly server: Server) {}

  static async start(): Promise<DirectoryServer> {
    const server = createServer();
    const directory = new DirectoryServer(server);
    server.on('connection', (socket) => directory.serve(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return directory;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  stop(): void {
    this.server.close();
  }

  private serve(socket: Socket): void {
    let held = Buffer.alloc(0);
    socket.on('error', () => socket.destroy());
    socket.on('data', (data) => {
      held = Buffer.concat([held, Buffer.from(data)]);
      for (let at = lengthAt(held); at !== null && held.length >= at.start + at.length; at = lengthAt(held)) {
        const [id, question] = parts(held.subarray(at.start, at.start + at.length));
        held = held.subarray(at.start + at.length);
        if (id === undefined || question === undefined || question.tag === 0x42) socket.end();
        else for (const answer of this.answers(question)) socket.write(made(0x30, made(0x02, id.content), answer));
      }
    });
  }

  private answers({ tag, content }: Part): Buffer[] {
    const [first, second, third, , , , filter] = parts(content);
    if (tag === 0x60) {
      const isRight = [ASKER, PERSON].some(({ dn, password }) => second?.content.toString() === dn && third?.content.toString() === password);
      return [outcome(0x61, isRight ? 0 : 49)];
    }
    if (tag !== 0x63 || first === undefined || filter === undefined) return [outcome(0x65, 2)];
    const attributes = Object.entries(PERSON.attributes).map(([name, value]) => made(0x30, made(0x04, name), made(0x31, made(0x04, value))));
    const entry = made(0x64, made(0x04, PERSON.dn), made(0x30, ...attributes));
    return this.matches(filter) ? [entry, outcome(0x65, 0)] : [outcome(0x65, 0)];
  }

  private matches({ tag, content }: Part): boolean {
    if (tag === 0xa0) return parts(content).every((part) => this.matches(part));
    const attributes = new Map(Object.entries({ ...PERSON.attributes, objectClass: 'inetOrgPerson' }));
    if (tag === 0x87) return attributes.has(content.toString());
    const [name, value] = parts(content);
    return tag === 0xa3 && attributes.get(name?.content.toString() ?? '') === value?.content.toString();
  }
}
