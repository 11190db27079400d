/** A mail server of this machine that takes every letter and keeps it. */
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

export interface Letter {
  receiver: string;
  subject: string;
  /** The plain text. */
  text: string;
}

function decodeWord(word: string): string {
  return word.replaceAll(/=\?utf-8\?b\?([^?]*)\?=\s*/giu, (_, packed: string) => Buffer.from(packed, 'base64').toString('utf8'));
}

function decodeBody(encoding: string, body: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  if (encoding !== 'quoted-printable') return body;
  const bytes = body.replaceAll('=\r\n', '').replaceAll(/=([0-9A-F]{2})/gu, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

function read(receiver: string, raw: string): Letter {
  const [head = ''] = raw.split('\r\n\r\n');
  const subject = /^Subject: (.*)$/mu.exec(head.replaceAll(/\r\n[ \t]/gu, ' '))?.[1] ?? '';
  const part = /Content-Transfer-Encoding: (\S+)\r\n\r\n([\s\S]*?)\r\n--/u.exec(raw);
  return { receiver, subject: decodeWord(subject).trim(), text: decodeBody(part?.[1] ?? '', part?.[2] ?? '') };
}

/** The HTML of a letter; nothing when it has none. */
function readHtml(raw: string): string {
  const part = /Content-Type: text\/html[^\r]*\r\nContent-Transfer-Encoding: (\S+)\r\n\r\n([\s\S]*?)\r\n--/u.exec(raw);
  return decodeBody(part?.[1] ?? '', part?.[2] ?? '');
}

export class MailSink {
  readonly letters: Letter[] = [];
  /** What programs of mail show of them. */
  readonly htmls: string[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<MailSink> {
    const server = createServer();
    const sink = new MailSink(server);
    server.on('connection', (socket) => sink.serve(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return sink;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  stop(): void {
    this.server.close();
  }

  lastTo(receiver: string): Letter | undefined {
    return this.letters.findLast((letter) => letter.receiver === receiver);
  }

  private serve(socket: Socket): void {
    let received = '';
    let receiver = '';
    let isText = false;
    const say = (line: string): void => void socket.write(`${line}\r\n`);
    say('220 sink.test ESMTP');
    // A client that leaves without a word is no fault of the test.
    socket.on('error', () => socket.destroy());
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      received += chunk;
      for (;;) {
        const end = received.indexOf(isText ? '\r\n.\r\n' : '\r\n');
        if (end < 0) return;
        const line = received.slice(0, end);
        received = received.slice(end + (isText ? 5 : 2));
        if (isText) {
          this.letters.push(read(receiver, line));
          this.htmls.push(readHtml(line));
          isText = false;
          say('250 Taken');
        } else if (/^(EHLO|HELO)/iu.test(line)) say('250-sink.test\r\n250 8BITMIME');
        else if (/^RCPT/iu.test(line)) {
          receiver = /<(.*)>/u.exec(line)?.[1] ?? '';
          say(receiver.startsWith('nobody') ? '550 5.1.1 No such user' : '250 Ok');
        } else if (/^DATA/iu.test(line)) {
          isText = true;
          say('354 Go on');
        } else if (/^QUIT/iu.test(line)) socket.end('221 Bye\r\n');
        else say('250 Ok');
      }
    });
  }
}
