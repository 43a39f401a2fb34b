using Millrace.Kernel.Data;
using Millrace.Messaging.Contracts;
using Npgsql;

namespace Millrace.Messaging.Reports;

/// <inheritdoc/>
internal sealed class PersonalMailCounts : IPersonalMailCounts
{
    private const int Shards = 8;

    public async Task AddAsync(
        NpgsqlTransaction transaction, long accountId, long mailId, IReadOnlyList<(PersonalMailEvent What, int Times)> events, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var counted = events.Where(e => e.Times > 0).ToList();
        if (counted.Count == 0)
        {
            return;
        }

        var day = AccountDay.Of(await AccountDay.ZoneAsync(transaction, accountId, cancellationToken), at);

        // A machine's doing is not told of 1:1 e-mails: all of it is a person's.
        await Sql.Of($"""
            insert into messaging.event_tally as t (account_id, message_id, day, source, what, ways, shard, total)
            select {accountId}, 0, {day}, 'personal', e.what, case when e.what in ('opened', 'opens', 'clicked', 'clicks') then {Ways.Person} else 0 end, {(short)(mailId % Shards)}, e.times
            from unnest({counted.Select(e => EnumNames<PersonalMailEvent>.NameOf(e.What)).ToArray()}, {counted.Select(e => e.Times).ToArray()}) as e (what, times)
            order by e.what
            on conflict (account_id, message_id, day, source, what, ways, shard) do update set total = t.total + excluded.total
            """).ExecuteAsync(transaction, cancellationToken);
    }
}
