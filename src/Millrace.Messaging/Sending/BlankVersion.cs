using System.Security.Cryptography;
using System.Text;
using Millrace.Kernel.Data;
using Millrace.Messaging.Contracts;
using Npgsql;

namespace Millrace.Messaging.Sending;

/// <summary>The empty version that rows of the ledger refer to where the content stands with each mail.</summary>
internal static class BlankVersion
{
    private static readonly byte[] Hash = SHA256.HashData(Encoding.UTF8.GetBytes("content stands with the mail"));

    public static async Task<MessageVersionKey> FindAsync(NpgsqlTransaction transaction, long accountId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var there = await Sql.Of($"""
            select v.message_id, v.id from messaging.message m
            join messaging.message_version v on v.account_id = m.account_id and v.message_id = m.id and v.hash = {Hash}
            where m.account_id = {accountId} and m.is_test
            """).FirstAsync<Bearer>(transaction, cancellationToken);
        if (there is not null)
        {
            return new(there.MessageId, there.VersionId);
        }

        var message = await Sql.Of($"""
            insert into messaging.message as m (account_id, name, is_test, created_at, updated_at) values ({accountId}, 'Tests', true, {now}, {now})
            on conflict (account_id) where is_test do update set updated_at = excluded.updated_at
            returning m.id
            """).FirstAsync<long>(transaction, cancellationToken);
        await Sql.Of($"""
            insert into messaging.message_version (account_id, message_id, hash, kind, subject, preheader, from_name, from_address, reply_to, html, text, created_at)
            values ({accountId}, {message}, {Hash}, 'transactional', '', '', '', '', '', '', '', {now}) on conflict do nothing
            """).ExecuteAsync(transaction, cancellationToken);
        var version = await Sql.Of($"select id from messaging.message_version where account_id = {accountId} and message_id = {message} and hash = {Hash}")
            .FirstAsync<long>(transaction, cancellationToken);
        return new(message, version);
    }

    private sealed record Bearer(long MessageId, long VersionId);
}
