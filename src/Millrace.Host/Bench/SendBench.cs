using System.Diagnostics;
using Millrace.Kernel.Data;
using Millrace.Mail.Dkim;
using Millrace.Mail.Mime;
using Millrace.Mail.Receiving;
using Millrace.Mail.Smtp;
using Millrace.Messaging.Contracts;

namespace Millrace.Host.Bench;

/// <summary>
/// <c>bench send</c>: from queueing to the last durable result, through the real dispatcher to a sink in this process. The bound signs and sends
/// one of the very mails the product made, from memory, with as many connections.
/// </summary>
internal sealed class SendBench : Benchmark
{
    private const int Lines = 50;
    private const int FullPerRound = 100_000;

    private const string Html = """
        <html><body><h1>Hello %FIRSTNAME%</h1><p>Your plan is %PLAN%, and this is what is new this week for you and everybody in %CITY%.</p>
        %IF $PLAN == "pro"%<p>As a professional you may try the new reports a month before everybody else does.</p>%ELSE%<p>Upgrade to see the new reports.</p>%/IF%
        <p><a href="https://www.example.com/reports?from=mail">Reports</a> <a href="https://www.example.com/blog/this-week">Blog</a>
        <a href="https://www.example.com/pricing">Pricing</a></p><p><a href="%UNSUBSCRIBELINK%">Unsubscribe</a> %SENDER-INFO%</p></body></html>
        """;

    private readonly FaultSink _sink = FaultSink.Start();
    private readonly DkimSigner _signer = new("example.com", "bench", DkimKey.Generate());
    private MailRound? _mails;
    private MessageVersionKey _version;
    private List<long> _contacts = [];
    private byte[] _mail = [];

    public override string Name => "send";

    public override string Unit => "mails/s";

    public override string BoundIs => $"bare client with {Lines} connections signing (RSA-2048) and sending mails of the same bytes from memory";

    public override double Goal => 0.5;

    public override IReadOnlyDictionary<string, string?> Settings => MailRound.Settings(_sink, Lines);

    public override async Task PrepareAsync(BenchContext context, CancellationToken cancellationToken)
    {
        using (var app = await context.LogInAsync("bench@example.com", cancellationToken))
        {
            using var added = await app.PostAsJsonAsync("sender-domains", new { domain = "example.com" }, cancellationToken);
            added.EnsureSuccessStatusCode();
        }

        _mails = new MailRound(context, _sink);
        _contacts = await _mails.ContactsAsync(context.Scale(FullPerRound), cancellationToken);
        await using (var work = await context.BeginAsync(cancellationToken))
        {
            await Sql.Of($"""
                with made as (
                    insert into contacts.field (account_id, name, key, type, created_at, updated_at)
                    values ({context.AccountId}, 'Plan', 'PLAN', 'text', now(), now()), ({context.AccountId}, 'City', 'CITY', 'text', now(), now()) returning id, key)
                insert into contacts.field_value (account_id, contact_id, field_id, value, updated_at)
                select c.account_id, c.id, m.id, case when m.key = 'CITY' then 'London' when c.id % 2 = 0 then 'pro' else 'basic' end, now()
                from contacts.contact c, made m where c.account_id = {context.AccountId}
                """).ExecuteAsync(work, cancellationToken);
            await work.CommitAsync(cancellationToken);
        }

        // The bound gets the first of these.
        _version = await _mails.FreezeAsync(Html, cancellationToken);
        await _mails.SendAsync(_version, 10_000, _contacts[..1_000], cancellationToken);
        _mail = Unsigned(_sink.Messages[0].Bytes.Span);
        _sink.KeepsMessages = false;
    }

    public override async Task<(long Items, double Seconds)> ProductAsync(BenchContext context, int round, CancellationToken cancellationToken) =>
        (_contacts.Count, await _mails!.SendAsync(_version, round, _contacts, cancellationToken));

    public override async Task<(long Items, double Seconds)> BoundAsync(BenchContext context, int round, CancellationToken cancellationToken)
    {
        var endpoint = SmtpEndpoint.Parse(Settings["Millrace:Smtp:Url"]!);
        await using var pool = new SmtpPool(endpoint, Lines, new SmtpClientOptions(), TimeProvider.System);
        var (next, count) = (-1, _contacts.Count);
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Lines).Select(_ => Task.Run(
            async () =>
            {
                while (Interlocked.Increment(ref next) is var i && i < count)
                {
                    await SendBareAsync(pool, i, cancellationToken);
                }
            },
            cancellationToken)));
        return (count, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private async Task SendBareAsync(SmtpPool pool, int i, CancellationToken cancellationToken)
    {
        using var bytes = new MailBuffer(_mail.Length + 4096);
        bytes.Write(_mail);
        _signer.Sign(bytes, TimeProvider.System.GetUtcNow());
        var (connection, failure) = await pool.RentAsync(cancellationToken);
        if (connection is null)
        {
            throw new IOException($"No connection to the sink: {failure}");
        }

        await connection.SendAsync(
            new SmtpEnvelope("news@example.com", FormattableString.Invariant($"person{i}@example{i % 97}.org")), bytes.Memory, cancellationToken);
        await pool.ReturnAsync(connection);
    }

    /// <summary>The mail without its signature, which stands first: the bound makes its own.</summary>
    private static byte[] Unsigned(ReadOnlySpan<byte> mail)
    {
        if (!mail.StartsWith("DKIM-Signature:"u8))
        {
            throw new InvalidOperationException("The product did not sign.");
        }

        var end = 0;
        do
        {
            end += mail[end..].IndexOf("\r\n"u8) + 2;
        }
        while (mail[end] is (byte)' ' or (byte)'\t');

        return mail[end..].ToArray();
    }
}
