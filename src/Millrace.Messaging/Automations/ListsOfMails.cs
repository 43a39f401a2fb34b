using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Messaging.Automations;

/// <summary>Of which lists mails were: what their unsubscribe link acts on.</summary>
internal static class ListsOfMails
{
    /// <returns>For each send, in their order; empty where it is of all lists, or gone.</returns>
    public static async Task<IReadOnlyList<IReadOnlyList<long>>> ReadAsync(
        NpgsqlTransaction transaction, long accountId, long[] sendIds, CancellationToken cancellationToken)
    {
        var lists = (await Sql.Of($"""
            select s.id, s.list_ids from unnest({sendIds.Distinct().ToArray()}) as k (id)
            cross join lateral (select id, list_ids from messaging.send where account_id = {accountId} and id = k.id limit 1) s
            where s.list_ids is not null
            """).ListAsync<SendLists>(transaction, cancellationToken)).ToDictionary(s => s.Id, s => s.ListIds);
        return [.. sendIds.Select(id => (IReadOnlyList<long>)(lists.GetValueOrDefault(id) ?? []))];
    }

    private sealed record SendLists(long Id, long[] ListIds);
}
