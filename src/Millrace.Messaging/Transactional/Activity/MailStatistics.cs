using Millrace.Kernel.Data;

namespace Millrace.Messaging.Transactional.Activity;

/// <param name="What">As <c>TellTransactional</c> counts it.</param>
internal sealed record DayCount(DateOnly Day, string What, long Total);

/// <summary>Kept counters of a server's streams.</summary>
internal static class MailStatistics
{
    /// <param name="stream">Key; null is all.</param>
    /// <param name="tag">Null is all.</param>
    public static Task<List<DayCount>> ReadAsync(
        AccountTransaction work, long accountId, long serverId, string? stream, string? tag, DateOnly? from, DateOnly? to, CancellationToken cancellationToken) => Sql.Of($"""
        select c.day, c.what, sum(c.total)::bigint
        from messaging.mail_stream s join messaging.mail_count c on c.account_id = s.account_id and c.stream_id = s.id
        where s.account_id = {accountId} and s.server_id = {serverId} and ({stream} is null or s.key = lower({stream})) and ({tag} is null or c.tag = {tag})
          and ({from} is null or c.day >= {from}) and ({to} is null or c.day <= {to})
        group by c.day, c.what order by c.day, c.what
        """).ListAsync<DayCount>(work, cancellationToken);

    public static long Sum(IEnumerable<DayCount> counts, string what) => counts.Where(c => c.What == what).Sum(c => c.Total);
}
