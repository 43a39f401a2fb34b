// Postmark's own client for Node, pointed at a Millrace server: reads steps [{ method, args }] from standard input, writes what each came to.
// node postmark-client.cjs MODULE HOST TOKEN
const [, , modulePath, host, token] = process.argv;
const { ServerClient } = require(modulePath);
const client = new ServerClient(token, { requestHost: host, useHttps: false, timeout: 60 });
let input = '';
process.stdin.on('data', (chunk) => (input += chunk));
process.stdin.on('end', async () => {
  const results = [];
  for (const { method, args } of JSON.parse(input)) {
    try {
      results.push({ value: await client[method](...args) });
    } catch (e) {
      results.push({ error: e.name, code: e.code, status: e.statusCode, message: e.message, recipients: e.recipients ?? null });
    }
  }
  process.stdout.write(JSON.stringify(results));
});
