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
    private const int Lines = 20;
    private const int FullPerRound = 40_000;
    private const int QueuedAtOnce = 5_000;

    private const string Html = """
        <html><body><h1>Hello %FIRSTNAME%</h1><p>Your plan is %PLAN%, and this is what is new this week for you and everybody in %CITY%.</p>
        %IF $PLAN == "pro"%<p>As a professional you may try the new reports a month before everybody else does.</p>%ELSE%<p>Upgrade to see the new reports.</p>%/IF%
        <p><a href="https://www.example.com/reports?from=mail">Reports</a> <a href="https://www.example.com/blog/this-week">Blog</a>
        <a href="https://www.example.com/pricing">Pricing</a></p><p><a href="%UNSUBSCRIBELINK%">Unsubscribe</a> %SENDER-INFO%</p></body></html>
        """;

    private readonly FaultSink _sink = FaultSink.Start();
    private readonly DkimSigner _signer = new("example.com", "bench", DkimKey.Generate());
    private MessageVersionKey _version;
    private List<long> _contacts = [];
    private byte[] _mail = [];

    public override string Name => "send";

    public override string Unit => "mails/s";

    public override string BoundIs => $"bare client with {Lines} connections signing (RSA-2048) and sending mails of the same bytes from memory";

    public override double Goal => 0.5;

    public override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["Millrace:Smtp:Url"] = FormattableString.Invariant($"smtp://127.0.0.1:{_sink.Port}?tls=none"),
        ["Millrace:Smtp:Connections"] = FormattableString.Invariant($"{Lines}"),
    };

    public override async Task PrepareAsync(BenchContext context, CancellationToken cancellationToken)
    {
        using (var app = await context.LogInAsync("bench@example.com", cancellationToken))
        {
            using var added = await app.PostAsJsonAsync("sender-domains", new { domain = "example.com" }, cancellationToken);
            added.EnsureSuccessStatusCode();
        }

        await using (var work = await context.BeginAsync(cancellationToken))
        {
            _contacts = await Sql.Of($"""
                insert into contacts.contact (account_id, email, first_name, last_name, created_at, updated_at)
                select {context.AccountId}, 'person' || n || '@example' || n % 97 || '.org', 'Ada' || n % 50, 'Lovelace', now(), now()
                from generate_series(1, {context.Scale(FullPerRound)}) n returning id
                """).ListAsync<long>(work, cancellationToken);
            await Sql.Of($"""
                with made as (
                    insert into contacts.field (account_id, name, key, type, created_at, updated_at)
                    values ({context.AccountId}, 'Plan', 'PLAN', 'text', now(), now()), ({context.AccountId}, 'City', 'CITY', 'text', now(), now()) returning id, key)
                insert into contacts.field_value (account_id, contact_id, field_id, value, updated_at)
                select c.account_id, c.id, m.id, case when m.key = 'CITY' then 'London' when c.id % 2 = 0 then 'pro' else 'basic' end, now()
                from contacts.contact c, made m where c.account_id = {context.AccountId}
                """).ExecuteAsync(work, cancellationToken);
            var content = new MessageContent(
                MessageKind.Marketing, "News for %FIRSTNAME%", "What is new", "Bench", "news@example.com", "", Html, null, "", TrackOpens: true, TrackClicks: true);
            _version = await Outbox(context).FreezeStepAsync(work.Transaction, context.AccountId, 1, "bench", content, cancellationToken);
            await work.CommitAsync(cancellationToken);
        }

        // Also warms both sides up, and gives the bound its mail.
        await SendAsync(context, 0, _contacts[..Math.Min(2_000, _contacts.Count)], cancellationToken);
        _mail = Unsigned(_sink.Messages[0].Bytes.Span);
        _sink.KeepsMessages = false;
    }

    public override async Task<(long Items, double Seconds)> ProductAsync(BenchContext context, int round, CancellationToken cancellationToken)
    {
        var before = _sink.Count;
        var seconds = await SendAsync(context, round, _contacts, cancellationToken);
        return _sink.Count - before == _contacts.Count
            ? (_contacts.Count, seconds)
            : throw new InvalidOperationException($"{_contacts.Count} mails, {_sink.Count - before} arrived.");
    }

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

    private async Task<double> SendAsync(BenchContext context, int round, List<long> contacts, CancellationToken cancellationToken)
    {
        var clock = context.App.Services.GetRequiredService<TimeProvider>();
        var (before, started) = (_sink.Count, Stopwatch.GetTimestamp());
        foreach (var part in contacts.Chunk(QueuedAtOnce))
        {
            await using var work = await context.BeginAsync(cancellationToken);
            await Outbox(context).QueueAsync(
                work.Transaction, context.AccountId, _version, new SendSource(SendSourceKind.Campaign, clock.GetUtcNow()),
                [.. part.Select(c => new SendRecipient(1_000 + round, c, 0))], cancellationToken);
            await work.CommitAsync(cancellationToken);
            Outbox(context).Wake();
        }

        await BenchContext.UntilAsync(() => Task.FromResult(_sink.Count - before >= contacts.Count), TimeSpan.FromMinutes(10), "the mails are at the sink");
        await BenchContext.UntilAsync(
            async () =>
            {
                await using var work = await context.BeginAsync(cancellationToken);
                return await Sql.Of($"""
                    select not exists (select 1 from messaging.send where account_id = {context.AccountId} and source_kind = 'campaign'
                                       and source_id = {1_000 + round} and state <> 'sent')
                    """).FirstAsync<bool>(work, cancellationToken);
            },
            TimeSpan.FromMinutes(10),
            "every mail is in the ledger as sent");
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static IOutbox Outbox(BenchContext context) => context.App.Services.GetRequiredService<IOutbox>();

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
