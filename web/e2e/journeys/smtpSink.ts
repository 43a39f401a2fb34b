import { createServer, type Server } from 'node:net';

/** A mail server that takes everything and keeps it, for the journey that sends real mail. */
export class SmtpSink {
  readonly mails: string[] = [];
  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async start(): Promise<SmtpSink> {
    const mails: string[] = [];
    const server = createServer((socket) => {
      socket.setEncoding('utf8');
      let heard = '';
      let inData = false;
      socket.write('220 sink ESMTP\r\n');
      socket.on('error', () => undefined);
      socket.on('data', (part: string) => {
        heard += part;
        for (;;) {
          if (inData) {
            const end = heard.indexOf('\r\n.\r\n');
            if (end < 0) return;
            mails.push(heard.slice(0, end).replace(/^\.\./gm, '.'));
            heard = heard.slice(end + 5);
            inData = false;
            socket.write('250 2.0.0 taken\r\n');
          } else {
            const end = heard.indexOf('\r\n');
            if (end < 0) return;
            const verb = heard.slice(0, end).split(' ')[0]?.toUpperCase();
            heard = heard.slice(end + 2);
            if (verb === 'EHLO') socket.write('250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n');
            else if (verb === 'DATA') {
              inData = true;
              socket.write('354 go on\r\n');
            } else if (verb === 'QUIT') {
              socket.write('221 bye\r\n');
              socket.end();
            } else socket.write('250 ok\r\n');
          }
        }
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const sink = new SmtpSink(server, typeof address === 'object' && address ? address.port : 0);
    Object.defineProperty(sink, 'mails', { value: mails });
    return sink;
  }

  stop() {
    this.server.close();
  }

  /** The decoded HTML part of a mail. */
  static html(mail: string): string {
    const part = mail.slice(mail.indexOf('Content-Type: text/html'));
    const body = part.slice(part.indexOf('\r\n\r\n') + 4);
    return /quoted-printable/i.test(part.slice(0, part.indexOf('\r\n\r\n')))
      ? body
          .replace(/=\r\n/g, '')
          .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
      : body;
  }
}
