using System.Diagnostics;
using Millrace.Kernel.Data;
using Millrace.Mail.Receiving;
using Millrace.Messaging.Contracts;

namespace Millrace.Host.Bench;

/// <summary>One mail to many contacts through the real dispatcher into a sink of this process.</summary>
internal sealed class MailRound(BenchContext context, FaultSink sink)
{
    private const int QueuedAtOnce = 5_000;

    /// <summary>Configuration that makes the server send to the sink.</summary>
    public static IReadOnlyDictionary<string, string?> Settings(FaultSink sink, int connections) => new Dictionary<string, string?>
    {
        ["Millrace:Smtp:Url"] = FormattableString.Invariant($"smtp://127.0.0.1:{sink.Port}?tls=none"),
        ["Millrace:Smtp:Connections"] = FormattableString.Invariant($"{connections}"),
    };

    /// <summary>Makes contacts with names.</summary>
    public async Task<List<long>> ContactsAsync(int count, CancellationToken cancellationToken)
    {
        await using var work = await context.BeginAsync(cancellationToken);
        var ids = await Sql.Of($"""
            insert into contacts.contact (account_id, email, first_name, last_name, created_at, updated_at)
            select {context.AccountId}, 'person' || n || '@example' || n % 97 || '.org', 'Ada' || n % 50, 'Lovelace', now(), now()
            from generate_series(1, {count}) n returning id
            """).ListAsync<long>(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return ids;
    }

    public async Task<MessageVersionKey> FreezeAsync(string html, CancellationToken cancellationToken)
    {
        await using var work = await context.BeginAsync(cancellationToken);
        var content = new MessageContent(
            MessageKind.Marketing, "News for %FIRSTNAME%", "What is new", "Bench", "news@example.com", "", html, null, "", TrackOpens: true, TrackClicks: true);
        var version = await Outbox.FreezeStepAsync(work.Transaction, context.AccountId, 1, "bench", content, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return version;
    }

    /// <returns>Seconds from the first row queued until every mail is in the ledger as sent.</returns>
    public async Task<double> SendAsync(MessageVersionKey version, int round, List<long> contacts, CancellationToken cancellationToken)
    {
        var clock = context.App.Services.GetRequiredService<TimeProvider>();
        var (before, started) = (sink.Count, Stopwatch.GetTimestamp());
        foreach (var part in contacts.Chunk(QueuedAtOnce))
        {
            await using var work = await context.BeginAsync(cancellationToken);
            await Outbox.QueueAsync(
                work.Transaction, context.AccountId, version, new SendSource(SendSourceKind.Campaign, clock.GetUtcNow()),
                [.. part.Select(c => new SendRecipient(1_000 + round, c, 0))], cancellationToken);
            await work.CommitAsync(cancellationToken);
            Outbox.Wake();
        }

        await BenchContext.UntilAsync(() => Task.FromResult(sink.Count - before >= contacts.Count), TimeSpan.FromMinutes(10), "the mails are at the sink");
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
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return sink.Count - before == contacts.Count ? seconds : throw new InvalidOperationException($"{contacts.Count} mails, {sink.Count - before} arrived.");
    }

    private IOutbox Outbox => context.App.Services.GetRequiredService<IOutbox>();
}
