using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Mail.Receiving;
using Npgsql;
using NpgsqlTypes;

namespace Millrace.Host.Bench;

/// <summary>
/// <c>bench ingest</c>: opens, clicks and events over HTTP (two, one and two of five), answered only when their rows are durable, while the
/// reactor works them off. The bound is the smaller of a binary COPY of the same rows by two connections and a bare Kestrel for the same requests.
/// </summary>
internal sealed class IngestBench : Benchmark
{
    private const int Connections = 64;
    private const int Contacts = 10_000;

    private const string Html = """
        <html><body><p>Hello %FIRSTNAME%, <a href="https://www.example.com/news">news</a></p><p><a href="%UNSUBSCRIBELINK%">Unsubscribe</a> %SENDER-INFO%</p></body></html>
        """;

    private readonly FaultSink _sink = FaultSink.Start();
    private List<byte[]> _requests = [];

    public override string Name => "ingest";

    public override string Unit => "events/s";

    public override string BoundIs => "the smaller of binary COPY of the same rows by 2 connections and bare Kestrel for the same requests";

    public override double Goal => 0.5;

    public override IReadOnlyDictionary<string, string?> Settings => MailRound.Settings(_sink, 20);

    public override async Task PrepareAsync(BenchContext context, CancellationToken cancellationToken)
    {
        var mails = new MailRound(context, _sink);
        var contacts = await mails.ContactsAsync(Contacts, cancellationToken);
        var version = await mails.FreezeAsync(Html, cancellationToken);
        await mails.SendAsync(version, 0, contacts, cancellationToken);
        var links = _sink.Messages.Select(m => LinksOf(m.Bytes.Span)).ToList();
        _sink.KeepsMessages = false;

        // Everybody has opened once: from here each request makes exactly one activity.
        var server = new IPEndPoint(IPAddress.Loopback, context.Address.Port);
        await HttpLoad.RunAsync(server, [.. links.Select(l => Get(l.Open))], Connections, cancellationToken);
        var account = await context.App.Services.GetRequiredService<IAccountSettings>().GetAsync(context.AccountId, cancellationToken);
        _requests = [.. Enumerable.Range(0, context.Scale(300_000)).Select(i => (i % 5) switch
        {
            0 or 1 => Get(links[i % Contacts].Open),
            2 => Get(links[i % Contacts].Click),
            _ => Event(account, i),
        })];
    }

    public override async Task<(long Items, double Seconds)> ProductAsync(BenchContext context, int round, CancellationToken cancellationToken)
    {
        var before = await CountAsync(context, cancellationToken);
        var seconds = await HttpLoad.RunAsync(new IPEndPoint(IPAddress.Loopback, context.Address.Port), _requests, Connections, cancellationToken);
        var durable = await CountAsync(context, cancellationToken) - before;
        return durable == _requests.Count ? (durable, seconds) : throw new InvalidOperationException($"{_requests.Count} answered, {durable} rows.");
    }

    public override async Task<(long Items, double Seconds)> BoundAsync(BenchContext context, int round, CancellationToken cancellationToken)
    {
        var copy = await CopyAsync(context, cancellationToken);
        var (bare, address) = await BareKestrel.StartAsync(cancellationToken);
        await using var _ = bare;
        var http = await HttpLoad.RunAsync(new IPEndPoint(IPAddress.Loopback, address.Port), _requests, Connections, cancellationToken);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    COPY {_requests.Count / copy:N0}/s, bare Kestrel {_requests.Count / http:N0}/s"));
        return (_requests.Count, Math.Max(copy, http));
    }

    private async Task<double> CopyAsync(BenchContext context, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var half = _requests.Count / 2;
        await Task.WhenAll(Enumerable.Range(0, 2).Select(part => Task.Run(() => CopyPartAsync(context, part * half, half, cancellationToken), cancellationToken)));
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await using var connection = new NpgsqlConnection(context.OwnerConnectionString);
        await connection.OpenAsync(cancellationToken);
        await Sql.Of($"drop table if exists bench_activity, bench_queue").ExecuteAsync(connection, cancellationToken);
        return seconds;
    }

