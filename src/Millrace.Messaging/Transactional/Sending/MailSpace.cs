using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Messaging.Transactional.Sending;

/// <summary>A server as sending needs it.</summary>
internal sealed record MailSpace(long Id, bool TrackOpens, LinkTracking TrackLinks, long MessageId, long VersionId)
{
    /// <summary>Null when the account has no such server, or it is archived.</summary>
    public static Task<MailSpace?> FindAsync(NpgsqlTransaction transaction, long accountId, long serverId, CancellationToken cancellationToken) => Sql.Of($"""
        select id, track_opens, track_links, message_id, version_id from messaging.mail_server
        where account_id = {accountId} and id = {serverId} and archived_at is null
        """).FirstAsync<MailSpace>(transaction, cancellationToken);
}

internal sealed record StreamRow(long Id, string Key, StreamKind Kind, UnsubscribeHandling Unsubscribe, bool IsArchived)
{
    public static Task<List<StreamRow>> ListAsync(NpgsqlTransaction transaction, long accountId, long serverId, CancellationToken cancellationToken) => Sql.Of($"""
        select id, key, kind, unsubscribe, archived_at is not null from messaging.mail_stream where account_id = {accountId} and server_id = {serverId}
        """).ListAsync<StreamRow>(transaction, cancellationToken);
}
