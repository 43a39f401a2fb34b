using Millrace.Kernel.Data;
using Millrace.Segments.Contracts;

namespace Millrace.Messaging.Sending;

/// <summary>Who of a segment can be mailed, by the gate that every mail goes through: for mail to no particular list.</summary>
internal sealed class EmailReach : IReach
{
    public string Channel => "email";

    public Sql Count(Sql contacts, long accountId, DateTimeOffset now) => Sql.Of($"""
        select r.reason, count(*) from (
            select {SendGate.Reason} as reason
            from (select {accountId}::bigint as account_id, contact_id, 2 as lane, null::text as to_address, null::bigint[] as list_ids from ({contacts}) m) s
            {SendGate.Joins(now)}) r
        group by r.reason order by count(*) desc
        """);
}