    // The same rows, the same two tables with the same keys, straight from memory.
    private static async Task CopyPartAsync(BenchContext context, int first, int count, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(context.OwnerConnectionString);
        await connection.OpenAsync(cancellationToken);
        await Sql.Of($"select pg_advisory_lock(42)").ExecuteAsync(connection, cancellationToken);
        await Sql.Of($"create table if not exists bench_activity (like activities.activity including all)").ExecuteAsync(connection, cancellationToken);
        await Sql.Of($"create table if not exists bench_queue (like activities.activity_queue including all)").ExecuteAsync(connection, cancellationToken);
        await Sql.Of($"select pg_advisory_unlock(42)").ExecuteAsync(connection, cancellationToken);
        var now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000).UtcDateTime;
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var rows = await Sql.Of($"copy bench_activity (account_id, contact_id, occurred_at, id, kind, subject_id, data) from stdin (format binary)").CopyAsync(connection, cancellationToken))
        {
            for (var i = first; i < first + count; i++)
            {
                await rows.StartRowAsync(cancellationToken);
                await rows.WriteAsync(context.AccountId, NpgsqlDbType.Bigint, cancellationToken);
                await rows.WriteAsync((long)(i % Contacts) + 1, NpgsqlDbType.Bigint, cancellationToken);
                await rows.WriteAsync(now, NpgsqlDbType.TimestampTz, cancellationToken);
                await rows.WriteAsync((long)i, NpgsqlDbType.Bigint, cancellationToken);
                await rows.WriteAsync("event.recorded", NpgsqlDbType.Text, cancellationToken);
                await rows.WriteAsync(1L, NpgsqlDbType.Bigint, cancellationToken);
                await rows.WriteAsync($$"""{"contact_id":{{(i % Contacts) + 1}},"event_id":1,"name":"viewed","value":"item {{i}}"}""", NpgsqlDbType.Jsonb, cancellationToken);
            }

            await rows.CompleteAsync(cancellationToken);
        }

        await using (var rows = await Sql.Of($"copy bench_queue (account_id, id, bucket, contact_id, occurred_at, kind) from stdin (format binary)").CopyAsync(connection, cancellationToken))
        {
            for (var i = first; i < first + count; i++)
            {
                await rows.StartRowAsync(cancellationToken);
                await rows.WriteAsync(context.AccountId, NpgsqlDbType.Bigint, cancellationToken);
                await rows.WriteAsync((long)i, NpgsqlDbType.Bigint, cancellationToken);
                await rows.WriteAsync(Bucket.Of(context.AccountId, (i % Contacts) + 1), NpgsqlDbType.Smallint, cancellationToken);
                await rows.WriteAsync((long)(i % Contacts) + 1, NpgsqlDbType.Bigint, cancellationToken);
                await rows.WriteAsync(now, NpgsqlDbType.TimestampTz, cancellationToken);
                await rows.WriteAsync("event.recorded", NpgsqlDbType.Text, cancellationToken);
            }

            await rows.CompleteAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task<long> CountAsync(BenchContext context, CancellationToken cancellationToken)
    {
        await using var work = await context.BeginAsync(cancellationToken);
        return await Sql.Of($"select count(*) from activities.activity where account_id = {context.AccountId}").FirstAsync<long>(work, cancellationToken);
    }

    private static readonly Regex OpenLink = new("/o/[A-Za-z0-9_-]+", RegexOptions.None, TimeSpan.FromSeconds(1));
    private static readonly Regex ClickLink = new("/c/[A-Za-z0-9_-]+", RegexOptions.None, TimeSpan.FromSeconds(1));

    private static (string Open, string Click) LinksOf(ReadOnlySpan<byte> mail)
    {
        var text = Encoding.ASCII.GetString(mail).Replace("=\r\n", "", StringComparison.Ordinal);
        return (OpenLink.Match(text).Value, ClickLink.Match(text).Value);
    }

    private static byte[] Get(string path) => Encoding.ASCII.GetBytes(
        $"GET {path} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n\r\n");

    private static byte[] Event(AccountSettings account, int i)
    {
        var visit = Uri.EscapeDataString($$"""{"email":"person{{(i % Contacts) + 1}}@example{{((i % Contacts) + 1) % 97}}.org"}""");
        var body = string.Create(CultureInfo.InvariantCulture, $"actid={account.Id}&key={account.EventKey}&event=viewed&eventdata=item+{i}&visit={visit}");
        return Encoding.ASCII.GetBytes(
            $"POST /event HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    }
}
