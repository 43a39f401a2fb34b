using System.Text.RegularExpressions;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;

namespace Millrace.Messaging.Transactional.Servers;

internal sealed record StreamView(
    long Id, long ServerId, string Key, string Name, string Description, StreamKind Kind, UnsubscribeHandling Unsubscribe, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt,
    DateTimeOffset? ArchivedAt);

/// <summary>Streams of a server: made, renamed, archived and brought back.</summary>
internal static partial class MailStreams
{
    private const int MaxStreams = 20;

    public static readonly Sql Select = Sql.Of($"""
        select s.id, s.server_id, s.key, s.name, s.description, s.kind, s.unsubscribe, s.created_at, s.updated_at, s.archived_at from messaging.mail_stream s
        """);

    public static Task<StreamView?> FindAsync(AccountTransaction work, long accountId, long serverId, string key, CancellationToken cancellationToken) =>
        Sql.Of($"{Select} where s.account_id = {accountId} and s.server_id = {serverId} and s.key = {key.ToLowerInvariant()}").FirstAsync<StreamView>(work, cancellationToken);

    public static Task<StreamView?> FindAsync(AccountTransaction work, long accountId, long id, CancellationToken cancellationToken) =>
        Sql.Of($"{Select} where s.account_id = {accountId} and s.id = {id}").FirstAsync<StreamView>(work, cancellationToken);

    public static async Task<StreamView> AddAsync(
        AccountTransaction work, long accountId, long serverId, string key, string name, string description, StreamKind kind, UnsubscribeHandling? unsubscribe, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        if (!KeyShape().IsMatch(key))
        {
            throw new InvalidInputException("/key", "key_invalid", "A stream's key has 1 to 30 lower-case letters, digits and hyphens and begins with a letter or digit.");
        }

        Check(name, description, kind, unsubscribe);
        var there = await Sql.Of($"{Select} where s.account_id = {accountId} and s.server_id = {serverId}").ListAsync<StreamView>(work, cancellationToken);
        if (there.Count >= MaxStreams)
        {
            throw new ConflictException("too_many_streams", $"A server has at most {MaxStreams} streams.");
        }

        if (there.Any(s => s.Key == key))
        {
            throw new ConflictException("stream_exists", "This server has a stream of that key already.");
        }

        var handling = unsubscribe ?? (kind == StreamKind.Broadcasts ? UnsubscribeHandling.Postmark : UnsubscribeHandling.None);
        var id = await Sql.Of($"""
            insert into messaging.mail_stream (account_id, server_id, key, name, description, kind, unsubscribe, created_at, updated_at)
            values ({accountId}, {serverId}, {key}, {name}, {description}, {kind}, {handling}, {now}, {now}) returning id
            """).FirstAsync<long>(work, cancellationToken);
        return (await FindAsync(work, accountId, id, cancellationToken))!;
    }

    public static async Task<StreamView> SaveAsync(
        AccountTransaction work, long accountId, StreamView stream, string name, string description, UnsubscribeHandling unsubscribe, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Check(name, description, stream.Kind, unsubscribe);
        await Sql.Of($"""
            update messaging.mail_stream set name = {name}, description = {description}, unsubscribe = {unsubscribe}, updated_at = {now}
            where account_id = {accountId} and id = {stream.Id}
            """).ExecuteAsync(work, cancellationToken);
        return (await FindAsync(work, accountId, stream.Id, cancellationToken))!;
    }

    /// <summary>Nothing goes through an archived stream; it can be brought back. The stream that mails take when they name none stays.</summary>
    public static async Task<StreamView> ArchiveAsync(AccountTransaction work, long accountId, StreamView stream, bool archived, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (archived && stream.Key == "outbound")
        {
            throw new ConflictException("stream_needed", "The stream \"outbound\" is where mails go that name no stream; it cannot be archived.");
        }

        DateTimeOffset? at = archived ? now : null;
        await Sql.Of($"update messaging.mail_stream set archived_at = {at}, updated_at = {now} where account_id = {accountId} and id = {stream.Id}").ExecuteAsync(work, cancellationToken);
        return (await FindAsync(work, accountId, stream.Id, cancellationToken))!;
    }

    private static void Check(string name, string description, StreamKind kind, UnsubscribeHandling? unsubscribe)
    {
        if (name.Trim().Length is 0 or > 200)
        {
            throw new InvalidInputException("/name", "length", "A stream's name has 1 to 200 characters.");
        }

        if (description.Length > 1_000)
        {
            throw new InvalidInputException("/description", "length", "A description has at most 1,000 characters.");
        }

        if (kind == StreamKind.Broadcasts && unsubscribe == UnsubscribeHandling.None)
        {
            throw new InvalidInputException("/unsubscribe", "unsubscribe_needed", "Broadcasts offer a way out: ours or one of your own.");
        }
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,29}\z", RegexOptions.CultureInvariant, 100)]
    private static partial Regex KeyShape();
}
